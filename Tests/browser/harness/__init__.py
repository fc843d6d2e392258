"""The playground in a browser."""

from .demo import Demo
from .page import MESSENGERS, Panel, Phone, PlaygroundPage

__all__ = ["MESSENGERS", "Demo", "Panel", "Phone", "PlaygroundPage"]
