"""The ways in which a number is measured. Each runs one fork and returns {metric: number}."""

import json
import os
import resource
import shlex
import shutil
import statistics
import subprocess
import time

from harness import build

PROGRAMS = "dev.mainloop.benchmarks.program"

# Seconds after which a fork is given up.
PATIENCE = 120

# In a whole run and in a quick one.
JMH_OPTIONS = (("-f", "0", "-w", "250ms", "-i", "5", "-r", "250ms", "-prof", "gc"),
               ("-f", "0", "-w", "200ms", "-i", "3", "-r", "200ms", "-prof", "gc"))

# What programs of ours in C need to be built, as Debian calls it.
PACKAGES = {"readiness_libevent": "libevent-dev", "file_uring": "liburing-dev"}

# What the texts of commands abbreviate.
LEGEND = {
    "jmh": f"java -cp CLASS_PATH org.openjdk.jmh.Main {shlex.join(JMH_OPTIONS[False])}",
    "CLASS_PATH": "target/classes:$(cat target/class-path)",
    "STARTER": "target/classes:$(cat ../starter/target/class-path)",
    "PLAIN": "that without the jars " + ", ".join(f"{name}*" for name in build.OURS),
}


class Command:

    def missing(self):
        """Why it cannot run here, or nothing."""

    def text(self):
        """How a person runs the same, in the folder benchmarks and after benchmarks/run has built it."""
        raise NotImplementedError

    def run(self, folder, quick):
        """Runs one fork."""
        raise NotImplementedError


