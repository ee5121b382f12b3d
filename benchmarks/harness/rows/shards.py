"""Messages with keys that keep several processors busy, and what several loops cost those that do not need them."""

from harness.commands import Jmh
from harness.row import Goal, Metric, Row

PEERS = {"ours": "MAINLOOP", "Netty": "NETTY", "Vert.x": "VERTX", "executor": "EXECUTOR"}
ONE = "on 1 thread"
LEAST_SPEEDUP = 1.8


def row(keys, title, goals):
    return Row(
        name=f"shards-{keys.lower()}",
        title=f"message with 2 µs of work on 2 threads, {title} keys",
        contenders={f"{name}{suffix}": Jmh("ShardBenchmark.order", peer=peer, threads=threads, keys=keys)
                    for threads, suffix in ((2, ""), (1, f", {ONE}")) for name, peer in PEERS.items()},
        metrics=[Metric("ns", "ns")],
        goals=[*goals,
               *(Goal("ns", of=f"{name}{suffix}", times=1, ours=f"ours{suffix}")
                 for suffix in ("", f", {ONE}") for name in PEERS if name != "ours")],
        rounds=3)


ROWS = [
    row("UNIFORM", "uniform", [Goal("ns", of=f"ours, {ONE}", times=1 / LEAST_SPEEDUP)]),
    row("ZIPF", "skewed", []),
    Row(
        name="local-message",
        title="message from a handler to itself beside two other loops",
        contenders={name: Jmh("LocalMessageBenchmark.message", workers=workers)
                    for name, workers in {"ours": 2, "one loop": 0}.items()},
        metrics=[Metric("ns", "ns"), Metric("bytes", "B", text="allocated")],
        goals=[Goal("ns", of="one loop", times=1.05), Goal("bytes", most=0)],
        rounds=5),
]
