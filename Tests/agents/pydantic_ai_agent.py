"""A pydantic-ai agent over AG-UI, at /."""

from collections.abc import AsyncIterator
from typing import Any

import script
from ag_ui.core import CustomEvent, EventType
from pydantic_ai import Agent, BinaryContent, DeferredToolRequests, ToolReturn
from pydantic_ai.messages import ModelMessage, ModelRequest, TextPart, ToolReturnPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, FunctionModel
from pydantic_ai.ui.ag_ui import AGUIAdapter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def turn(messages: list[ModelMessage]) -> script.Turn:
    prompts = [part for message in messages for part in message.parts if isinstance(part, UserPromptPart)]
    content = prompts[-1].content
    pieces = [content] if isinstance(content, str) else content
    last = messages[-1]
    results = [part for part in last.parts if isinstance(part, ToolReturnPart)]
    return script.Turn(
        text=" ".join(piece for piece in pieces if isinstance(piece, str)),
        files=[f"{piece.media_type} {len(piece.data)}" for piece in pieces if isinstance(piece, BinaryContent)],
        all_files=[
            piece.data.decode()
            for part in prompts
            if not isinstance(part.content, str)
            for piece in part.content
            if isinstance(piece, BinaryContent)
        ],
        transcript=[line for message in messages for line in lines(message)],
        result=str(results[-1].content) if isinstance(last, ModelRequest) and results else None,
    )


def lines(message: ModelMessage) -> list[str]:
    texts = [part.content for part in message.parts if isinstance(part, UserPromptPart | TextPart)]
    role = "user" if isinstance(message, ModelRequest) else "assistant"
    return [f"{role}: {text if isinstance(text, str) else text[0]}" for text in texts]


async def stream(messages: list[ModelMessage], _: AgentInfo) -> AsyncIterator[Any]:
    async for step in script.answer(turn(messages)):
        match step:
            case script.Call(name, arguments):
                yield {0: DeltaToolCall(name=name, json_args=script.json(arguments), tool_call_id=f"call-{name}")}
            case text:
                yield text


agent = Agent(FunctionModel(stream_function=stream), output_type=[str, DeferredToolRequests])
agent.tool_plain(script.weather, name="get_weather")
agent.tool_plain(script.delete, name="delete_file", requires_approval=True)


@agent.tool_plain
def make_report() -> ToolReturn:
    event = CustomEvent(type=EventType.CUSTOM, name="attachment", value=script.REPORT)
    return ToolReturn(return_value="report sent", metadata=[event])


async def run(request: Request) -> Response:
    return await AGUIAdapter.dispatch_request(request, agent=agent)


app = Starlette(routes=[Route("/", run, methods=["POST"])])
