"""The program at a terminal: its questions, its progress, and the completions of a shell."""

import json
import re
import shutil
from pathlib import Path

import pytest

from harness.host import PROGRAM
from harness.terminal import Terminal


@pytest.fixture
async def terminal(tmp_path):
    opened: list[Terminal] = []

    async def make(*command: str | Path, **environment: str) -> Terminal:
        opened.append(await Terminal.open(*command, folder=tmp_path, **environment))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


async def test_init_asks_a_few_questions_and_writes_what_the_check_accepts(terminal, tmp_path):
    init = await terminal("init")
    await init.answer("Which messengers?", "matrix, telegrm")
    await init.answer('did you mean "telegram"?', "matrix, telegram")
    await init.answer("homeserver?", "https://matrix.example.org")
    await init.answer("[MATRIX_ACCESS_TOKEN]", "")
    await init.answer("[TELEGRAM_TOKEN]", "123456789:AAsecret-that-is-no-name")
    await init.answer("never the secret itself", "OUR_TELEGRAM_TOKEN")
    await init.answer("[pairing]", "allowlist")
    await init.answer("matrix: which accounts?", "@ann:example.org")
    await init.answer("telegram: which accounts?", "1234, 5678")
    await init.answer("[AGENT_BASE_URL]", "")
    assert await init.ended() == 0
    assert "surfaces check --online" in init.shown

    text = (tmp_path / "surfaces.json").read_text()
    assert "secret" not in text
    matrix, telegram = json.loads(text)["surfaces"]
    assert matrix["options"] == {
        "homeserver": "https://matrix.example.org",
        "accessToken": {"env": "MATRIX_ACCESS_TOKEN"},
    }
    assert telegram["access"] == {"policy": "allowlist", "users": ["1234", "5678"]}

    check = await terminal(
        "check",
        MATRIX_ACCESS_TOKEN="syt_x",
        OUR_TELEGRAM_TOKEN="123456789:TEST-token_for_the_simulator",
        AGENT_BASE_URL="http://127.0.0.1:8000/",
    )
    assert await check.ended() == 0, check.shown


async def test_init_writes_nothing_when_it_is_left(terminal, tmp_path):
    init = await terminal("init")
    await init.answer("Which messengers?", "telegram")
    await init.until("[TELEGRAM_TOKEN]")
    init.type("\x04")  # Ctrl-D

    assert await init.ended() == 64
    assert "nothing was written" in init.shown
    assert not list(tmp_path.iterdir())


async def test_a_check_shows_what_it_waits_for_in_one_line_that_goes_again(terminal, telegram_host, agent, tmp_path):
    telegram_host.write_manifest()
    arguments = ["check", "--online", "--smoke", "--manifest", str(telegram_host.manifest_path)]
    check = await terminal(*arguments, **telegram_host.environment)
    assert await check.ended() == 0, check.shown

    shown = check.shown.replace("\r\n", "\n")
    lines = re.findall(r"\r([^\r\n]*)\x1b\[K", shown)
    assert any(line.startswith("Checking (0 of ") and "telegram" in line for line in lines), shown
    assert any("smoke tool" in line for line in lines), shown
    assert lines[-1] == "", "the last one is empty"
    assert len(agent.runs) == 3

    _, out, err = await telegram_host.command(*arguments)
    assert "\x1b" not in out and err == "", "nothing of it where nobody looks"
    watched = await terminal(*arguments, "--json", **telegram_host.environment)
    assert await watched.ended() == 0
    assert "\x1b" not in watched.shown


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("surfaces chec", "k"),
        ("surfaces check --smo", "ke"),
        ("surfaces init --policy=al", "lowlist"),
        ("surfaces init --surface tele", "gram"),
        ("surfaces pair app", "rove"),
        ("surfaces run --manifest onl", "y-one.json"),
    ],
)
async def test_zsh_completes_a_line(terminal, tmp_path, typed, completed):
    (tmp_path / "only-one.json").touch()
    (tmp_path / "surfaces").symlink_to(PROGRAM)
    shell = await terminal("/usr/bin/zsh", "-f", "-i", PATH=f"{tmp_path}:/usr/bin:/bin", PS1="ready> ")
    await shell.until("ready> ")
    shell.type("autoload -U compinit; compinit -u -D; source <(surfaces completions zsh); print lo''aded\n")
    await shell.until("loaded")
    await shell.until("ready> ")
    shell.type(typed)
    await shell.until(typed)
    shell.type("\t")

    await shell.until(completed)
