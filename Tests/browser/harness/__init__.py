"""The playground in a browser."""

from .agent import Agent
from .demo import Demo
from .page import MESSENGERS, Panel, Phone, PlaygroundPage

__all__ = ["MESSENGERS", "Agent", "Demo", "Panel", "Phone", "PlaygroundPage"]
