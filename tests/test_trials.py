"""The trials at their smallest: each still runs, and finds nothing. How to run them longer is in each module."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

SMALLEST = {
    "crash": ["--kills", "1"],
    "editors": ["--steps", "30"],
    "bombs": ["--seed", "2", "--bombs", "3", "--cuts", "1", "--flips", "1"],
    "hostile": ["--rounds", "1", "--pages", "8"],
}


@pytest.mark.parametrize("trial", SMALLEST)
def test_a_trial_finds_nothing_at_its_smallest(trial):
    command = [sys.executable, "-m", f"tests.trials.{trial}", "--database", connection.vendor, *SMALLEST[trial]]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, "0 faults." in done.stdout) == (0, True), done.stdout + done.stderr
