"""What a person does in a chat, and what comes of it."""

import re

import pytest
from playwright.sync_api import expect

from harness import MESSENGERS, PlaygroundPage

each_messenger = pytest.mark.parametrize("messenger", MESSENGERS)


def test_streams_an_answer_as_a_draft_and_ends_it_as_a_message(playground: PlaygroundPage) -> None:
    phone, panel = playground.telegram, playground.panel

    phone.write("hello")
    expect(phone.draft).to_contain_text("Hello! I am the sample agent")
    expect(phone.draft.get_by_role("button", name="Stop")).to_be_visible()
    answer = phone.answer("what can go wrong")

    expect(phone.draft).to_be_hidden()
    expect(answer.locator("strong").first).to_have_text("sample agent")
    expect(phone.messages).to_have_count(2)
    expect(panel.runs.first).to_contain_text("finished")
    events = panel.events().all_inner_texts()
    assert [event.split("\n")[0] for event in events] == [
        "RUN_STARTED",
        "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_END",
        "RUN_FINISHED",
    ]


def test_shows_the_events_while_they_stream(playground: PlaygroundPage) -> None:
    playground.telegram.write("slow")

    expect(playground.telegram.typing).to_contain_text("Sample Agent is writing")
    expect(playground.panel.runs.first).to_contain_text("streaming")
    expect(playground.panel.count("turns")).to_have_text("1")
    expect(playground.panel.events().filter(has_text="TEXT_MESSAGE_CONTENT")).to_contain_text(re.compile(r"×\d+"))
    expect(playground.panel.runs.first).to_contain_text("streaming")


@each_messenger
def test_shows_tool_calls_and_formatting(playground: PlaygroundPage, messenger: str) -> None:
    phone = playground.phone(messenger)

    phone.ask("weather in Lisbon", "In Lisbon it is")
    tool = playground.panel.events().filter(has_text="TOOL_CALL_START")
    expect(tool).to_contain_text("get_weather")
    expect(playground.panel.runs.first).to_contain_text(messenger)
    code = phone.ask("code", "A function in Swift")

    expect(code.locator("pre")).to_contain_text("func greet")
    expect(code.get_by_role("link", name="link")).to_have_attribute("href", "https://example.org/")
    expect(code.locator("strong")).to_have_text("bold")
    expect(code).to_contain_text("Quoted: simple is better than clever.")


@pytest.mark.parametrize("messenger", ["Telegram", "Matrix"])
def test_shows_formatting_that_only_some_know(playground: PlaygroundPage, messenger: str) -> None:
    code = playground.phone(messenger).ask("code", "A function in Swift")

    expect(code.locator("pre[data-language=swift]")).to_contain_text("func greet")
    expect(code.locator("blockquote")).to_contain_text("Quoted: simple is better than clever.")


@each_messenger
def test_sends_files_both_ways(playground: PlaygroundPage, messenger: str) -> None:
    phone, page = playground.phone(messenger), playground.page

    with page.expect_file_chooser() as chooser:
        phone.locator.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"three words here"})
    expect(phone.locator).to_contain_text("notes.txt · 16 bytes")
    phone.input.press("Enter")
    phone.answer("1 file waits")
    phone.ask("what is it?", "notes.txt")

    with page.expect_download() as download:
        phone.log.get_by_role("link", name="received.csv").click()
    with open(download.value.path()) as file:
        assert file.read() == "name,type,bytes\nnotes.txt,text/plain,16\n"


@each_messenger
def test_shows_a_picture_of_the_agent(playground: PlaygroundPage, messenger: str) -> None:
    phone = playground.phone(messenger)

    phone.write("chart")

    picture = phone.log.get_by_role("img")
    expect(picture).to_be_visible(timeout=20_000)
    playground.page.wait_for_function("picture => picture.naturalWidth === 480", arg=picture.element_handle())


@each_messenger
def test_ends_an_answer_by_command_and_keeps_what_was_said(playground: PlaygroundPage, messenger: str) -> None:
    phone = playground.phone(messenger)

    phone.write("slow")
    expect(phone.log).to_contain_text("That took me", timeout=25_000)
    phone.write("/stop")

    expect(playground.panel.runs.first).to_contain_text("hung up")
    expect(phone.typing).to_be_hidden()
    expect(phone.draft).to_be_hidden()
    phone.answer("That took me")


