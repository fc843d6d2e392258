"""What is broken on the page breaks, and what is mended goes on."""

import re

from playwright.sync_api import expect

from harness import Demo, PlaygroundPage


def test_waits_for_an_agent_that_is_down(playground: PlaygroundPage) -> None:
    phone, panel = playground.telegram, playground.panel

    panel.switch("down").check()
    phone.write("dice")
    expect(panel.runs.first).to_contain_text("HTTP 503")
    expect(phone.typing).to_be_visible()
    panel.switch("down").uncheck()

    phone.answer("I rolled")
    expect(phone.messages).to_have_count(2)


def test_says_what_to_do_when_the_agent_fails(playground: PlaygroundPage) -> None:
    phone = playground.telegram

    notice = phone.ask("fail halfway", "⚠️")
    expect(phone.messages.nth(1)).to_contain_text("I begin with good intentions")
    expect(phone.log).not_to_contain_text("asked to fail")
    notice.get_by_role("button", name="/retry").click()

    expect(phone.messages.filter(has_text="⚠️")).to_have_count(2, timeout=20_000)


def test_delivers_when_the_messenger_takes_messages_again(playground: PlaygroundPage) -> None:
    phone, panel = playground.telegram, playground.panel

    panel.switch("Telegram 429").check()
    phone.write("dice")
    expect(panel.runs.first).to_contain_text("finished", timeout=20_000)
    expect(panel.count("outbox")).to_have_text(re.compile("[1-9]"))
    expect(phone.messages).to_have_count(1)
    panel.switch("Telegram 429").uncheck()

    phone.answer("I rolled", timeout=40)
    expect(phone.messages).to_have_count(2)
    expect(panel.count("outbox")).to_have_text("0")


def test_tells_that_a_messenger_is_down_and_comes_back(playground: PlaygroundPage) -> None:
    phone, panel = playground.telegram, playground.panel
    state = phone.locator.locator(".phone-state")

    panel.switch("Telegram down").check()
    # A poll that waits is answered first; something to say ends it.
    phone.write("dice")
    expect(state).to_have_text("retrying", timeout=40_000)
    panel.switch("Telegram down").uncheck()

    expect(state).to_have_text("receiving", timeout=40_000)
    phone.answer("I rolled", timeout=40)


def test_answers_what_came_while_the_host_was_stopped(playground: PlaygroundPage) -> None:
    phone, panel = playground.telegram, playground.panel

    panel.switch("Running").uncheck()
    expect(panel.phase).to_have_text("stopped")
    expect(phone.locator.locator(".phone-state")).to_have_text("host stopped")
    phone.write("dice")
    panel.switch("Running").check()

    phone.answer("I rolled")
    expect(panel.phase).to_have_text("running · start 2")


def test_tells_that_an_answer_was_cut_off_when_the_host_is_killed(playground: PlaygroundPage) -> None:
    phone, panel = playground.telegram, playground.panel

    phone.write("slow")
    expect(phone.draft).to_contain_text("That took me six", timeout=25_000)
    panel.restart()

    phone.answer("⚠️ The bot was restarted")
    expect(phone.messages.nth(1)).to_contain_text("That took me six")
    expect(panel.phase).to_have_text("running · start 2")
    phone.ask("dice", "I rolled")


def test_says_when_the_playground_itself_is_gone_and_finds_it_again(playground: PlaygroundPage, demo: Demo) -> None:
    demo.kill()

    expect(playground.page.locator("#connection")).to_have_text("not connected")
    playground.telegram.input.fill("hello")
    playground.telegram.input.press("Enter")
    expect(playground.page.get_by_role("alert")).to_contain_text("does not answer")
    expect(playground.telegram.input).to_have_value("hello")


def test_shows_to_a_second_page_what_is_broken(playground: PlaygroundPage, demo: Demo) -> None:
    playground.panel.switch("Telegram 429").check()
    playground.telegram.write("hello")

    other = PlaygroundPage(playground.page.context.new_page())
    other.open(demo.url)

    expect(other.panel.switch("Telegram 429")).to_be_checked()
    expect(other.telegram.messages.first).to_contain_text("hello")
