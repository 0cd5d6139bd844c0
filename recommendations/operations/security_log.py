"""Lines about security: one form for all, and never so many that they fill a disk.

Modules write to the logger `security` themselves, with an `event`. What Django refuses it says in
its own lines, which are given that form here; so nothing is said twice.
"""

import logging
import threading
import time
from collections import Counter

from django.http import HttpRequest

NAME = "security"
DJANGO = "django.security."
SAID = {
    "csrf": "A form was refused: its token is missing, forged, or of another site.",
    "DisallowedHost": "A request for another host was refused.",
    "RequestDataTooBig": "A form was refused: it is too big.",
    "SuspiciousSession": "A session was refused: it was tampered with.",
}
SUSPICIOUS = "A suspicious request was refused."
REFUSED = "Somebody at the desk was refused what they may not do."
DESK = (
    "/admin/",
    "/accounts/",
)  # where the gate has looked who asks; elsewhere nobody's session is read
NOT_OFFERED = 501  # the asker's mistake, as all that is 4xx
MOST = 32  # lines of a kind, in a minute and a process; a power of two


class OneForm(logging.Filter):
    """Gives Django's lines about security our form, and leaves out what a stranger asked for
    wrongly.
    """

    def filter(self, record: logging.LogRecord) -> logging.LogRecord | bool:
        """Return the record to write, or whether to write it as it is."""
        if record.name.startswith(DJANGO):
            event = record.name.removeprefix(DJANGO)
            reason = {"reason": record.args[0]} if event == "csrf" else {}
            return recast(record, event, SAID.get(event, SUSPICIOUS), **reason)
        status = vars(record).get("status_code", 500) if record.name == "django.request" else 500
        if status == 403 and record.request.path_info.startswith(DESK):
            return recast(record, "refused access", REFUSED)
        return status >= 500 and status != NOT_OFFERED


class Bounded(logging.Filter):
    """Lets through MOST lines of a kind in a minute, then the 64th, the 128th and so on, each with
    its number.
    """

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.lock, self.minute, self.counts = threading.Lock(), 0, Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a warning or an error is written."""
        if record.levelno < logging.WARNING:
            return True
        nth = self.count((record.name, vars(record).get("event") or str(record.msg)))
        if nth > MOST:
            record.nth = nth
        return nth <= MOST or not nth & (nth - 1)

    def count(self, kind: tuple[str, str]) -> int:
        """Return how many lines of a kind there are in this minute, with this one."""
        minute = int(time.monotonic() // 60)
        with self.lock:
            if minute != self.minute:
                self.minute, self.counts = minute, Counter()
            self.counts[kind] += 1
            return self.counts[kind]


def recast(record: logging.LogRecord, event: str, message: str, **facts) -> logging.LogRecord:
    """Return a line of ours in place of one of Django's, with who asked, where that is known."""
    line = {
        "name": NAME,
        "levelno": logging.WARNING,
        "levelname": "WARNING",
        "msg": message,
        "event": event,
    }
    kept = {"created": record.created, "request": vars(record).get("request")}
    return logging.makeLogRecord(line | kept | account(record) | facts)


def account(record: logging.LogRecord) -> dict[str, str]:
    """Name the account that a line is about; the database is not asked for it."""
    request: HttpRequest | None = vars(record).get("request")
    is_known = request and request.path_info.startswith(DESK) and hasattr(request, "user")
    return (
        {"account": request.user.get_username()}
        if is_known and request.user.is_authenticated
        else {}
    )
