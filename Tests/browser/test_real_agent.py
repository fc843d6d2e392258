"""With `AGENT_BASE_URL` somebody else answers."""

from playwright.sync_api import Browser, expect

from harness import Agent, Demo, PlaygroundPage


def test_a_real_agent_answers_and_is_watched_like_the_sample_agent(browser: Browser) -> None:
    agent = Agent("I am real.")
    demo = Demo(AGENT_BASE_URL=agent.url, AGENT_API_KEY="key-5f2c")
    context = browser.new_context()
    try:
        page = PlaygroundPage(context.new_page())
        page.page.set_viewport_size({"width": 1600, "height": 1000})
        page.open(demo.url)
        page.telegram.ask("hello", "I am real.")

        expect(page.panel.locator).to_contain_text("answered by http://127.0.0.1")
        expect(page.panel.runs.first).to_contain_text("finished")
        expect(page.panel.events().filter(has_text="TEXT_MESSAGE_CONTENT")).to_contain_text("I am real.")
        assert agent.authorizations == ["Bearer key-5f2c"]
        assert page.complaints == []
    finally:
        context.close()
        demo.stop()
        agent.close()
