"""Reads a file from outside in a process of its own, so that a hostile one can harm nothing else."""

import json
import subprocess
import sys
from pathlib import Path

from . import limits
from .piece import Extract, Unreadable

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-P", "-B", "-m", "recommendations.extraction.worker"]
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}  # no setting and no secret of the site
CRASHED = "The file could not be read: it is damaged, or needs more memory than a text should. Paste the text instead."
SLOW = f"The file could not be read within {limits.SECONDS} seconds. Give a simpler one, or paste the text."
TOO_BIG = f"The file is larger than {limits.FILE_BYTES // 1024**2} MB. Give a smaller one, or paste the text."
LONGEST_NAME = 255  # code points; only the ending counts


def extract(data: bytes, name: str) -> Extract:
    """Return the document in a file of at most `limits.FILE_BYTES`; raise Unreadable with a sentence for an editor."""
    if len(data) > limits.FILE_BYTES:
        raise Unreadable(TOO_BIG)
    ending = name.replace("\0", "").encode(errors="replace").decode()[-LONGEST_NAME:]
    try:
        done = subprocess.run(  # noqa: S603 (no shell, our own program)
            [*COMMAND, ending], input=data, capture_output=True, timeout=limits.SECONDS, env=ENVIRONMENT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(SLOW) from error
    if done.returncode != 0:
        raise Unreadable(CRASHED)
    answer = json.loads(done.stdout)
    if "unreadable" in answer:
        raise Unreadable(answer["unreadable"])
    return Extract.from_dict(answer["extract"])
