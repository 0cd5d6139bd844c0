"""Runs the trials, attacks on a whole site, at their small or full size.

python -m tests.trials                  run every trial at its small size, on both databases
python -m tests.trials --list           list the trials, each with the command for its full size
python -m tests.trials NAME [options]   run one trial; NAME --help lists its options
"""

import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from .parts.trial import DATABASES, spelled

ROOT = Path(__file__).resolve().parents[2]


def trials() -> Iterator[tuple[str, ModuleType]]:
    """Yield the modules that are trials: those that have a full size."""
    for found in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if found.name != "__main__":
            module = import_module(f"{__package__}.{found.name}")
            if hasattr(module, "FULL"):
                yield found.name, module


def databases(module: ModuleType) -> tuple[str, ...]:
    """Return the databases that a trial runs on; an empty name for a trial that uses none."""
    return getattr(module, "DATABASES", DATABASES)


def listed() -> Iterator[str]:
    """Yield the lines of the list."""
    for name, module in trials():
        yield module.__doc__.partition("\n")[0]
        for database in databases(module):
            options = spelled({"database": database} if database else {})
            yield f"    ./kb trials {name} --full {options}".rstrip()


def command(name: str, *options: str) -> list[str]:
    """Return the command that runs one trial."""
    return [sys.executable, "-m", f"{__package__}.{name}", *options]


def run_small(name: str, database: str) -> bool:
    """Run one trial at its small size, print what it found, and return whether it found nothing."""
    options = ["--database", database] if database else []
    done = subprocess.run(command(name, *options), cwd=ROOT, capture_output=True, text=True)
    said = done.stdout if done.returncode == 0 else done.stderr + done.stdout
    print(f"{name}, {said.strip()}", flush=True)
    return done.returncode == 0 and said.endswith("; 0 faults.\n")


def run_all() -> int:
    """Run every trial at its small size, one after another, and return the exit code.

    Trials measure how long readers wait, so none runs beside another.
    """
    wanted = [(name, each) for name, module in trials() for each in databases(module)]
    passed = [run_small(*trial) for trial in wanted]
    failed = [" ".join(trial) for trial, ok in zip(wanted, passed, strict=True) if not ok]
    print(f"{len(passed) - len(failed)} of {len(passed)} trials found nothing.")
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


def main(arguments: list[str]) -> int:
    """Read the command line, and return the exit code."""
    if not arguments:
        return run_all()
    if arguments == ["--list"]:
        print("\n".join(listed()))
        return 0
    name, *options = arguments
    known = [each for each, _module in trials()]
    if name not in known:
        print(__doc__ if name in ("-h", "--help") else f"Unknown trial. Known: {', '.join(known)}")
        return 0 if name in ("-h", "--help") else 2
    return subprocess.call(command(name, *options), cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
