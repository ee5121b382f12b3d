"""An event of one file descriptor among many idle ones."""

from harness.commands import C, Jmh, NeedsDescriptors
from harness.row import Goal, Metric, Point, Row

COUNTS = (10, 100, 900, 8000, 18000)
MOST_BY_SELECT = 900    # FD_SETSIZE is 1024, and the JVM has many open.
MILLISECONDS = 500
KINDS = {"ours": "epoll", "C": "epoll", "ours, poll": "poll", "C, poll": "poll", "ours, select": "select",
         "C, select": "select"}


def command(name, kind, count):
    if name.startswith("ours"):
        jmh = Jmh("IdleDescriptorsBenchmark.event", multiplexer=kind.upper(), count=count)
        return NeedsDescriptors(count + 100, jmh)
    return NeedsDescriptors(count + 100, C("idle_descriptors", kind, count, MILLISECONDS))


def row(count):
    return Row(
        name=f"idle-{count}",
        title=f"an event among {count} idle descriptors",
        contenders={name: command(name, kind, count) for name, kind in KINDS.items()
                    if kind != "select" or count <= MOST_BY_SELECT},
        metrics=[Metric("ns", "ns")],
        goals=[Goal("ns", of="idle-10", times=1.05)] if count > COUNTS[0] else [],
        point=Point("idle-descriptors", count),
        rounds=2,
        quick=count in (COUNTS[0], COUNTS[-1]))


ROWS = [row(count) for count in COUNTS]
