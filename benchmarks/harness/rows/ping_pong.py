"""Two loops that wait until the other has sent them a message."""

from harness.commands import C, Java, OnOneProcessor
from harness.row import Goal, Metric, Row

ROUNDS = 50000
METRICS = [Metric(percentile, "µs", text=percentile) for percentile in ("p50", "p90", "p99", "p99.9")]
EDGE = C("ping_pong", "edge", ROUNDS)

SLEEPING = {
    "ours": Java("PingPong", "MAINLOOP", ROUNDS),
    "Netty": Java("PingPong", "NETTY", ROUNDS),
    "Vert.x": Java("PingPong", "VERTX", ROUNDS),
    "executor": Java("PingPong", "EXECUTOR", ROUNDS),
    "C, edge-triggered": EDGE,
    "C, level-triggered": C("ping_pong", "level", ROUNDS),
}

ROWS = [
    Row(
        name="ping-pong",
        title="ping-pong of two sleeping loops on one processor, round trip",
        contenders={name: OnOneProcessor(command) for name, command in SLEEPING.items()},
        metrics=METRICS,
        goals=[Goal("p50", of="C, edge-triggered", times=1), Goal("p99", of="C, edge-triggered", times=1)],
        percentiles="ping-pong"),
    Row(
        name="ping-pong-busy",
        title="ping-pong of two loops that poll busily, on two processors",
        contenders={
            "ours": Java("PingPong", "BUSY_MAINLOOP", ROUNDS),
            "C, edge-triggered": EDGE,
            "C, edge-triggered, on one processor": OnOneProcessor(EDGE),
        },
        metrics=METRICS,
        goals=[Goal("p50", of="C, edge-triggered", times=0.2),
               Goal("p50", of="C, edge-triggered, on one processor", times=0.2)]),
]
