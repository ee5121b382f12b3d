"""Pipes that become readable one after another, as in the benchmark of libevent."""

from harness.commands import C, Jmh, NeedsDescriptors
from harness.row import Goal, Metric, Row

MILLISECONDS = 500


def row(pipes, active, writes):
    contenders = {
        "ours": Jmh("ReadinessBenchmark.round", kind="MAINLOOP", count=pipes, active=active, writes=writes),
        "NIO": Jmh("ReadinessBenchmark.round", kind="SELECTOR", count=pipes, active=active, writes=writes),
        "C": C("readiness_epoll", pipes, active, writes, MILLISECONDS),
        "C with another thread": C("readiness_epoll", pipes, active, writes, MILLISECONDS, "another-thread"),
        "libevent": C("readiness_libevent", pipes, active, writes, MILLISECONDS),
    }
    return Row(
        name=f"readiness-{pipes}",
        title=f"readiness, {pipes} pipes / {active} active / {writes} writes, an event",
        contenders={name: NeedsDescriptors(2 * pipes + 100, command) for name, command in contenders.items()},
        metrics=[Metric("ns", "ns", scale=1 / (active + writes))],
        goals=[Goal("ns", of="C", times=1.1), Goal("ns", of="NIO", times=0.8)],
        quick=pipes == 1000)


ROWS = [row(100, 1, 100), row(1000, 100, 1000), row(8000, 100, 1000)]
