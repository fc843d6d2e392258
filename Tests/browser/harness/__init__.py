"""The program's pages in a browser."""

from .agent import Agent
from .demo import Demo
from .operator import TOKEN, OperatedHost, OperatorPage, ReplayedHost, Telegram
from .page import MESSENGERS, Panel, Phone, PlaygroundPage

__all__ = [
    "MESSENGERS",
    "TOKEN",
    "Agent",
    "Demo",
    "OperatedHost",
    "OperatorPage",
    "Panel",
    "Phone",
    "PlaygroundPage",
    "ReplayedHost",
    "Telegram",
]
