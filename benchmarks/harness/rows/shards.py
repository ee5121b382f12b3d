"""Messages with keys that keep several processors busy, and what several loops cost those that do not need them."""

from harness.commands import JmhWithContext
from harness.row import Goal, Metric, Row

PEERS = {"ours": "MAINLOOP", "Netty": "NETTY", "Vert.x": "VERTX", "executor": "EXECUTOR"}
ONE = "on 1 thread"
LEAST_SPEEDUP = 1.8


def row(keys, title, goals, on_one):
    runs = [(f"{name}{suffix}", PEERS[name], threads)
            for threads, suffix, names in ((2, "", PEERS), (1, f", {ONE}", on_one)) for name in names]
    return Row(
        name=f"shards-{keys.lower()}",
        title=f"message with 2 µs of work on 2 threads, {title} keys",
        contenders={name: JmhWithContext("ShardBenchmark.order", peer=peer, threads=threads, keys=keys)
                    for name, peer, threads in runs},
        metrics=[Metric("ns", "ns")],
        goals=[*goals,
               *(Goal("ns", of=name, times=1, ours="ours" if threads == 2 else f"ours, {ONE}")
                 for name, peer, threads in runs if peer != PEERS["ours"])],
        quick=keys == "UNIFORM")


ROWS = [
    row("UNIFORM", "uniform", [Goal("ns", of=f"ours, {ONE}", times=1 / LEAST_SPEEDUP)], on_one=["ours", "Netty"]),
    # One thread takes as long as with uniform keys.
    row("ZIPF", "skewed", [], on_one=["ours"]),
    Row(
        name="local-message",
        title="message from a handler to itself beside two other loops",
        contenders={name: JmhWithContext("LocalMessageBenchmark.message", workers=workers)
                    for name, workers in {"ours": 2, "one loop": 0}.items()},
        metrics=[Metric("ns", "ns"), Metric("bytes", "B", text="allocated")],
        goals=[Goal("ns", of="one loop", times=1.05), Goal("bytes", most=0)],
        quick=False),
]
