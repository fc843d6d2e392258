"""Takes a picture of the playground in the middle of a conversation: screenshot.py FILE."""

import os
import shutil
import sys

from playwright.sync_api import expect, sync_playwright

from harness import MESSENGERS, Demo, PlaygroundPage


def main(path: str) -> None:
    demo = Demo()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=["--no-sandbox"] if os.geteuid() == 0 else [],
            )
            page = browser.new_page(viewport={"width": 1760, "height": 1040}, device_scale_factor=1.5)
            playground = PlaygroundPage(page)
            playground.open(demo.url)
            converse(playground)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            page.screenshot(path=path)
            browser.close()
    finally:
        demo.stop()


def converse(playground: PlaygroundPage) -> None:
    """A different part of what there is to see on each messenger; the last answer still grows."""
    telegram, matrix, max_ = (playground.phone(name) for name in MESSENGERS)
    matrix.chat("Team")
    matrix.write("Who brings the cake?")
    matrix.person("Ben")
    matrix.ask("Sample Agent: dice decides", "I rolled")
    max_.ask("weather in Lisbon", "In Lisbon it is")
    matrix.ask("Sample Agent: table", "Planets")
    max_.ask("code", "A function in Swift")
    telegram.write("chart")
    expect(telegram.log.get_by_role("img")).to_be_visible(timeout=20_000)
    telegram.write("slow")
    expect(telegram.draft).to_contain_text("before the first word", timeout=25_000)
    playground.page.mouse.move(0, 0)
    playground.page.evaluate("document.activeElement.blur()")


if __name__ == "__main__":
    main(sys.argv[1])
