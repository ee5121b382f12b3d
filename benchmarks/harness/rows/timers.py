"""Timers that are cancelled before they expire."""

from harness.commands import Java, Jmh
from harness.row import Goal, Metric, Point, Row

PEERS = {"ours": "MAINLOOP", "Netty": "NETTY", "executor": "EXECUTOR"}
SIZES = {1: "1", 1000: "1k", 100_000: "100k", 1_000_000: "1M"}
MILLION = 1_000_000


def row(name, method, title, armed, goals, quick):
    return Row(
        name=f"{name}-{SIZES[armed]}",
        title=f"timer: {title}, {SIZES[armed]} armed",
        contenders={peer: Jmh(f"TimerBenchmark.{method}", peer=kind, count=armed) for peer, kind in PEERS.items()},
        metrics=[Metric("ns", "ns"), Metric("bytes", "B", text="allocated")],
        goals=goals,
        point=Point(name, armed),
        quick=quick)


ROWS = [
    *(row("timer-arm", "armAndCancel", "arm and cancel", armed,
          [Goal("ns", of="Netty", times=0.8), Goal("bytes", most=64)], quick=armed in (1, 100_000))
      for armed in SIZES),
    *(row("timer-random", "cancelAndArm", "cancel a random one and arm", armed,
          [Goal("ns", of="Netty", times=times)], quick=armed == 100_000)
      for armed, times in ((1000, 0.8), (100_000, 0.4), (1_000_000, 0.2))),
    Row(
        name="timer-heap",
        title="heap of an armed timer",
        contenders={name: Java("TimerHeap", peer, MILLION) for name, peer in PEERS.items()},
        metrics=[Metric("bytes", "B")],
        goals=[Goal("bytes", most=70)],
        rounds=1),
]
