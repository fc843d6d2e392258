"""The page for everybody: by keyboard, by screen reader, on small screens, in the dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from harness import Demo, PlaygroundPage

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def hold_against_the_rules(page: Page) -> None:
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_meets_the_rules_for_accessible_pages(playground: PlaygroundPage, scheme: str) -> None:
    playground.page.emulate_media(color_scheme=scheme)
    hold_against_the_rules(playground.page)
    playground.telegram.ask("code", "A function in Swift")
    playground.telegram.write("/help")
    playground.telegram.answer("begin a new conversation")
    playground.telegram.write("chart")
    expect(playground.telegram.log.get_by_role("img")).to_be_visible(timeout=20_000)
    playground.panel.switch("Telegram 429").check()

    hold_against_the_rules(playground.page)


@pytest.mark.parametrize("width", [320, 390, 820, 1100])
def test_fits_small_screens(playground: PlaygroundPage, width: int) -> None:
    page = playground.page
    playground.telegram.ask("code", "A function in Swift")
    page.set_viewport_size({"width": width, "height": 760})

    views = page.get_by_role("navigation", name="What is shown")
    expect(views.get_by_role("button", name="Telegram")).to_have_attribute("aria-pressed", "true")
    expect(playground.telegram.locator).to_be_in_viewport()
    hold_against_the_rules(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width < 820:
        expect(playground.panel.locator).to_be_hidden()
        views.get_by_role("button", name="Host").click()
        expect(playground.telegram.locator).to_be_hidden()
    expect(playground.panel.locator).to_be_visible()
    hold_against_the_rules(page)


def test_is_dark_when_the_system_is(playground: PlaygroundPage) -> None:
    page = playground.page
    brightness = """() => {
      const canvas = document.createElement("canvas").getContext("2d");
      canvas.fillStyle = getComputedStyle(document.querySelector(".card")).backgroundColor;
      canvas.fillRect(0, 0, 1, 1);
      return Math.max(...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3));
    }"""

    page.emulate_media(color_scheme="light")
    assert page.evaluate(brightness) > 240
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(brightness) < 60


def test_can_be_used_by_keyboard_alone(playground: PlaygroundPage) -> None:
    page, phone = playground.page, playground.telegram
    phone.log.focus()
    page.keyboard.press("Tab")
    expect(phone.locator.get_by_role("button", name="hello", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    phone.answer("what can go wrong")

    phone.log.focus()
    page.keyboard.press("ArrowUp")
    expect(phone.messages.last).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(phone.messages.first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(phone.locator).to_contain_text("Reply to Ann: hello")
    expect(phone.input).to_be_focused()
    page.keyboard.press("Escape")
    expect(phone.locator).not_to_contain_text("Reply to Ann")
    page.keyboard.type("/stop")
    page.keyboard.press("ArrowDown")
    expect(phone.locator.get_by_role("button", name="/stop Stop the answer")).to_be_focused()
    page.keyboard.press("Enter")
    phone.answer("Nothing is being answered")


def test_skips_to_the_host(playground: PlaygroundPage) -> None:
    playground.page.keyboard.press("Tab")
    expect(playground.page.get_by_role("link", name="Skip to the host")).to_be_focused()
    playground.page.keyboard.press("Enter")
    expect(playground.panel.locator).to_be_focused()


def test_shows_the_whole_of_what_is_typed(playground: PlaygroundPage) -> None:
    heights = []
    for text in ("", "one line", "two\nlines", "line\n" * 30):
        playground.telegram.input.fill(text)
        box = playground.telegram.input.bounding_box()
        heights.append(box["height"])

    assert heights[0] == heights[1]
    assert 25 < heights[1] < heights[2] < heights[3] < 140
    assert playground.phone("Matrix").input.bounding_box()["height"] == heights[0]


def test_keeps_what_was_typed_in_each_chat(playground: PlaygroundPage) -> None:
    phone = playground.telegram
    phone.input.fill("for the agent")
    phone.chat("Team")
    expect(phone.input).to_have_value("")
    phone.input.fill("for all")
    phone.chat("Sample Agent")

    expect(phone.input).to_have_value("for the agent")


def test_ends_without_a_trace(demo: Demo) -> None:
    assert demo.stop() == 0
