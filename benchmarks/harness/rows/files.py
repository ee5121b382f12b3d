"""Operations on files, of which a number is in flight, and what they keep a timer of the same loop from."""

from harness.commands import C, Java, NeedsFile
from harness.row import Goal, Metric, Point, Row

FILE, MEGABYTES = "target/file", 64
LARGE_FILE, LARGE_MEGABYTES = "target/large-file", 1024
LOG = "target/log"
MILLISECONDS = 500
IN_FLIGHT = (1, 32, 256)
CHANNEL = "AsynchronousFileChannel"
PEERS = {"ours": "IO_URING", "ours, workers": "WORKERS", CHANNEL: "ASYNCHRONOUS_CHANNEL"}
BLOCKING = {"FileChannel, blocking": "BLOCKING_CHANNEL"}
LATENESS_COUNT = 2000


def row(work, title, in_flight):
    path = LOG if work == "append" else FILE
    peers = PEERS | (BLOCKING if in_flight == 1 else {})
    commands = {name: Java("FileThroughput", peer, work.upper(), in_flight, MILLISECONDS, path)
                for name, peer in peers.items()}
    commands["C"] = C("file_uring", work, in_flight, MILLISECONDS, path)
    goals = [Goal("ns", of="C", times=1.2)] if in_flight == 32 else []
    if work == "cached":
        goals.append(Goal("ns", of=CHANNEL, times=0.5))
    return Row(
        name=f"file-{work}-{in_flight}",
        title=f"{title}, {in_flight} in flight",
        contenders={name: NeedsFile(FILE, MEGABYTES, command) for name, command in commands.items()},
        metrics=[Metric("ns", "ns")],
        goals=goals,
        point=Point(f"file-{work}", in_flight),
        rounds=3 if goals else 2,
        quick=(work, in_flight) == ("cached", 32))


def lateness(load, title, path, megabytes):
    contenders = {name: (PEERS[name], load) for name in ("ours", "ours, workers")} | {"idle": (PEERS["ours"], "idle")}
    return Row(
        name=f"lateness-file-{load}",
        title=f"lateness of a 1 ms timer while {title}",
        contenders={name: NeedsFile(path, megabytes, Java("FileLateness", peer, LATENESS_COUNT, what, path))
                    for name, (peer, what) in contenders.items()},
        metrics=[Metric(percentile, "µs", text=percentile) for percentile in ("p50", "p90", "p99", "p99.9")],
        goals=[Goal("p99", of="idle", times=2, ours=name) for name in ("ours", "ours, workers")],
        rounds=2,
        quick=False)


ROWS = [
    *(row(work, title, in_flight)
      for work, title in (("cached", "read of a random 4 KiB from the page cache"),
                          ("direct", "read of a random 4 KiB past the page cache"),
                          ("append", "append of 512 B with a sync"))
      for in_flight in IN_FLIGHT),
    lateness("random", "32 random reads are in flight", FILE, MEGABYTES),
    lateness("whole", "a handler reads a file of 1 GiB in pieces of 64 KiB", LARGE_FILE, LARGE_MEGABYTES),
]
