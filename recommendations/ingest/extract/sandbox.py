"""Reads a file in a separate process, so that a hostile one can harm nothing else."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from . import limits
from .piece import Extract, Unreadable

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-P", "-B", "-m", "recommendations.ingest.extract.worker"]
ENVIRONMENT = {
    "PYTHONPATH": str(ROOT),
    "PYTHONIOENCODING": "utf-8",
}  # no setting and no secret of the site
SCANNERS_ENVIRONMENT = {"PATH": f"{os.defpath}:/usr/local/bin"}  # nor for a scanner
CRASHED = (
    "The file could not be read: it is damaged, or needs more memory than a text should. Paste "
    "the text instead."
)
SLOW = (
    f"The file could not be read within {limits.SECONDS} seconds. Give a simpler one, or paste "
    "the text."
)
TOO_BIG = (
    f"The file is larger than {limits.FILE_BYTES // 1024**2} MB. Give a smaller one, or paste "
    "the text."
)
INFECTED = (
    "The file was refused: the scanner found something harmful in it. Nothing of it was kept."
)
NOT_SCANNED = (
    "The file could not be scanned for harmful software, so nothing of it was kept. Try again "
    "later."
)
LONGEST_NAME = 255  # code points; only the ending counts

log = logging.getLogger("security")


def extract(data: bytes, name: str, scanner: Sequence[str] = ()) -> Extract:
    """Return the document in a file of at most `limits.FILE_BYTES`; raise Unreadable with a
    sentence for an editor.

    A scanner is a command that gets the file on its standard input before anything else reads it.
    """
    try:
        if len(data) > limits.FILE_BYTES:
            raise Unreadable(TOO_BIG)
        if scanner:
            _scan(data, scanner)
        return _read(data, name)
    except Unreadable as error:
        log.warning("A file was refused.", extra={"event": "upload", "reason": str(error)})
        raise


def _scan(data: bytes, scanner: Sequence[str]) -> None:
    """Raise Unreadable unless a scanner exits with 0 (clean); 1 means infected."""
    try:
        said = subprocess.run(  # noqa: S603 (a command that the operator chose)
            scanner,
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=limits.SCAN_SECONDS,
            env=SCANNERS_ENVIRONMENT,
            check=False,
        ).returncode
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unreadable(NOT_SCANNED) from error
    if said != 0:
        raise Unreadable(INFECTED if said == 1 else NOT_SCANNED)


def _read(data: bytes, name: str) -> Extract:
    """Return the document in a file; raise Unreadable."""
    ending = name.replace("\0", "").encode(errors="replace").decode()[-LONGEST_NAME:]
    try:
        done = subprocess.run(  # noqa: S603 (no shell, our own program)
            [*COMMAND, ending],
            input=data,
            capture_output=True,
            timeout=limits.SECONDS,
            env=ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(SLOW) from error
    if done.returncode != 0:
        raise Unreadable(CRASHED)
    answer = json.loads(done.stdout)
    if "unreadable" in answer:
        raise Unreadable(answer["unreadable"])
    return Extract.from_dict(answer["extract"])
