"""Filters for logging: security events in one form, and a limit on repeated warnings.

This site's modules log to `security` with an `event`. Django's own security records are rewritten
to that form.
"""

import logging
import threading
import time
from collections import Counter

from django.http import HttpRequest

NAME = "security"
DJANGO = "django.security."
MESSAGES = {
    "csrf": "A form was refused: its token is missing, forged or from another site.",
    "DisallowedHost": "A request for another host was refused.",
    "RequestDataTooBig": "A form was refused: it is too big.",
    "SuspiciousSession": "A session was refused: it was tampered with.",
}
SUSPICIOUS = "A suspicious request was refused."
FORBIDDEN = "An editor was refused something that their rights do not cover."
EDITORS = ("/admin/", "/accounts/")  # elsewhere no session is read
NOT_IMPLEMENTED = 501  # the client's mistake, like every 4xx
MAX_PER_MINUTE = 32  # records of a kind in a process; a power of two


class SecurityFilter(logging.Filter):
    """Rewrites Django's security records, and drops its warnings about clients' mistakes."""

    def filter(self, record: logging.LogRecord) -> logging.LogRecord | bool:
        """Return the record to write, or whether to write it as it is."""
        if record.name.startswith(DJANGO):
            event = record.name.removeprefix(DJANGO)
            reason = {"reason": record.args[0]} if event == "csrf" else {}
            return recast(record, event, MESSAGES.get(event, SUSPICIOUS), **reason)
        status = vars(record).get("status_code", 500) if record.name == "django.request" else 500
        if status == 403 and record.request.path_info.startswith(EDITORS):
            return recast(record, "refused access", FORBIDDEN)
        return status >= 500 and status != NOT_IMPLEMENTED


class RateLimitFilter(logging.Filter):
    """Lets through 32 warnings of a kind in a minute, then the 64th, the 128th and so on."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.lock, self.minute, self.counts = threading.Lock(), 0, Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is written; those after the limit show their number."""
        if record.levelno < logging.WARNING:
            return True
        nth = self.count((record.name, vars(record).get("event") or str(record.msg)))
        if nth > MAX_PER_MINUTE:
            record.nth = nth
        return nth <= MAX_PER_MINUTE or not nth & (nth - 1)

    def count(self, kind: tuple[str, str]) -> int:
        """Count a record, and return how many of its kind there were in this minute."""
        minute = int(time.monotonic() // 60)
        with self.lock:
            if minute != self.minute:
                self.minute, self.counts = minute, Counter()
            self.counts[kind] += 1
            return self.counts[kind]


def recast(record: logging.LogRecord, event: str, message: str, **fields) -> logging.LogRecord:
    """Return a record of this site in place of Django's, with the account if it is known."""
    changed = {
        "name": NAME,
        "levelno": logging.WARNING,
        "levelname": "WARNING",
        "msg": message,
        "event": event,
    }
    kept = {"created": record.created, "request": vars(record).get("request")}
    return logging.makeLogRecord(changed | kept | account(record) | fields)


def account(record: logging.LogRecord) -> dict[str, str]:
    """Return the account that a record is about, if known without a query."""
    request: HttpRequest | None = vars(record).get("request")
    is_known = request and request.path_info.startswith(EDITORS) and hasattr(request, "user")
    return (
        {"account": request.user.get_username()}
        if is_known and request.user.is_authenticated
        else {}
    )
