"""System calls, which strace counts."""

from harness.commands import C, Java, Strace
from harness.row import Goal, Metric, Row

TICKS = 500


def java(peer):
    # The compiler's threads would be woken by some of the ticks.
    return Strace(Java("Ticks", peer, TICKS, options=["-Xint"]), TICKS)


ROWS = [
    Row(
        name="tick-calls",
        title="system calls of a periodic tick",
        contenders={
            "ours": java("MAINLOOP"),
            "Netty": java("NETTY"),
            "executor": java("EXECUTOR"),
            "C": Strace(C("timer", "tick", TICKS), TICKS),
        },
        metrics=[Metric("calls", "calls")],
        goals=[Goal("calls", most=1)],
        rounds=1),
]
