"""What an operator sees of the host: `/metrics`, its documentation and dashboard, and what the page is made of."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from harness import Host, eventually, settled
from scripted_agent import ScriptedAgent

ROOT = Path(__file__).parents[2]
TELEGRAM = {"surface": "telegram", "kind": "telegram"}


class Scrape:
    """One answer of `/metrics`, read by Prometheus' own parser."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.families: dict[str, Metric] = {family.name: family for family in text_string_to_metric_families(text)}
        self.samples = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in self.families.values()
            for sample in family.samples
        }

    def value(self, name: str, **labels: str) -> float:
        return self.samples[name, frozenset(labels.items())]

    def telegram(self, name: str, **labels: str) -> float:
        return self.value(name, **TELEGRAM, **labels)


async def scrape(host: Host) -> Scrape:
    async with host.session.get(f"{host.admin}/metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        return Scrape(await response.text())


async def scrape_with(host: Host, name: str, value: float, **labels: str) -> Scrape:
    """The first scrape in which a metric of the surface has come to `value`."""
    last = await scrape(host)

    async def has_come() -> bool:
        nonlocal last
        last = await scrape(host)
        return last.telegram(name, **labels) >= value

    await eventually(has_come, f"{name} {labels} is {value}")
    return last


def documented() -> dict[str, tuple[str, set[str]]]:
    """Type and labels of each metric that the documentation names."""
    page = (ROOT / "docs/metrics.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| ([^|]*) \|", page, re.M)
    return {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}


@pytest.fixture
async def answered(telegram_host, direct) -> Scrape:
    """After one question and its answer."""
    await direct.say("Hello")
    await direct.until_said("You said: Hello")
    await settled(telegram_host, direct)
    return await scrape(telegram_host)


async def test_the_format_is_sound(answered):
    lines = answered.text.splitlines()
    names = [line.split(" ")[0] for line in lines if not line.startswith("#")]
    assert len(names) == len(set(names)), "a sample is there twice"
    for line in lines:
        assert re.fullmatch(r'(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"\n]*",?)+\})? (-?[0-9.e+-]+|\+Inf))', line), line
    for family in answered.families.values():
        if family.type == "histogram":
            the_buckets_add_up(answered, family)


def the_buckets_add_up(scrape: Scrape, family: Metric) -> None:
    series: dict[frozenset, list[tuple[float, float]]] = {}
    for sample in family.samples:
        if sample.name.endswith("_bucket"):
            labels = {name: value for name, value in sample.labels.items() if name != "le"}
            series.setdefault(frozenset(labels.items()), []).append((float(sample.labels["le"]), sample.value))
    assert series
    for labels, buckets in series.items():
        assert [bound for bound, _ in buckets] == sorted(bound for bound, _ in buckets)
        assert [count for _, count in buckets] == sorted(count for _, count in buckets)
        assert buckets[-1] == (float("inf"), scrape.samples[f"{family.name}_count", labels])


async def test_everything_is_there_that_the_documentation_names(answered):
    families = answered.families
    # The parser takes `_total` off a counter's name.
    said = {name + ("_total" if family.type == "counter" else ""): family.type for name, family in families.items()}
    assert said == {name: kind for name, (kind, _) in documented().items()}
    for name, (_, labels) in documented().items():
        for sample in families[name.removesuffix("_total")].samples:
            assert set(sample.labels) - {"le"} == labels, name


async def test_the_host_and_its_process_are_described(answered, telegram_host):
    version = (await telegram_host.status())["version"]
    assert answered.value("surfaces_build_info", version=version) == 1
    assert answered.telegram("surfaces_surface_state", state="receiving") == 1
    assert answered.telegram("surfaces_surface_state", state="retrying") == 0
    assert answered.value("surfaces_agent_state", state="ok") == 1
    memory = (Path("/proc") / str(telegram_host.process.pid) / "statm").read_text().split()
    assert answered.value("process_resident_memory_bytes") == pytest.approx(int(memory[1]) * 4096, rel=0.3)
    assert answered.value("process_start_time_seconds") <= answered.value("surfaces_start_time_seconds") + 1


async def test_an_exchange_is_counted(answered, telegram_host, direct):
    assert answered.telegram("surfaces_messages_accepted_total") == 1
    assert answered.telegram("surfaces_turns_total", ending="answered") == 1
    assert answered.telegram("surfaces_agent_requests_total", outcome="finished") == 1
    for histogram in ("added_latency", "agent_first_text", "agent_run", "delivery"):
        assert answered.telegram(f"surfaces_{histogram}_seconds_count") == 1, histogram
    assert 0 < answered.telegram("surfaces_added_latency_seconds_sum") < 10
    assert answered.telegram("surfaces_outbox_operations_total", result="delivered") >= 1
    assert answered.telegram("surfaces_inbox_waiting") == answered.telegram("surfaces_outbox_waiting") == 0

    await direct.say("Again")
    await direct.until_said("You said: Again")
    await settled(telegram_host, direct)

    after = await scrape(telegram_host)
    assert after.telegram("surfaces_events_received_total") > answered.telegram("surfaces_events_received_total")
    assert after.telegram("surfaces_messages_accepted_total") == 2
    assert after.telegram("surfaces_turns_total", ending="answered") == 2
    assert after.telegram("surfaces_delivery_seconds_count") == 2
    assert after.value("process_cpu_seconds_total") >= answered.value("process_cpu_seconds_total")


async def test_a_running_answer_and_its_stop_are_seen(telegram_host, direct, agent):
    agent.script = ScriptedAgent.by_hand
    await direct.say("Think")
    run = await agent.next_run()
    await run.start()
    await run.delta("First ")
    await scrape_with(telegram_host, "surfaces_agent_first_text_seconds_count", 1)
    assert (await scrape(telegram_host)).value("surfaces_turns_running") == 1

    await direct.say("/stop")

    after = await scrape_with(telegram_host, "surfaces_turns_total", 1, ending="stopped")
    assert after.telegram("surfaces_agent_requests_total", outcome="abandoned") == 1
    assert after.value("surfaces_turns_running") == 0


async def test_a_refusal_is_counted_and_told(telegram_host, direct, agent):
    agent.script = lambda run: run.refuse(400, {"detail": "no"})
    await direct.say("Hello")
    await direct.until_notice()

    after = await scrape_with(telegram_host, "surfaces_turns_total", 1, ending="refused")
    assert after.telegram("surfaces_agent_requests_total", outcome="refused") == 1
    assert after.value("surfaces_agent_state", state="failing") == 1
    assert after.value("surfaces_log_lines_total", level="error") >= 1
    _, overview = await telegram_host.get("/overview.json")
    assert "The agent refused the request" in [trouble["phrase"] for trouble in overview["troubles"]]
    assert overview["minutes"][-1]["unanswered"] + overview["minutes"][-2:][0]["unanswered"] >= 1


async def test_a_rate_limit_is_counted(telegram_host, telegram, direct):
    await telegram.fault("429", "sendMessage", retry_after=1)
    await direct.say("/help")
    after = await scrape_with(telegram_host, "surfaces_outbox_operations_total", 1, result="retried")
    await telegram.control("faults/clear")

    assert after.telegram("surfaces_rate_limits_total") >= 1
    assert after.telegram("surfaces_rate_limit_wait_seconds_total") >= 1
    await direct.until_shown("/new")
    await scrape_with(telegram_host, "surfaces_outbox_operations_total", 1, result="delivered")


async def test_strangers_are_counted_and_named_only_where_an_operator_needs_it(telegram_host, telegram, tina):
    telegram_host.surface["access"] = {"policy": "pairing"}
    await telegram_host.start()
    await tina.direct_chat.say("A sentence of a stranger")

    after = await scrape_with(telegram_host, "surfaces_pairing_requests", 1)
    assert after.telegram("surfaces_strangers_ignored_total") >= 1
    assert after.telegram("surfaces_messages_accepted_total") == 0
    assert tina.id not in re.sub(r" [0-9.e+-]+$", "", after.text, flags=re.M) and tina.name not in after.text
    _, overview = await telegram_host.get("/overview.json")
    (request,) = overview["pairings"]
    assert (request["surface"], request["user"], request["name"]) == ("telegram", tina.id, tina.name)
    await tina.direct_chat.until_shown(request["code"])
    told = json.dumps(overview)
    assert telegram.token not in told and "A sentence of a stranger" not in told


async def test_a_surface_that_cannot_receive_is_seen_with_its_reason(telegram_host, telegram):
    telegram_host.environment["TELEGRAM_TOKEN"] = "987654321:WRONG-token_for_the_simulator"
    await telegram_host.launch()

    async def needs_attention() -> bool:
        return (await telegram_host.get("/healthz"))[0] == 200 and (await scrape(telegram_host)).telegram(
            "surfaces_surface_state", state="needsAttention"
        ) == 1

    await eventually(needs_attention, "the surface needs attention")
    _, overview = await telegram_host.get("/overview.json")
    (surface,) = overview["surfaces"]
    assert surface["state"] == "needsAttention" and surface["reason"]
    assert "WRONG-token" not in json.dumps(overview)


async def test_the_listener_is_read_only_and_keeps_its_answers(telegram_host, direct):
    session, admin = telegram_host.session, telegram_host.admin
    for path in ("/", "/metrics", "/overview.json", "/app.js", "/theme.css", "/status", "/healthz"):
        async with session.head(admin + path) as response:
            assert (response.status, await response.read()) == (200, b""), path
        async with session.post(admin + path) as response:
            assert response.status == 405 and response.headers["Allow"] == "GET, HEAD", path
    status = await telegram_host.status()
    assert list(status) == ["version", "uptimeSeconds", "agent", "surfaces", "inbox", "outbox", "turns"]
    assert list(status["surfaces"][0]) == ["id", "kind", "state", "reason", "since", "lastReceivedAt"]
    assert (await telegram_host.get("/nothing"))[0] == 404


async def test_a_web_site_that_calls_this_machine_its_own_reads_nothing_of_people(telegram_host, direct):
    async def code(path: str, name: str) -> int:
        headers = {"Host": name}
        async with telegram_host.session.get(telegram_host.admin + path, headers=headers) as response:
            assert "Access-Control-Allow-Origin" not in response.headers
            return response.status

    assert await code("/overview.json", "evil.example") == 403
    assert await code("/overview.json", "localhost:8080") == 200
    assert await code("/metrics", "prometheus.internal") == 200


# The dashboard

DASHBOARD = json.loads((ROOT / "deploy/grafana-dashboard.json").read_text())


def expressions() -> Iterator[tuple[str, str]]:
    """The title of each panel and variable, with what it asks for."""
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]
    for variable in DASHBOARD["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], variable["definition"]


async def test_every_panel_asks_for_metrics_that_are_there(answered):
    names = {sample for sample, _ in answered.samples}
    labels = {
        sample: set().union(*(dict(found) for name, found in answered.samples if name == sample)) for sample in names
    }
    asked = 0
    for title, expression in expressions():
        for name, selector in re.findall(r"\b((?:surfaces|process)_\w+)(?:\{([^}]*)\})?", expression):
            asked += 1
            assert name in names, f"{title}: {name} is not exposed"
            for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector or ""):
                assert label in labels[name] | {"job"}, f"{title}: {name} has no label {label}"
        for grouped in re.findall(r"by \(([^)]*)\)", expression):
            for label in re.split(r",\s*", grouped):
                metric = re.search(r"\b(?:surfaces|process)_\w+", expression)[0]
                assert label in labels[metric], f"{title}: {metric} has no label {label}"
    assert asked > 25


def test_every_value_that_a_panel_picks_is_documented():
    page = (ROOT / "docs/metrics.md").read_text()
    for title, expression in expressions():
        for values in re.findall(r'\b(?:state|ending|outcome|result)=~?"([^"]*)"', expression):
            for value in values.split("|"):
                assert f"`{value}`" in page, f"{title}: {value}"


def test_the_dashboard_can_be_imported():
    identifiers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(identifiers) == len(set(identifiers))
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        for target in panel.get("targets", []):
            assert target["datasource"]["uid"] == "${datasource}"
            assert target["expr"].count("(") == target["expr"].count(")"), panel["title"]
