"""What the system tests drive the built program with."""

from .host import Host
from .matrix import Account, BotMessage, Chat, Homeserver, Person
from .max import MaxPerson, MaxServer
from .messenger import Messenger, command
from .old_state import OldState
from .proxy import FaultyProxy
from .simulated import SimulatedChat
from .telegram import TelegramPerson, TelegramServer
from .waiting import eventually, free_port

__all__ = [
    "Account",
    "BotMessage",
    "Chat",
    "FaultyProxy",
    "Homeserver",
    "Host",
    "MaxPerson",
    "MaxServer",
    "Messenger",
    "OldState",
    "Person",
    "SimulatedChat",
    "TelegramPerson",
    "TelegramServer",
    "command",
    "eventually",
    "free_port",
    "settled",
]


async def settled(host: Host, *chats: Chat | SimulatedChat) -> None:
    """Waits until nothing more can come: what is counted after this is final."""
    await host.idle()
    for chat in chats:
        await chat.caught_up()
