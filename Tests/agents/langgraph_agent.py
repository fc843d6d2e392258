"""A LangGraph agent over AG-UI, at /. It keeps the thread and merges what it is sent by message id."""

from collections.abc import AsyncIterator
from typing import Any

import script
from ag_ui_langgraph import LangGraphAgent, add_langgraph_fastapi_endpoint
from fastapi import FastAPI
from langchain_core.callbacks import adispatch_custom_event
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import tool
from langgraph.checkpoint.memory import MemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition
from langgraph.types import interrupt


def turn(messages: list[BaseMessage]) -> script.Turn:
    question = next(message for message in reversed(messages) if isinstance(message, HumanMessage))
    parts = question.content if isinstance(question.content, list) else []
    last = messages[-1]
    return script.Turn(
        text=text(question),
        files=[media(part) for part in parts if part["type"] != "text"],
        transcript=[f"{'user' if message.type == 'human' else 'assistant'}: {text(message)}" for message in messages],
        result=str(last.content) if isinstance(last, ToolMessage) else None,
    )


def text(message: BaseMessage) -> str:
    if isinstance(message.content, str):
        return message.content
    return " ".join(part["text"] for part in message.content if part["type"] == "text")


def media(part: dict[str, Any]) -> str:
    if part["type"] == "image_url":
        head, data = part["image_url"]["url"].removeprefix("data:").split(";base64,")
    else:
        head, data = part["mime_type"], part["base64"]
    return f"{head} {len(script.decode(data))}"


class Scripted(BaseChatModel):
    @property
    def _llm_type(self) -> str:
        return "script"

    def bind_tools(self, *_: Any, **__: Any) -> "Scripted":
        return self

    def _generate(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError

    async def _astream(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **_: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        async for step in script.answer(turn(messages)):
            chunk = ChatGenerationChunk(message=self.chunk(step))
            if run_manager:
                await run_manager.on_llm_new_token(chunk.message.content, chunk=chunk)
            yield chunk

    @staticmethod
    def chunk(step: str | script.Call) -> AIMessageChunk:
        match step:
            case script.Call(name, arguments):
                call = {"name": name, "args": script.json(arguments), "id": f"call-{name}", "index": 0}
                return AIMessageChunk(content="", tool_call_chunks=[call])
            case text:
                return AIMessageChunk(content=text)


@tool
def get_weather(city: str) -> str:
    """The weather."""
    return script.weather(city)


@tool
def delete_file(path: str) -> str:
    """Deletes a file, when a person agrees."""
    interrupt({"question": f"Delete {path}?"})
    return script.delete(path)


@tool
async def make_report() -> str:
    """Sends a file to the person."""
    await adispatch_custom_event("attachment", script.REPORT)
    return "report sent"


model = Scripted()


async def chat(state: MessagesState, config: RunnableConfig) -> dict[str, Any]:
    return {"messages": [await model.ainvoke(state["messages"], config)]}


graph = StateGraph(MessagesState)
graph.add_node("chat", chat)
graph.add_node("tools", ToolNode([get_weather, delete_file, make_report]))
graph.add_edge(START, "chat")
graph.add_conditional_edges("chat", tools_condition)
graph.add_edge("tools", "chat")

app = FastAPI()
add_langgraph_fastapi_endpoint(app, LangGraphAgent(name="agent", graph=graph.compile(checkpointer=MemorySaver())), "/")