def test_offers_commands_and_performs_them(playground: PlaygroundPage) -> None:
    phone = playground.telegram
    phone.ask("dice", "I rolled")

    phone.input.fill("/cont")
    expect(phone.locator.locator(".menu").get_by_role("button")).to_have_count(2)
    phone.locator.get_by_role("button", name="/contexts List your conversations").click()

    phone.answer("2 messages")
    expect(playground.panel.contexts).to_have_count(2)
    expect(playground.panel.contexts.nth(1)).to_contain_text("Ann · telegram")


def test_ends_an_answer_by_its_stop_button_and_keeps_what_was_said(playground: PlaygroundPage) -> None:
    phone = playground.telegram

    phone.write("slow")
    expect(phone.draft).to_contain_text("That took me six seconds", timeout=25_000)
    phone.draft.get_by_role("button", name="Stop").click()

    phone.answer("That took me six seconds")
    expect(phone.draft).to_be_hidden()
    expect(playground.panel.runs.first).to_contain_text("hung up")
    expect(phone.locator.locator("article.bot")).to_have_count(1)


@each_messenger
def test_answers_in_a_group_only_who_mentions_it(playground: PlaygroundPage, messenger: str) -> None:
    phone = playground.phone(messenger)
    phone.chat("Team")
    phone.write("lunch, anybody?")
    phone.person("Ben")
    phone.locator.get_by_role("button", name="Mention the bot").click()
    phone.input.press("End")
    phone.input.press_sequentially("dice")
    phone.input.press("Enter")

    answer = phone.answer("I rolled")
    expect(answer.locator(".quote")).to_contain_text(re.compile("^Ben: .*dice"))
    expect(phone.messages).to_have_count(3)
    expect(phone.messages.first).to_contain_text("Ann")
    expect(playground.panel.runs).to_have_count(1)


def test_links_the_same_person_across_two_messengers(playground: PlaygroundPage) -> None:
    telegram, matrix = playground.telegram, playground.phone("Matrix")
    telegram.ask("dice", "I rolled")
    telegram.ask("/save games", "games")

    code = re.search(r"/link (\S+)", telegram.ask("/link", "Tell this code to nobody").inner_text())[1]
    matrix.ask(f"!link {code}", "leads to the account Ann")
    matrix.ask("!link yes", "Linked with Ann")
    telegram.answer("both see the same conversations now")
    matrix.ask("!load games", "games")

    matrix.ask("what did I ask?", "dice")
    expect(playground.panel.contexts.nth(1)).to_contain_text("games")
    expect(playground.panel.contexts.nth(1).get_by_role("cell").last).to_have_text("2")


def test_keeps_the_chats_of_two_people_apart(playground: PlaygroundPage) -> None:
    phone = playground.telegram
    phone.ask("dice", "I rolled")

    phone.person("Ben")
    expect(phone.messages).to_have_count(0)
    phone.ask("what did I ask?", "first thing you ask me")
    phone.person("Ann")
    phone.ask("what did I ask?", "1. dice")


def test_edits_and_replies(playground: PlaygroundPage) -> None:
    phone = playground.telegram
    phone.ask("dice", "I rolled")

    phone.messages.first.hover()
    phone.messages.first.get_by_role("button", name="Edit").click()
    expect(phone.input).to_have_value("dice")
    phone.write("two dice")
    expect(phone.messages.first).to_contain_text("two dice")
    expect(phone.messages.first).to_contain_text("edited")
    phone.messages.nth(1).hover()
    phone.messages.nth(1).get_by_role("button", name="Reply").click()
    phone.write("silence")

    expect(phone.messages.nth(2).locator(".quote")).to_contain_text("Sample Agent: 🎲 I rolled")
    phone.answer("⚠️")


def test_shows_what_people_write_and_runs_none_of_it(playground: PlaygroundPage) -> None:
    evil = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
    answer = playground.telegram.ask(evil, "You wrote")

    expect(playground.telegram.messages.first).to_contain_text(evil)
    expect(answer).to_contain_text("<img src=x")
    assert playground.page.locator(".text img, .text script").count() == 0
    assert playground.page.title() == "surfaces · playground"
