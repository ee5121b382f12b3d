"""Builds all that is measured, and knows where it is."""

import functools
import os
import subprocess
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
ROOT = BENCHMARKS.parent
PROGRAMS = BENCHMARKS / "target" / "c"
MEGABYTE = 1 << 20
JAVA = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"

# What the starter brings, as the beginnings of the names of its jars.
OURS = ("mainloop-", "jnr-", "jffi-", "asm-")


def build():
    say("building")
    subprocess.run(["./mvnw", "-q", "-pl", "benchmarks", "-am", "-DskipTests", "-Dcheckstyle.skip",
                    "-Dspring-javaformat.skip", "package", "dependency:build-classpath",
                    "-Dmdep.outputFile=target/class-path"], cwd=ROOT, check=True, stdin=subprocess.DEVNULL)
    subprocess.run(["make", "-s", f"OUT={PROGRAMS}"], cwd=BENCHMARKS / "src/main/c", check=True)


def write_file(path, megabytes):
    """Writes a file of random bytes to the device, unless it is there."""
    if path.exists() and path.stat().st_size == megabytes * MEGABYTE:
        return
    say(f"writing {relative(path)}")
    with open(path, "wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(MEGABYTE))
        file.flush()
        os.fsync(file.fileno())


def class_path(module="benchmarks", ours=True):
    """The class path of a module and the classes of the benchmarks, with or without what the starter brings."""
    entries = (ROOT / module / "target/class-path").read_text().strip().split(":")
    kept = [entry for entry in entries if ours or not os.path.basename(entry).startswith(OURS)]
    return ":".join([str(BENCHMARKS / "target/classes"), *kept])


@functools.lru_cache
def java_version():
    """The version of the language, and the one of the JDK."""
    release = subprocess.run([JAVA, "-XshowSettings:properties", "-version"], capture_output=True, text=True, check=True)
    found = dict(line.strip().split(" = ", 1) for line in release.stderr.splitlines() if " = " in line.strip())
    return found["java.specification.version"], found["java.runtime.version"]


def java_options():
    specification = int(java_version()[0])
    options = ["-Xms1g", "-Xmx1g", "-XX:+UseG1GC"]
    if specification >= 24:
        options += ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]
    return options


def relative(path):
    return os.path.relpath(path, ROOT)


def say(text):
    print(text, flush=True)
