"""The playground's page, in the words of who looks at it."""

from playwright.sync_api import Locator, Page, expect

MESSENGERS = ("Telegram", "Matrix", "MAX")


class Phone:
    """One messenger on the page."""

    def __init__(self, page: Page, name: str) -> None:
        self.locator = page.get_by_role("region", name=name, exact=True)
        self.log = self.locator.get_by_role("log")
        self.input = self.locator.get_by_role("textbox")
        self.messages = self.log.get_by_role("article")
        self.draft = self.locator.locator(".draft")
        self.typing = self.locator.locator(".typing")

    def write(self, text: str) -> None:
        self.input.fill(text)
        self.input.press("Enter")
        expect(self.input).to_have_value("")

    def ask(self, text: str, answer: str, timeout: float = 20) -> Locator:
        """Writes and waits for a message of the bot that holds `answer`."""
        self.write(text)
        return self.answer(answer, timeout)

    def answer(self, text: str, timeout: float = 20) -> Locator:
        message = self.locator.locator("article.bot").filter(has_text=text).last
        expect(message).to_be_visible(timeout=timeout * 1000)
        return message

    def person(self, name: str) -> None:
        # The radio button lies invisibly over its label.
        self.locator.get_by_role("radio", name=name).check(force=True)

    def chat(self, title: str) -> None:
        self.locator.get_by_role("button", name=title, exact=True).click()


class Panel:
    """The host's side of the page."""

    def __init__(self, page: Page) -> None:
        self.locator = page.get_by_role("complementary", name="The host")
        self.runs = self.locator.locator(".run")
        self.phase = self.locator.locator("#host-phase")
        self.contexts = self.locator.get_by_role("table").get_by_role("row")

    def switch(self, name: str) -> Locator:
        return self.locator.get_by_role("switch", name=name, exact=True)

    def restart(self) -> None:
        self.locator.get_by_role("button", name="Kill and restart").click()

    def events(self, run: int = 0) -> Locator:
        return self.runs.nth(run).get_by_role("listitem")

    def count(self, what: str) -> Locator:
        return self.locator.locator(f"#count-{what}")


class PlaygroundPage:
    """The whole page; what it complains about fails the test."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.telegram = self.phone("Telegram")
        self.panel = Panel(page)

    def phone(self, name: str) -> Phone:
        return Phone(self.page, name)

    def _note(self, kind: str, text: str) -> None:
        # That the server is gone is what a test of it wants, and the browser tells it as an error.
        if kind in ("error", "warning") and "net::ERR_" not in text:
            self.complaints.append(text)

    def open(self, url: str) -> None:
        self.page.goto(url)
        expect(self.page.get_by_role("status").filter(has_text="connected")).to_be_visible()
        expect(self.panel.phase).to_have_text("running")
        for name in MESSENGERS:
            expect(self.phone(name).locator.locator(".phone-state")).to_have_text("receiving")
