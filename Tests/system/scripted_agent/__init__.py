"""An AG-UI server that answers as a script says, and remembers what it was asked."""

from .run import Attachment, Run
from .server import ScriptedAgent

__all__ = ["Attachment", "Run", "ScriptedAgent"]
