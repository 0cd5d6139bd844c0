"""The far end of the pipe: reads a question a line, answers it, one at a time, for as long as the
pipe is open.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path


def serve(commands: dict[str, Callable[..., dict]]) -> None:
    """Answer each line {"do": name, ...} with what the command of that name returns, as a line of
    JSON.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints must not come between two answers
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(commands[asked.pop("do")](**asked)), file=answers, flush=True)


def memory() -> dict:
    """Return the memory that this process holds now and held at most, in MB; of Linux only."""
    try:
        lines = dict(
            line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines()
        )
    except OSError:
        return {"now": None, "most": None}
    return {
        name: int(lines[key].split()[0]) / 1024
        for name, key in (("now", "VmRSS"), ("most", "VmHWM"))
    }
