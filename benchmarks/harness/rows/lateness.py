"""How late a timer of a millisecond is, on a loop that is idle, that is flooded with messages, and whose calls sleep."""

from harness.commands import C, Java
from harness.row import Goal, Metric, Row

COUNT = 2000

# A burst of ten ends of calls comes to a hundred ticks, which is where the 99th percentile is.
WORKERS_COUNT = 15000


def row(load, title, goals):
    return Row(
        name=f"lateness-{load}",
        title=title,
        contenders={
            "ours": Java("Lateness", "MAINLOOP", COUNT, load),
            "Netty": Java("Lateness", "NETTY", COUNT, load),
            "executor": Java("Lateness", "EXECUTOR", COUNT, load),
            "C": C("timer", load, COUNT),
        },
        metrics=[Metric(percentile, "µs", text=percentile) for percentile in ("p50", "p90", "p99", "p99.9")],
        goals=goals,
        percentiles=f"lateness-{load}",
        quick=load == "idle")


def workers():
    return Row(
        name="lateness-workers",
        title="lateness of a 1 ms timer while 10 handlers sleep 100 ms each on workers",
        contenders={
            "ours": Java("WorkerLateness", WORKERS_COUNT, "sleeping"),
            "idle": Java("WorkerLateness", WORKERS_COUNT, "idle"),
        },
        metrics=[Metric(percentile, "µs", text=percentile) for percentile in ("p50", "p90", "p99", "p99.9")],
        goals=[Goal("p50", of="idle", times=1.2), Goal("p99", of="idle", times=1.2)],
        rounds=2,
        quick=False)


ROWS = [
    row("idle", "lateness of a 1 ms timer, idle", [Goal("p50", of="C", times=1), Goal("p99", of="C", times=1)]),
    row("flood", "lateness of a 1 ms timer under a message flood", [Goal("p99", of="C", times=1)]),
    workers(),
]
