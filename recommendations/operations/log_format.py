"""Formats log records as lines of JSON, or as readable lines at a terminal.

Lines hold the path of a request without its query. Only failed sign-ins hold an IP address.
"""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

current_request: ContextVar[Any] = ContextVar("current_request", default=None)
SECURITY_FIELDS = ("event", "account", "factor", "step", "address", "reason", "nth")
FIELDS = (*SECURITY_FIELDS, "route", "status", "milliseconds")
MAX_LENGTH = 300  # characters of a field, as clients choose some of them


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object, with the request that caused it and any traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= fields_of(record)
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class TerminalFormatter(logging.Formatter):
    """Formats a record for a terminal, without control characters."""

    def format(self, record: logging.LogRecord) -> str:
        fields = [f"{name}={printable(value)}" for name, value in fields_of(record).items()]
        message = printable(record.getMessage())
        line = [self.formatTime(record), record.levelname, f"{record.name}:", message, *fields]
        traceback = self.formatException(record.exc_info).split("\n") if record.exc_info else []
        return "\n".join([" ".join(line), *map(printable, traceback)])


def printable(value: object) -> str:
    """Escape characters that do not print, such as a new line as \\n."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in str(value))


def fields_of(record: logging.LogRecord) -> dict:
    """Return the request of a record and the fields that were added to it."""
    fields, request = {}, current_request.get() or vars(record).get("request")
    if hasattr(request, "id"):
        fields = {"request": request.id, "method": request.method, "path": request.path}
    fields |= {name: vars(record)[name] for name in FIELDS if name in vars(record)}
    return {
        name: value[:MAX_LENGTH] if isinstance(value, str) else value
        for name, value in fields.items()
    }
