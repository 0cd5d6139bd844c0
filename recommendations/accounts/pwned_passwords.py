"""A validator against breached passwords, with a local copy of Have I Been Pwned's list."""

import hashlib
import logging
import re
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path

from django.core.exceptions import ValidationError

log = logging.getLogger(__name__)

LINE = re.compile(rb"[0-9A-Fa-f]{40}(:[0-9]+)?\r?\n?")
LONGEST_LINE = 100  # bytes
LOOKED_AT = 100  # lines


@dataclass(frozen=True)
class BreachedPasswords:
    """Refuses passwords listed in a file of sorted lines "SHA1:count" (OWASP ASVS 5.0, 6.2.12)."""

    path: Path

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError if a password is listed or the list cannot be read."""
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        try:
            listed = is_listed(digest, self.path)
        except OSError as error:
            log.error("The list of breached passwords cannot be read: %s", error.strerror)
            raise ValidationError(
                "Passwords cannot be checked at the moment. Please tell an administrator."
            ) from error
        if listed:
            raise ValidationError(
                "This password is on a list of stolen passwords. Choose another.",
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return "Your password can’t be on a list of stolen passwords."


def is_listed(digest: bytes, path: Path) -> bool:
    """Look up a hash in a sorted file by binary search; raises OSError."""
    with path.open("rb") as file:
        low, high = 0, file.seek(0, SEEK_END)
        while low < high:  # the line, if it is there, begins at low or later, and before high
            middle = (low + high) // 2
            file.seek(max(middle - 1, 0))
            if middle:
                file.readline(LONGEST_LINE)  # to where the next line begins
            start = file.tell()
            found = file.readline(LONGEST_LINE)[:40].upper()
            if start >= high or found > digest:
                high = middle
            elif found < digest:
                low = file.tell()
            else:
                return True
    return False


def problem_with_list(path: Path) -> str:
    """Return why a file cannot be searched, judging by its first lines, or an empty string."""
    try:
        with path.open("rb") as file:
            lines = list(filter(None, (file.readline(LONGEST_LINE) for _line in range(LOOKED_AT))))
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    if not lines or not all(map(LINE.fullmatch, lines)):
        return "its lines are not SHA-1 hashes of 40 characters, alone or with a colon and a count"
    return "" if lines == sorted(lines, key=bytes.upper) else "its lines are not sorted by hash"
