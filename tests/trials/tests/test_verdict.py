"""No trial that broke off passes for one that found nothing, and each is listed with the command
for its full size.
"""

import subprocess
import sys
import threading
from argparse import ArgumentParser

import pytest
from django.conf import settings

from tests.trials.parts import trial

FULL = {"acts": 1000, "times": True}


@pytest.fixture(autouse=True)
def _own_hook(monkeypatch):
    """Put back what a verdict sets: how a thread's exception is told."""
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--acts", type=int, default=3)
    parser.add_argument("--times", action="store_true")


def judged(capsys, tried) -> tuple[int, list[str]]:
    """Return the exit code and the lines printed, the seconds left out of the last."""
    code = trial.judged("sqlite", tried)
    *lines, last = capsys.readouterr().out.splitlines()
    return code, [*lines, last.replace("sqlite: 0 s; ", "")]


def test_a_trial_without_a_fault_ends_well(capsys):
    assert judged(capsys, lambda faults: "3 acts") == (0, ["3 acts; 0 faults."])


def test_distinct_faults_are_printed_and_all_are_counted(capsys):
    found = ["one", "two", "one"]
    assert judged(capsys, lambda faults: faults.extend(found) or "3 acts") == (
        1,
        ["one", "two", "3 acts; 3 faults."],
    )


def test_more_faults_than_anybody_reads_are_counted(capsys):
    code, lines = judged(capsys, lambda faults: faults.extend(map(str, range(207))) or "9 acts")
    assert (code, lines[-2:]) == (1, ["… and 7 more that differ", "9 acts; 207 faults."])


@pytest.mark.parametrize(
    "error", [ValueError("sample"), SystemExit("sample"), KeyboardInterrupt("sample")]
)
def test_a_trial_that_breaks_off_keeps_its_faults_and_fails(capsys, error):
    def tried(faults: list[str]) -> str:
        faults.append("one")
        raise error

    told = [f"the trial broke off: {error!r}", "BROKEN OFF before its end; 2 faults."]
    assert judged(capsys, tried) == (1, ["one", *told])


def test_a_thread_that_breaks_off_is_a_fault(capsys):
    def tried(_faults: list[str]) -> str:
        thread = threading.Timer(0, lambda: 1 / 0)
        thread.start()
        thread.join()
        return "1 thread"

    told = "the trial broke off: ZeroDivisionError('division by zero')"
    assert judged(capsys, tried) == (1, [told, "1 thread; 1 faults."])


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ([], (3, False, "sqlite", 7)),
        (["--full"], (1000, True, "sqlite", 7)),
        (
            ["--full", "--acts", "5", "--database", "postgresql", "--seed", "1"],
            (5, True, "postgresql", 1),
        ),
    ],
)
def test_the_full_size_stands_in_for_what_is_not_given(said, found):
    given = trial.parsed("sample", "Sample.", options, FULL, 7, said)
    assert (given.acts, given.times, given.database, given.seed) == found


def test_progress_is_told_once_a_minute(monkeypatch, capsys):
    now = iter((59, 60, 60, 119, 120, 120))
    monkeypatch.setattr(trial, "_progress", {"told": 0})
    monkeypatch.setattr(trial.time, "monotonic", lambda: next(now))
    for number in range(4):
        trial.progress(f"{number}/4", ["one", "two"] if number > 1 else [])
    assert capsys.readouterr().err == "1/4: 0 faults\n3/4: 2 faults, the last: two\n"


def test_every_trial_is_listed_with_the_command_for_its_full_size():
    command = [sys.executable, "-m", "tests.trials", "--list"]
    said = subprocess.run(
        command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    ).stdout
    lines = said.splitlines()
    trials = settings.BASE_DIR / "tests" / "trials"
    known = {each.stem for each in trials.glob("*.py") if "    sys.exit(" in each.read_text()} - {
        "__main__"
    }
    assert {line.split(":")[0].lower() for line in lines if not line.startswith(" ")} == known
    assert lines[lines.index("Crash: SIGKILL in the middle of the editors' work.") + 1 :][:2] == [
        "    ./kb trials crash --full --database sqlite",
        "    ./kb trials crash --full --database postgresql",
    ]
    assert "    ./kb trials supply --full" in lines
