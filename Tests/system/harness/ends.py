"""How a turn may end when the program is killed in it, where nothing recognises a repeated send."""

import asyncio
import signal

from . import settled
from .simulated import SimulatedChat

ANSWER = "The whole answer, from its beginning to its end."


async def ends_once(host, chat: SimulatedChat, agent, *, complete: str = ANSWER) -> None:
    """There is one end: the complete answer, or what was shown and one notice. Nothing is there twice."""
    await chat.until(lambda chat: [m for m in chat.bot_messages() if not m.is_orphan], "a visible end")
    await settled(host, chat)
    messages = chat.bot_messages()
    notices = [m for m in messages if m.is_notice]
    answers = [m for m in messages if m.text == complete]
    orphans = [m for m in messages if m.is_orphan]
    assert len(notices) + len(answers) == 1, chat.texts()
    assert len(orphans) <= 1, chat.texts()
    rest = [m for m in messages if m not in notices + answers + orphans]
    assert len(rest) <= (1 if notices else 0), chat.texts()
    assert len(agent.runs) <= 1, "the agent may have acted: it is not asked again"


def killing(host):
    async def kill() -> None:
        host.signal(signal.SIGKILL)

    return kill


async def killed_at(fault, host) -> None:
    await asyncio.wait_for(fault.reached.wait(), 30)
    await host.ended()
    await host.start()
