"""Lines from another process."""

from harness.commands import Java
from harness.row import Goal, Metric, Row

FIFO = "target/lines"
COUNT = 2_000_000

ROWS = [Row(
    name="lines-fifo",
    title="a line of 7 bytes through a FIFO, a line",
    contenders={"ours": Java("LineThroughput", "mainloop", COUNT, FIFO),
                "BufferedReader, blocking": Java("LineThroughput", "reader", COUNT, FIFO)},
    metrics=[Metric("cpu", "ns", text="processor time"), Metric("ns", "ns", text="time")],
    # 100,000 lines a second with a tenth of a processor.
    goals=[Goal("cpu", most=1000)])]
