"""Two loops that sleep until the other has sent them a message."""

from harness.commands import C, Java
from harness.row import Goal, Metric, Row

ROUNDS = 50000

ROWS = [
    Row(
        name="ping-pong",
        title="ping-pong of two sleeping loops, round trip",
        contenders={
            "ours": Java("PingPong", "MAINLOOP", ROUNDS),
            "ours, busy-poll": Java("PingPong", "BUSY_MAINLOOP", ROUNDS),
            "Netty": Java("PingPong", "NETTY", ROUNDS),
            "Vert.x": Java("PingPong", "VERTX", ROUNDS),
            "executor": Java("PingPong", "EXECUTOR", ROUNDS),
            "C, edge-triggered": C("ping_pong", "edge", ROUNDS),
            "C, level-triggered": C("ping_pong", "level", ROUNDS),
        },
        metrics=[Metric(percentile, "µs", text=percentile) for percentile in ("p50", "p90", "p99", "p99.9")],
        goals=[Goal("p50", of="C, edge-triggered", times=1), Goal("p99", of="C, edge-triggered", times=1),
               Goal("p50", of="C, edge-triggered", times=0.2, ours="ours, busy-poll")],
        percentiles="ping-pong"),
]
