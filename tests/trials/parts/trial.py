"""What all trials share: the command line, the progress, and a verdict that no broken trial can
pass for well with.
"""

import argparse
import sys
import threading
import time
import traceback
from collections.abc import Callable

DATABASES = ("sqlite", "postgresql")
SHOWN = 200  # faults that are printed; all are counted
APART = 60  # seconds between two lines of progress

Sizes = dict[str, object]  # options by name, without their hyphens
Options = Callable[[argparse.ArgumentParser], None]
Tried = Callable[[argparse.Namespace, list[str]], str]

_progress = {"told": time.monotonic()}


def conduct(
    name: str, doc: str, options: Options, full: Sizes, tried: Tried, *, seed: int = 1
) -> int:
    """Read the command line and try; `tried` adds to the faults, and returns what was tried.
    Returns the exit code.
    """
    given = parsed(name, doc, options, full, seed)
    return judged(given.database, lambda faults: tried(given, faults))


def parsed(
    name: str, doc: str, options: Options, full: Sizes, seed: int = 1, argv: list[str] | None = None
):
    """Read the command line; with --full the full sizes stand in for what is not given."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog=f"./kb trials {name}", description=doc, formatter_class=raw
    )
    options(parser)
    parser.add_argument("--database", choices=DATABASES, default=DATABASES[0])
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument(
        "--full",
        action="store_true",
        help=f"at full size: {spelled(full) or 'it has one size only'}",
    )
    if parser.parse_args(argv).full:
        parser.set_defaults(**full)
    return parser.parse_args(argv)


def spelled(full: Sizes) -> str:
    """Write options as a command line has them."""
    return " ".join(
        f"--{name}" if value is True else f"--{name} {value}" for name, value in full.items()
    )


def judged(label: str, tried: Callable[[list[str]], str]) -> int:
    """Try, and print the distinct faults, then one last line; whatever breaks the trial off is a
    fault too.
    """
    faults: list[str] = []
    began, threading.excepthook = (
        time.monotonic(),
        lambda broken: break_off(broken.exc_value, faults),
    )
    try:
        told = tried(faults)
    except BaseException as error:
        break_off(error, faults)
        told = "BROKEN OFF before its end"
    distinct = list(dict.fromkeys(faults))
    for fault in distinct[:SHOWN]:
        print(fault)
    if len(distinct) > SHOWN:
        print(f"… and {len(distinct) - SHOWN} more that differ")
    print(f"{label}: {time.monotonic() - began:.0f} s; {told}; {len(faults)} faults.", flush=True)
    return 1 if faults else 0


def break_off(error: BaseException, faults: list[str]) -> None:
    """Take what ended the trial, or a thread of it, for a fault, and say on stderr where it came
    from.
    """
    traceback.print_exception(error)
    faults.append(f"the trial broke off: {error!r}")


def progress(done: str, faults: list[str]) -> None:
    """Say on stderr how far a long run has come, once a minute at most."""
    if time.monotonic() - _progress["told"] >= APART:
        _progress["told"] = time.monotonic()
        last = f", the last: {faults[-1]}" if faults else ""
        print(f"{done}: {len(faults)} faults{last}", file=sys.stderr, flush=True)
