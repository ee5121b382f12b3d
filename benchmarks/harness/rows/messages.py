"""Messages as fast as they are taken."""

from harness.commands import Jmh, JmhWithContext
from harness.row import Goal, Metric, Point, Row

PEERS = {"ours": "MAINLOOP", "Netty": "NETTY", "Vert.x": "VERTX", "executor": "EXECUTOR", "Disruptor": "DISRUPTOR"}
METRICS = [Metric("ns", "ns"), Metric("bytes", "B", text="allocated")]


def row(senders, method, title, goals, rounds=3):
    return Row(
        name=f"message-{senders}",
        title=title,
        contenders={name: Jmh(f"MessageBenchmark.{method}", peer=peer) for name, peer in PEERS.items()},
        metrics=METRICS,
        goals=goals,
        point=Point("messages", senders),
        rounds=rounds,
        quick=senders == 1)


ROWS = [
    row(1, "oneSender", "message, 1 sender", [Goal("ns", of="Netty", times=0.9), Goal("bytes", most=0)], rounds=5),
    row(2, "twoSenders", "message, 2 senders", [], rounds=2),
    row(3, "threeSenders", "message, 3 senders", [Goal("ns", of="Netty", times=0.5)]),
    Row(
        name="handler",
        title="message through an annotated method",
        contenders={name: JmhWithContext("HandlerBenchmark.message", kind=kind) for name, kind in
                    {"ours": "METHOD", "our lambda": "LAMBDA"}.items()},
        metrics=METRICS,
        goals=[Goal("ns", of="our lambda", plus=8), Goal("bytes", most=0)]),
    Row(
        name="handler-metrics",
        title="message through an annotated method, with metrics",
        contenders={name: JmhWithContext("HandlerBenchmark.message", kind=kind) for name, kind in
                    {"ours": "METHOD_WITH_METRICS", "without": "METHOD"}.items()},
        metrics=METRICS,
        goals=[Goal("ns", of="without", times=1.05), Goal("bytes", most=0)],
        quick=False),
]
