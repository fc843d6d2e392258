"""What the sample agent of the demo answers: enough to see streaming, a tool turn and files both ways."""

import asyncio

from .run import Attachment, Run

INTRODUCTION = """\
I am a sample agent behind one plain HTTP address. What you read here grows while I write it:

- ask me about the **weather**, and I use a tool;
- send me a **file**, and you get one back;
- say `!help` to see what the host itself can do.
"""

CODE = """\
A function of two lines:

```python
def greet(name: str) -> str:
    return f"Hello, {name}!"
```
"""


async def speak(run: Run, text: str, pause: float = 0.04) -> None:
    """Says `text` at the pace at which a model does."""
    for word in text.split(" "):
        if run.disconnected.is_set():
            return
        await run.delta(word + " ")
        await asyncio.sleep(pause)


async def sample_agent(run: Run) -> None:
    await run.start()
    question = run.question.lower()
    if run.files:
        await take_files(run)
    elif "weather" in question:
        await look_up_weather(run)
    elif "code" in question:
        await speak(run, CODE)
    elif any(word in question for word in ("hello", "hi", "who", "what can")):
        await speak(run, INTRODUCTION)
    else:
        await speak(run, f"You said: “{run.question}”. That was message {len(run.messages)} of our conversation.")
    await run.finish()


async def look_up_weather(run: Run) -> None:
    await speak(run, "Let me look that up.")
    await asyncio.sleep(0.5)
    await run.tool("get_weather", {"city": "Kazan"}, '{"sky": "clear", "celsius": -3}')
    await asyncio.sleep(0.5)
    await speak(run, "In Kazan the sky is **clear**, and it has −3 °C.")


async def take_files(run: Run) -> None:
    lines = ["name,type,bytes"]
    for file in run.files:
        await speak(run, f"I got *{file.name}*: {len(file.data)} bytes of {file.mime_type}.")
        lines.append(f"{file.name},{file.mime_type},{len(file.data)}")
    await speak(run, "Here is my report.")
    await run.file(Attachment("document", "report.csv", "text/csv", ("\n".join(lines) + "\n").encode()))
