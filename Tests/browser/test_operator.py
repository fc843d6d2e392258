"""The operator's page of a host that runs: what it tells, and that everybody can read it."""

import copy
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sample_overview import overview
from test_page import hold_against_the_rules

from harness import TOKEN, Agent, OperatedHost, OperatorPage, ReplayedHost, Telegram

ANN = 1001
STRANGER = 1002


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    telegram = Telegram()
    telegram.person(ANN, "Ann")
    telegram.person(STRANGER, "<i>Sam</i>")
    yield telegram
    telegram.stop()


@pytest.fixture
def agent() -> Iterator[Agent]:
    agent = Agent("A sentence that nobody but Ann may read.")
    yield agent
    agent.close()


@pytest.fixture
def host(tmp_path: Path, telegram: Telegram, agent: Agent) -> Iterator[OperatedHost]:
    surfaces = [
        {
            "id": "telegram",
            "kind": "telegram",
            "enabled": True,
            "access": {"policy": "pairing", "users": [str(ANN)]},
            "options": {"token": {"env": "TELEGRAM_TOKEN"}, "apiBaseURL": telegram.url},
        },
        {"id": "max-later", "kind": "max", "enabled": False, "options": {"token": {"env": "MAX_TOKEN"}}},
    ]
    host = OperatedHost(tmp_path, surfaces, agent.url, TELEGRAM_TOKEN=TOKEN)
    yield host
    host.kill()


@pytest.fixture
def desk(browser: Browser) -> Iterator[OperatorPage]:
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, reduced_motion="reduce")
    desk = OperatorPage(context.new_page())
    yield desk
    context.close()
    assert desk.complaints == []


@pytest.fixture
def busy(desk: OperatorPage, host: OperatedHost) -> Iterator[OperatorPage]:
    """The page after an hour with a bit of everything."""
    replayed = ReplayedHost(host.url, overview())
    desk.open(replayed.url)
    yield desk
    desk.page.close()
    replayed.close()


def test_follows_the_host_by_itself(host: OperatedHost, telegram: Telegram, desk: OperatorPage) -> None:
    desk.open(host.url)
    expect(desk.verdict).to_have_text("telegram receives")
    card = desk.surface("telegram")
    expect(card.locator(".surface-state")).to_have_text("receiving")
    expect(card).to_contain_text("access: pairing (1 user)")
    expect(desk.surface("max-later").locator(".surface-state")).to_have_text("switched off")
    expect(desk.page.get_by_text("Nobody waits to be let in")).to_be_visible()

    telegram.say(ANN, "A question")

    expect(desk.count("messages")).to_have_text("1")
    expect(card.locator(".fact-delivered")).to_have_text("1")
    expect(desk.plot("Answers").locator(".plot-newest")).to_have_text("1 in the last hour")
    expect(desk.plot("Agent’s first text").locator(".plot-newest")).to_contain_text("95 % within")
    expect(desk.page.get_by_text("The agent answers.")).to_be_visible()
    content = desk.page.content()
    assert "A question" not in content and "nobody but Ann" not in content and TOKEN not in content


def test_shows_who_waits_to_be_let_in(host: OperatedHost, telegram: Telegram, desk: OperatorPage) -> None:
    desk.open(host.url)
    telegram.say(STRANGER, "Let me in")

    row = desk.pairings.get_by_role("row").nth(1)
    expect(row).to_contain_text("<i>Sam</i>")
    expect(row).to_contain_text(str(STRANGER))
    code = row.get_by_role("cell").first.inner_text()
    expect(desk.pairings).to_contain_text(f"surfaces pair approve {code}")


def test_tells_what_goes_wrong(host: OperatedHost, telegram: Telegram, desk: OperatorPage) -> None:
    desk.open(host.url)
    telegram.stop()

    expect(desk.verdict).to_have_text("telegram does not receive")
    card = desk.surface("telegram")
    expect(card.locator(".surface-state")).to_have_text("retrying")
    expect(card.locator(".surface-reason")).not_to_be_empty()
    expect(desk.troubles.get_by_role("listitem").first).to_contain_text("Surface lost its connection")
    expect(desk.troubles.get_by_role("listitem").first).to_contain_text("surface telegram")


def test_says_that_the_agent_does_not_answer(
    host: OperatedHost, telegram: Telegram, agent: Agent, desk: OperatorPage
) -> None:
    agent.close()
    desk.open(host.url)
    telegram.say(ANN, "A question")

    expect(desk.verdict).to_have_text("telegram receives, but the agent does not answer")
    expect(desk.page.get_by_text("The agent does not answer: ")).to_be_visible()
    expect(desk.page.locator(".verdict")).to_have_attribute("data-tone", "bad")


