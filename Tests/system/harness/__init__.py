"""What the system tests drive the built program with."""

from .host import Host
from .matrix import Account, BotMessage, Chat, Homeserver, Person
from .proxy import FaultyProxy
from .telegram import TelegramChat, TelegramPerson, TelegramServer
from .waiting import eventually, free_port

__all__ = [
    "Account",
    "BotMessage",
    "Chat",
    "FaultyProxy",
    "Homeserver",
    "Host",
    "Person",
    "TelegramChat",
    "TelegramPerson",
    "TelegramServer",
    "eventually",
    "free_port",
    "settled",
]


async def settled(host: Host, *chats: Chat | TelegramChat) -> None:
    """Waits until nothing more can come: what is counted after this is final."""
    await host.idle()
    for chat in chats:
        await chat.caught_up()
