"""What a figure was measured on."""

import os
import platform
import re
import sqlite3
import subprocess
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def described(server: str, datasette: str) -> dict[str, str]:
    """Return the machine, the versions and the commit, by name."""
    found = {
        "CPU": f"{cpu()}, "
        f"{len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()} cores",
        "load before": f"{os.getloadavg()[0]:.1f}",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "Django": version("django"),
        "SQLite": sqlite3.sqlite_version,
    }
    if server:
        found["PostgreSQL"] = server
    if datasette:
        found["Datasette"] = told(datasette, "-c", "import datasette; print(datasette.__version__)")
    return found | {"commit": commit()}


def cpu() -> str:
    """Return what the processor calls itself."""
    try:
        return re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())[1]
    except (OSError, TypeError):
        return platform.processor() or platform.machine()


def commit() -> str:
    """Return the commit of this checkout, and whether files differ from it."""
    changed = told("git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=no")
    return told("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD") + (
        " with changes" if changed else ""
    )


def told(*command: str) -> str:
    """Return what a program prints; "" where there is no such program."""
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""
