"""Log lines as JSON objects (RFC 8259), one a line, so that a log can be searched by field. Knows no framework.

A line names no reader: it has the path of a request without its query, and no address. The one line that has an
address says that somebody guesses passwords there (`access/throttle.py`).
"""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

asked: ContextVar[Any] = ContextVar("asked", default=None)  # the request that this thread is answering
ADDED = ("route", "status", "milliseconds")


class JsonLines(logging.Formatter):
    """Time (RFC 3339), level, logger and message, the request's identifier, method and path, and any traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := asked.get():
            line |= {"request": request.id, "method": request.method, "path": request.path}
        line |= {name: vars(record)[name] for name in ADDED if name in vars(record)}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)
