"""What the agent does while a state is made."""

from scripted_agent import Attachment, Run, ScriptedAgent

NOTES = Attachment("document", "notes.txt", "text/plain", b"What the agent wrote down.\n")
LONG = "A first page. " * 400


async def script(run: Run) -> None:
    """The first word of a question, after who asks it, says how it is answered."""
    question = run.question.split(": ", 1)[-1]
    answer = ANSWERS.get(question.split()[0].strip(".,") if question else "", say_again)
    await answer(run)


async def say_again(run: Run) -> None:
    await run.answer("You said: **", run.question, "**")


async def grow(run: Run) -> None:
    """Begins, and goes on only when the program ends."""
    await run.start()
    await run.delta("The beginning of a long answer. ")
    await ScriptedAgent.by_hand(run)


async def hand_over(run: Run) -> None:
    await run.start()
    await run.delta("Here is a file.")
    await run.file(NOTES)
    await run.finish()


async def be_silent(run: Run) -> None:
    await run.start()
    await run.finish()


async def ask_back(run: Run) -> None:
    await run.start()
    await run.delta("I need a yes.")
    await run.event("CUSTOM", name="on_interrupt", value={})
    await run.finish()


async def cancel(run: Run) -> None:
    await run.start()
    await run.finish(outcome={"type": "cancelled"})


async def fail(run: Run) -> None:
    await run.start()
    await run.delta("Halfway")
    await run.fail("It broke.")


async def break_off(run: Run) -> None:
    await run.start()
    await run.delta("Half an answ")
    run.cut()


async def hang(run: Run) -> None:
    await run.start()
    await ScriptedAgent.by_hand(run)


async def refuse(run: Run) -> None:
    await run.refuse(400, {"detail": "No."})


async def be_away(run: Run) -> None:
    await run.refuse(503, headers={"Retry-After": "3600"})


async def be_busy(run: Run) -> None:
    await run.refuse(503, headers={"Retry-After": "50"})


async def tell_long(run: Run) -> None:
    await run.answer(LONG)


ANSWERS = {
    "grow": grow, "file": hand_over, "silence": be_silent, "confirm": ask_back, "cancel": cancel, "fail": fail,
    "break": break_off, "hang": hang, "refuse": refuse, "away": be_away, "busy": be_busy, "long": tell_long,
}  # fmt: skip
