"""The start and the end of a minimal Spring Boot application."""

from harness.commands import Application, LoadedClasses
from harness.row import Goal, Metric, Row

APPLICATIONS = {"ours": ("MainLoopApplication", True), "without": ("PlainApplication", False)}

ROWS = [
    Row(
        name="start-up",
        title="start-up with the starter",
        contenders={name: Application(*application) for name, application in APPLICATIONS.items()},
        metrics=[Metric("wall", "ms", text="wall"), Metric("cpu", "ms", text="CPU"),
                 Metric("end", "ms", text="until it has ended")],
        goals=[Goal("wall", of="without", plus=120), Goal("cpu", of="without", plus=200)],
        rounds=5),
    Row(
        name="start-up-classes",
        title="classes loaded with the starter",
        contenders={name: LoadedClasses(*application) for name, application in APPLICATIONS.items()},
        metrics=[Metric("classes", "classes")],
        rounds=1),
]
