"""Says what the machine is, and how quiet it was."""

import os
import platform
import resource
import time
from dataclasses import dataclass
from pathlib import Path

from harness.build import java_version, say

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Machine:
    description: str
    observations: list
    complaints: list    # why it was not quiet


class Watch:
    """Looks at the machine from its making to its end."""

    def __init__(self):
        self.observations, self.complaints = [], []
        self.before = Sample()
        time.sleep(2)   # The machine without us.
        idle = Sample().since(self.before)
        self.judge("load average before it began", f"{os.getloadavg()[0]:.2f}", os.getloadavg()[0] > 0.5 * os.cpu_count())
        self.judge("others' use of the processors before it began", f"{idle.others:.0%}", idle.others > 0.05)
        autogroup = read("/proc/sys/kernel/sched_autogroup_enabled", "not shown")
        self.judge("`kernel.sched_autogroup_enabled`", autogroup, False)
        governor = read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "not shown")
        self.judge("frequency governor", governor, governor not in ("performance", "not shown"))
        if self.complaints:
            say(f"The machine is not quiet: {'; '.join(self.complaints)}")

    def judge(self, what, value, wrong):
        self.observations.append(f"{what}: {value}")
        if wrong:
            self.complaints.append(f"{what}: {value}")

    def finish(self):
        whole = Sample().since(self.before)
        self.judge("others' use of the processors while it ran", f"{whole.others:.0%}", whole.others > 0.05)
        self.judge("stolen by the hypervisor", f"{whole.stolen:.2%}", whole.stolen > 0.005)
        throttled = "not shown" if whole.throttled is None else f"{whole.throttled} times"
        self.judge("throttled for heat", throttled, whole.throttled)
        return Machine(description(), self.observations, self.complaints)


class Sample:
    """The counters of the processors at a time, or how they changed since one, as shares of all processors."""

    def __init__(self):
        fields = [int(field) for field in read("/proc/stat").split("\n")[0].split()[1:]]
        usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        self.busy = (fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) / TICKS
        self.own = sum(used.ru_utime + used.ru_stime for used in usage)
        self.stolen = fields[7] / TICKS
        self.time = time.monotonic()
        counts = [int(path.read_text()) for path in
                  Path("/sys/devices/system/cpu").glob("cpu*/thermal_throttle/core_throttle_count")]
        self.throttled = sum(counts) if counts else None

    def since(self, before):
        seconds = (self.time - before.time) * os.cpu_count()
        self.others = max(0, self.busy - before.busy - (self.own - before.own)) / seconds
        self.stolen = (self.stolen - before.stolen) / seconds
        if self.throttled is not None:
            self.throttled -= before.throttled
        return self


def description():
    lines = read("/proc/cpuinfo").splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    memory = int(read("/proc/meminfo").split()[1]) / 1024 ** 2
    return (f"{os.cpu_count()} × {model}, {memory:.0f} GiB, Linux {platform.release()}, {os.confstr('CS_GNU_LIBC_VERSION')}, "
            f"Java {java_version()[1]}")


def read(path, default=None):
    try:
        return Path(path).read_text().strip()
    except OSError:
        if default is None:
            raise
        return default
