"""Log lines as JSON objects (RFC 8259), one a line, so that a log can be searched by field. Knows
no framework.

A line names no reader: it has the path of a request without its query, and no address. The lines
that have an address say that somebody failed to sign in there (`access/journal.py`,
`access/throttle.py`).
"""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

asked: ContextVar[Any] = ContextVar(
    "asked", default=None
)  # the request that this thread is answering
SECURITY = ("event", "account", "factor", "step", "address", "reason", "nth")
ADDED = (*SECURITY, "route", "status", "milliseconds")
LONGEST = 300  # characters of what a request brought: nobody makes a line of any length


class JsonLines(logging.Formatter):
    """Time (RFC 3339), level, logger and message, the request's identifier, method and path, and
    any traceback.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= facts(record)
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class TerminalLines(logging.Formatter):
    """The same for a person at a terminal, with no sign in it that a terminal would act on."""

    def format(self, record: logging.LogRecord) -> str:
        said = [f"{name}={printable(value)}" for name, value in facts(record).items()]
        line = " ".join(
            [
                self.formatTime(record),
                record.levelname,
                f"{record.name}:",
                printable(record.getMessage()),
            ]
        )
        traceback = self.formatException(record.exc_info).split("\n") if record.exc_info else []
        return "\n".join([" ".join([line, *said]), *map(printable, traceback)])


def printable(value: object) -> str:
    """Write what does not show as itself as Python does: a new line as \\n."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in str(value))


def facts(record: logging.LogRecord) -> dict:
    """Return what a line says besides its message: of the request, and what was added to the
    record.
    """
    found, request = (
        {},
        asked.get() or vars(record).get("request"),
    )  # a whole answer is logged once nobody is asking
    if hasattr(request, "id"):
        found = {"request": request.id, "method": request.method, "path": request.path}
    found |= {name: vars(record)[name] for name in ADDED if name in vars(record)}
    return {
        name: value[:LONGEST] if isinstance(value, str) else value for name, value in found.items()
    }