class Jmh(Command):
    """A method of a benchmark of JMH, by one process that runs nothing else."""

    # Iterations before those that count.
    warm_ups = 4

    def __init__(self, method, **parameters):
        self.method = method
        self.parameters = parameters

    def arguments(self, quick=False):
        return [f"{self.method}$", *(word for name, value in self.parameters.items() for word in ("-p", f"{name}={value}")),
                "-wi", str(self.warm_ups // 2 if quick else self.warm_ups)]

    def text(self):
        return shlex.join(["jmh", *self.arguments()])

    def run(self, folder, quick):
        file = os.path.join(folder, "result.json")
        said = output([build.JAVA, *build.java_options(), "-Djmh.ignoreLock=true", "-cp", build.class_path(),
                       "org.openjdk.jmh.Main", *self.arguments(quick), *JMH_OPTIONS[quick], "-rf", "json", "-rff", file])
        with open(file) as json_file:
            results = json.load(json_file)
        if len(results) != 1:
            raise RuntimeError(said)
        result = results[0]
        score = statistics.median(result["primaryMetric"]["rawData"][0])
        # Several threads share what is sent: their times, one by one, would not tell what a message costs.
        return {"ns": 1 / score if result["mode"] == "thrpt" else score,
                "bytes": statistics.median(result["secondaryMetrics"]["gc.alloc.rate.norm"]["rawData"][0])}


class JmhWithContext(Jmh):
    """One that starts an application context, after which the JIT compiler is busy for seconds."""

    warm_ups = 12


class Java(Command):
    """A program that prints names and numbers."""

    def __init__(self, program, *arguments, options=()):
        self.main = f"{PROGRAMS}.{program}"
        self.arguments = [str(argument) for argument in arguments]
        self.options = options

    def command(self):
        return [build.JAVA, *build.java_options(), *self.options, "-cp", build.class_path(), self.main, *self.arguments]

    def text(self):
        return shlex.join(["java", *self.options, "-cp", "CLASS_PATH", self.main, *self.arguments])

    def run(self, folder, quick):
        return numbers(output(self.command()))


class C(Command):
    """A program of ours in C."""

    def __init__(self, program, *arguments):
        self.program = program
        self.arguments = [str(argument) for argument in arguments]

    def missing(self):
        if not os.access(build.PROGRAMS / self.program, os.X_OK):
            package = PACKAGES.get(self.program, "a C compiler")
            return f"{self.program} was not built; {package} may not be installed"
        return None

    def command(self):
        return [str(build.PROGRAMS / self.program), *self.arguments]

    def text(self):
        return f"target/c/{self.program} {shlex.join(self.arguments)}"

    def run(self, folder, quick):
        return numbers(output(self.command()))


class NeedsFile(Command):
    """A command that takes a file of random bytes, named as in the folder benchmarks."""

    def __init__(self, name, megabytes, command):
        self.path = build.BENCHMARKS / name
        self.megabytes = megabytes
        self.command = command
        self.text = command.text
        self.missing = command.missing

    def run(self, folder, quick):
        build.write_file(self.path, self.megabytes)
        return self.command.run(folder, quick)


class OnOneProcessor(Command):
    """A command whose threads share a processor, so that none is woken on one that sleeps."""

    def __init__(self, command):
        self.command = command
        self.taskset = ["taskset", "-c", str(max(os.sched_getaffinity(0)))]

    def missing(self):
        return self.command.missing() if shutil.which("taskset") else "taskset is not installed"

    def text(self):
        return shlex.join(self.taskset) + f" {self.command.text()}"

    def run(self, folder, quick):
        return numbers(output([*self.taskset, *self.command.command()]))


class NeedsDescriptors(Command):
    """A command that opens so many file descriptors."""

    def __init__(self, descriptors, command):
        self.descriptors = descriptors
        self.command = command
        self.text = command.text
        self.run = command.run

    def missing(self):
        allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        if allowed != resource.RLIM_INFINITY and allowed < self.descriptors:
            return f"it needs {self.descriptors} file descriptors, and `ulimit -Hn` allows {allowed}"
        return self.command.missing()


class Strace(Command):
    """The system calls that a thread makes between the two marks of a program, divided by how much it did there."""

    def __init__(self, command, divisor):
        self.command = command
        self.divisor = divisor

    def missing(self):
        return None if shutil.which("strace") else "strace is not installed"

    def text(self):
        return f"strace -f {self.command.text()}"

    def run(self, folder, quick):
        file = os.path.join(folder, "calls")
        output(["strace", "-f", "-o", file, *self.command.command()])
        with open(file, errors="replace") as calls:
            return {"calls": self.count(calls) / self.divisor}

    @staticmethod
    def count(lines):
        thread, count = None, 0
        for line in lines:
            if "/measured-from-here" in line:
                thread = line.split()[0]
            elif "/measured-to-here" in line:
                return count
            elif thread == line.split()[0] and "resumed>" not in line:
                count += 1
        raise RuntimeError("the program left no marks")


class Application(Command):
    """An application that starts, says so, and ends once its input has ended."""

    def __init__(self, program, ours):
        self.main = f"{PROGRAMS}.{program}"
        self.ours = ours

    def text(self):
        return f"java -cp {'STARTER' if self.ours else 'PLAIN'} {self.main} </dev/null"

    def command(self):
        return [build.JAVA, *build.java_options()[2:], "-cp", build.class_path("starter", self.ours), self.main]

    def run(self, folder, quick):
        begin = time.monotonic()
        process = subprocess.Popen(self.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        while (line := process.stdout.readline()) != b"ready\n":
            if not line:
                raise RuntimeError(f"{self.main} did not start")
        ready = time.monotonic()
        used = time.clock_gettime(~process.pid << 3 | 2)   # The clock of a process, see clock_getcpuclockid(3).
        process.stdin.close()
        process.stdout.read()
        process.wait()
        return {"wall": (ready - begin) * 1e3, "cpu": used * 1e3, "end": (time.monotonic() - ready) * 1e3}


class LoadedClasses(Application):
    """The classes that an application loads until it has ended."""

    def text(self):
        return super().text().replace("java ", "java -Xlog:class+load ", 1)

    def run(self, folder, quick):
        file = os.path.join(folder, "classes")
        command = self.command()
        output([command[0], f"-Xlog:class+load:file={file}", *command[1:]])
        with open(file) as classes:
            return {"classes": sum(" source: " in line for line in classes)}


def output(command):
    finished = subprocess.run(command, cwd=build.BENCHMARKS, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=PATIENCE)
    if finished.returncode != 0:
        raise RuntimeError(f"{shlex.join(command)}\n{finished.stdout}{finished.stderr}")
    return finished.stdout


def numbers(text):
    return {name: float(number) for name, number in (line.split() for line in text.splitlines())}
