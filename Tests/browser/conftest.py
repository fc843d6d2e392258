"""Fixtures: one browser for all tests, a playground and a page for each."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from harness import Demo, PlaygroundPage

expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.exit("there is no chromium: run scripts/install browser")
    # Chromium refuses to run as root in its own sandbox, and containers are run as root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def demo() -> Iterator[Demo]:
    demo = Demo()
    yield demo
    demo.stop()


@pytest.fixture
def playground(browser: Browser, demo: Demo) -> Iterator[PlaygroundPage]:
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, reduced_motion="reduce")
    page = PlaygroundPage(context.new_page())
    page.open(demo.url)
    yield page
    context.close()
    assert page.complaints == []
