"""An Agno agent over AG-UI, at /agui. It remembers by thread and looks only at the last message."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import script
from agno.agent import Agent
from agno.db.in_memory import InMemoryDb
from agno.models.base import Model
from agno.models.message import Message
from agno.models.response import ModelResponse
from agno.os import AgentOS
from agno.os.interfaces.agui import AGUI
from agno.run.agent import CustomEvent
from agno.tools import tool


def turn(messages: list[Message]) -> script.Turn:
    question = next(message for message in reversed(messages) if message.role == "user")
    last = messages[-1]
    files = [*(question.images or []), *(question.audio or []), *(question.videos or []), *(question.files or [])]
    return script.Turn(
        text=str(question.content),
        files=[f"{file.mime_type} {len(file.content)}" for file in files],
        transcript=[f"{message.role}: {message.content}" for message in messages],
        result=str(last.content) if last.role == "tool" else None,
    )


@dataclass
class attachment(CustomEvent):
    """A file for the person. The name of the class becomes the name of the `CUSTOM` event."""

    type: str = ""
    source: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)


@tool
def make_report() -> Iterator[CustomEvent | str]:
    yield attachment(**script.REPORT)
    yield "report sent"


class Scripted(Model):
    def __init__(self) -> None:
        super().__init__(id="script", name="script", provider="script")

    def invoke(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError

    async def ainvoke(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError

    def invoke_stream(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError

    async def ainvoke_stream(self, messages: list[Message], *_: Any, **__: Any) -> AsyncIterator[ModelResponse]:
        async for step in script.answer(turn(messages)):
            match step:
                case script.Call(name, arguments):
                    function = {"name": name, "arguments": script.json(arguments)}
                    call = {"id": f"call-{name}", "type": "function", "function": function}
                    yield ModelResponse(role="assistant", tool_calls=[call])
                case text:
                    yield ModelResponse(role="assistant", content=text)

    def _parse_provider_response(self, response: Any, **_: Any) -> Any:
        return response

    def _parse_provider_response_delta(self, response: Any) -> Any:
        return response


agent = Agent(
    id="agent",
    name="agent",
    model=Scripted(),
    tools=[
        tool(name="get_weather")(script.weather),
        tool(name="delete_file", requires_confirmation=True)(script.delete),
        make_report,
    ],
    db=InMemoryDb(),
    add_history_to_context=True,
    telemetry=False,
)
app = AgentOS(agents=[agent], interfaces=[AGUI(agent=agent)], telemetry=False).get_app()
