"""The child process: a file on standard input, its name as argument, JSON on standard output.

It limits itself before it reads the file: memory, processor time, and no byte into any file.
"""

import json
import resource
import sys
from typing import Any

from . import limits, readers
from .piece import Unreadable

CAPS = {
    resource.RLIMIT_AS: limits.MEMORY_BYTES,
    resource.RLIMIT_CPU: limits.SECONDS,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}


def main() -> None:
    """Read the file and write what is in it, or why it cannot be read."""
    for cap, most in CAPS.items():
        resource.setrlimit(cap, (most, most))
    try:
        answer: dict[str, Any] = {
            "extract": readers.read(sys.stdin.buffer.read(), sys.argv[1]).as_dict()
        }
    except Unreadable as error:
        answer = {"unreadable": str(error)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
