"""The playground in a browser."""

from .demo import Demo
from .page import Panel, Phone, PlaygroundPage

__all__ = ["Demo", "Panel", "Phone", "PlaygroundPage"]
