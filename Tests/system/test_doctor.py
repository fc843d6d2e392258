"""`surfaces check --online`: what is wrong on the way between the host and everybody, and what to do."""

import json
import ssl
import subprocess
import time
from email.utils import formatdate

import pytest
from aiohttp import web


async def look(host) -> dict[str, dict]:
    """Each line of the report by what it is about."""
    _, out, _ = await host.check("--online", "--json")
    return {line["what"]: line for line in json.loads(out)["online"]}


def failed(lines: dict[str, dict]) -> list[str]:
    return [what for what, line in lines.items() if not line["ok"]]


@pytest.fixture
async def serve():
    """Starts servers that answer everything in the same way; gives the port."""
    runners = []

    async def start(status: int = 200, tls: ssl.SSLContext | None = None, **headers: str) -> int:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(status=status, headers=headers)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runners.append(web.AppRunner(app))
        await runners[-1].setup()
        site = web.TCPSite(runners[-1], "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        return runners[-1].addresses[0][1]

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
def certificate(tmp_path):
    """A TLS server's context, and the path of the certificate, which the server signed itself."""
    key, path = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    command = ["openssl", "req", "-x509", *new, *subject, "-keyout", key, "-out", path]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key)
    return context, path


async def test_beside_a_running_host_it_finds_that_host_everywhere(telegram_host):
    address = telegram_host.manifest["webhooks"]["listen"]
    telegram_host.manifest["webhooks"]["publicURL"] = f"http://{address}"
    telegram_host.surface["options"]["receive"] = "webhook"
    await telegram_host.start()
    running = await look(telegram_host)
    assert failed(running) == []
    assert str(telegram_host.process.pid) in running["state.path"]["detail"]
    assert "the host listens" in running["http.listen"]["detail"]
    assert "the host listens" in running["webhooks.listen"]["detail"]
    assert "leads to the host" in running["telegram webhook"]["detail"]
    assert (await telegram_host.get("/readyz"))[0] == 200, "the host is not disturbed"

    await telegram_host.terminate()
    ended = await look(telegram_host)
    assert failed(ended) == []
    assert "is free" in ended["http.listen"]["detail"]
    assert "when it does" in ended["telegram webhook"]["detail"]


@pytest.mark.parametrize(
    ("status", "advice"), [(404, "pass /hooks/"), (401, "host"), (502, "pass /hooks/"), (308, "redirect")]
)
async def test_a_reverse_proxy_that_leads_elsewhere_is_found_out(telegram_host, serve, status, advice):
    await telegram_host.start()
    telegram_host.manifest["webhooks"]["publicURL"] = f"http://127.0.0.1:{await serve(status)}"
    telegram_host.surface["options"]["receive"] = "webhook"
    lines = await look(telegram_host)

    assert failed(lines) == ([] if status == 401 else ["telegram webhook"])
    assert advice in lines["telegram webhook"]["detail"]


async def test_two_hosts_that_want_one_port_are_told_apart_from_other_programs(telegram_host, max_host, serve):
    await telegram_host.start()
    max_host.manifest["http"]["listen"] = telegram_host.manifest["http"]["listen"]
    lines = await look(max_host)
    assert failed(lines) == ["http.listen"]
    assert "another manifest" in lines["http.listen"]["detail"]

    max_host.manifest["http"]["listen"] = f"127.0.0.1:{await serve()}"
    lines = await look(max_host)
    assert failed(lines) == ["http.listen"]
    assert "another program" in lines["http.listen"]["detail"]


async def test_each_step_to_a_server_is_said_and_its_certificate_explained(max_host, serve, certificate):
    context, path = certificate
    port = await serve(401, context)
    max_host.surface["options"]["apiBaseURL"] = f"https://localhost:{port}"
    unknown = await look(max_host)
    assert "127.0.0.1" in unknown["max DNS"]["detail"]
    assert not unknown["max TLS"]["ok"]
    assert "signed its own certificate" in unknown["max TLS"]["detail"]

    max_host.surface["options"]["trustedCertificates"] = str(path)
    trusted = await look(max_host)
    assert trusted["max TLS"]["ok"], trusted
    assert failed(trusted) == ["max"], "the token is refused"
    assert trusted["system clock"]["ok"]

    max_host.surface["options"]["apiBaseURL"] = f"https://127.0.0.1:{port}"
    misnamed = await look(max_host)
    assert "max DNS" not in misnamed, "there is no name to look up"
    assert "for another name" in misnamed["max TLS"]["detail"]


@pytest.mark.parametrize(("offset", "detail"), [(-3600, "ahead of localhost"), (3600, "behind localhost")])
async def test_a_clock_that_is_wrong_is_said(max_host, serve, certificate, offset, detail):
    context, path = certificate
    port = await serve(401, context, Date=formatdate(time.time() + offset, usegmt=True))
    max_host.surface["options"] |= {"apiBaseURL": f"https://localhost:{port}", "trustedCertificates": str(path)}
    lines = await look(max_host)

    assert not lines["system clock"]["ok"]
    assert detail in lines["system clock"]["detail"]


async def test_a_damaged_database_is_said(telegram_host):
    state = telegram_host.folder / "state"
    state.mkdir()
    (state / "surfaces.db").write_bytes(b"no database" * 1000)
    lines = await look(telegram_host)

    assert "state.path" in failed(lines)
    assert "backup" in lines["state.path"]["detail"]
