"""A tree of directories in which files are made, watched by a loop and by the JDK's WatchService with a thread."""

from harness.commands import Java
from harness.row import Goal, Metric, Row

DIRECTORIES = 10_000

CHANGES = 5_000

RATE = 1_000


ROWS = [
    Row(
        name="file-changes-10k",
        title="tree of 10,000 directories, 1000 new files a second",
        contenders={
            "ours": Java("TreeChanges", DIRECTORIES, CHANGES, RATE, "MAINLOOP"),
            "WatchService": Java("TreeChanges", DIRECTORIES, CHANGES, RATE, "WATCH_SERVICE"),
        },
        metrics=[Metric("cpu", "µs", text="CPU for a file"), Metric("open", "ms", text="until it is open"),
                 Metric("memory", "MB", text="heap"), Metric("missed", "changes", text="not told")],
        goals=[Goal("missed", most=0)],
        rounds=2,
        quick=False),
]