def test_says_when_the_host_does_not_answer(host: OperatedHost, desk: OperatorPage) -> None:
    desk.open(host.url)
    host.signal(signal.SIGKILL)

    expect(desk.connection).to_contain_text("The host does not answer; this is from ")
    expect(desk.verdict).to_have_text("telegram receives")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_meets_the_rules_for_accessible_pages(busy: OperatorPage, scheme: str) -> None:
    busy.page.emulate_media(color_scheme=scheme)
    hold_against_the_rules(busy.page)
    busy.plot("Delivery").get_by_text("Numbers").click()
    hold_against_the_rules(busy.page)


@pytest.mark.parametrize("width", [320, 390, 820, 1100])
def test_fits_small_screens(busy: OperatorPage, width: int) -> None:
    busy.page.set_viewport_size({"width": width, "height": 760})

    assert busy.page.evaluate("document.documentElement.scrollWidth") <= width
    for plot in ("Messages", "Delivery"):
        expect(busy.plot(plot).locator("svg")).to_be_visible()
        # Drawn anew after the window has changed.
        busy.page.wait_for_function(
            """([figure, width]) => {
                const box = figure.querySelector("svg").getBoundingClientRect()
                const room = figure.getBoundingClientRect()
                return box.right <= room.right && room.right <= width
            }""",
            arg=[busy.plot(plot).element_handle(), width],
        )
    hold_against_the_rules(busy.page)


def test_draws_an_hour_with_its_gaps(busy: OperatorPage) -> None:
    assert 50 < busy.plot("Answers").locator("rect[data-tone=good]").count() <= 61
    assert busy.plot("Answers").locator("rect[data-tone=bad]").count() == 4
    # Three quiet minutes cut the line in two.
    assert busy.plot("Delivery").locator("polyline[data-tone=half]").count() == 2
    tops = busy.page.eval_on_selector_all(
        ".plot rect, .plot circle", "marks => marks.map(mark => mark.getBBox()).map(box => [box.y, box.y + box.height])"
    )
    assert tops and all(0 <= top <= bottom <= 128 for top, bottom in tops)


def test_gives_the_numbers_behind_each_plot(busy: OperatorPage) -> None:
    plot = busy.plot("Added latency")
    box = plot.locator("svg").bounding_box()
    busy.page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 40)
    expect(plot.locator(".plot-readout")).to_contain_text("half within")

    busy.page.mouse.move(0, 0)
    expect(plot.locator(".plot-readout")).to_be_hidden()
    plot.get_by_text("Numbers").click()
    expect(plot.get_by_role("row")).to_have_count(62)
    assert plot.get_by_role("cell").nth(1).inner_text().endswith(" ms")


def test_can_be_read_by_keyboard_alone(busy: OperatorPage) -> None:
    page = busy.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the surfaces")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(busy.plot("Messages").locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(busy.plot("Messages").get_by_role("table")).to_be_visible()


def test_shows_words_of_others_as_words(busy: OperatorPage) -> None:
    expect(busy.pairings.get_by_text("<b>Ben</b>")).to_be_visible()
    expect(busy.page.locator("b").filter(has_text="Ben")).to_have_count(0)


def test_says_what_it_cannot_know(host: OperatedHost, desk: OperatorPage) -> None:
    unreadable = copy.deepcopy(overview())
    for name in ("inbox", "outbox", "pairings"):
        unreadable[name] = None
    for surface in unreadable["surfaces"]:
        surface["inbox"] = surface["outbox"] = None
    replayed = ReplayedHost(host.url, unreadable)
    desk.open(replayed.url)

    expect(desk.page.get_by_text("The agent answers. The stored state cannot be read.")).to_be_visible()
    expect(desk.count("inbox")).to_have_text("–")
    expect(desk.surface("telegram").locator(".fact-waiting")).to_have_text("–")
    desk.page.close()
    replayed.close()


def test_is_dark_when_the_system_is(busy: OperatorPage) -> None:
    brightness = """() => {
      const canvas = document.createElement("canvas").getContext("2d");
      canvas.fillStyle = getComputedStyle(document.querySelector(".card")).backgroundColor;
      canvas.fillRect(0, 0, 1, 1);
      return Math.max(...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3));
    }"""
    page: Page = busy.page
    page.emulate_media(color_scheme="light")
    assert page.evaluate(brightness) > 240
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(brightness) < 60
