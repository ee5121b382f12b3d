"""Bytes that the loop's thread allocates."""

from harness.commands import Java
from harness.row import Goal, Metric, Row


def row(kind, title, count):
    return Row(
        name=f"allocation-{kind.lower().replace('_', '-')}",
        title=f"allocation: {title}",
        contenders={"ours": Java("Allocation", kind, count)},
        metrics=[Metric("bytes", "B")],
        goals=[Goal("bytes", most=0)],
        rounds=1)


ROWS = [
    row("MESSAGE", "a message", 100_000),
    row("TICK", "a tick", 100_000),
    row("TICK_WITH_ARGUMENT", "a tick with a `TimerTick` argument", 100_000),
    row("READINESS", "a readiness", 100_000),
    row("SIGNAL", "a signal", 2000),
]
