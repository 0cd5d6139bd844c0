"""Runs a trial at its smallest, as a command of its own; how to run it longer is in each module."""

import subprocess
import sys

from django.conf import settings
from django.db import connection


def finds_nothing(trial: str, *size: str) -> str:
    """Run a trial on the kind of database that the suite runs on; returns what it printed, and
    fails on any fault.
    """
    command = [
        sys.executable,
        "-m",
        f"tests.trials.{trial}",
        "--database",
        connection.vendor,
        *size,
    ]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stdout.endswith("; 0 faults.\n")) == (0, True), (
        done.stdout + done.stderr
    )
    return done.stdout
