"""Watches the processes that read files from outside: each must be held to the limits that it sets
itself.
"""

import os
import signal
import threading
from dataclasses import dataclass, field
from pathlib import Path

from .server import Site, processes

CAPS = {  # the most that a reader may have (proc(5), /proc/pid/limits)
    "Max address space": 1024**3,  # bytes
    "Max cpu time": 20,  # seconds
    "Max file size": 0,
    "Max core file size": 0,
}
STARTED = 1.0  # second of processor time: by then it has limited itself
APART = 0.1  # seconds between two looks
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Children:
    """What was seen of the readers."""

    site: Site
    workers: set[int]
    faults: set[str] = field(default_factory=set)
    memory: float = 0  # MB, the most that one had
    judged: set[int] = field(default_factory=set)  # those that ran for long enough
    to_stop: threading.Event = field(
        default_factory=threading.Event
    )  # whether the next one is to be stopped

    def watch(self, over: threading.Event) -> None:
        """Look at every reader again and again, until it is over."""
        while not over.wait(APART):
            for pid, facts in processes():
                if facts["group"] == self.site.process.pid and pid not in self.workers:
                    self.look(pid)

    def look(self, pid: int) -> None:
        """Look at one, which may end meanwhile."""
        try:
            if (
                self.to_stop.is_set()
                and b"extract.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
            ):
                os.kill(pid, signal.SIGSTOP)
                self.to_stop.clear()
            self.memory = max(self.memory, memory(pid))
            if seconds(pid) > STARTED:
                self.judged.add(pid)
                self.faults.update(unlimited(Path(f"/proc/{pid}/limits").read_text()))
        except (OSError, StopIteration):
            return


def unlimited(said: str) -> list[str]:
    """Return the limits that a process lacks, by what the system says of it."""
    rows = {line[:26].strip(): line[26:].split()[0] for line in said.splitlines()[1:]}
    return [
        f"a reader of files has {rows[name]} as {name.lower()}"
        for name, most in CAPS.items()
        if rows[name] == "unlimited" or int(rows[name]) > most
    ]


def seconds(*pids: int) -> float:
    """Return the processor time of processes, and of their children that have ended (proc(5),
    /proc/pid/stat).
    """
    ticks = 0
    for pid in pids:
        ticks += sum(
            map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15])
        )
    return ticks / TICKS


def memory(pid: int) -> float:
    """Return the most memory that a process ever had, in MB (proc(5), VmHWM)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
