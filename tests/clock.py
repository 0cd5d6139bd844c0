"""A clock for the codes of authenticator apps: a code is good for one step of 30 seconds, and no
test races with it.
"""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

READERS = ("allauth.mfa.totp.internal.auth.time", "recommendations.accounts.forms.time")


class Clock:
    """The step that the site is in. It stands still until a test moves it on."""

    def __init__(self) -> None:
        self.step = int(time.time()) // 30

    def set(self, patch: pytest.MonkeyPatch) -> None:
        """Let codes be checked by this clock."""
        for reader in READERS:
            patch.setattr(reader, self)

    def time(self) -> int:
        """Return the seconds in the middle of the step."""
        return self.step * 30 + 15

    def code(self, secret: str, steps: int = 0) -> str:
        """Return what an app shows in this step, or so many later."""
        return format_hotp_value(hotp_value(secret, self.step + steps))
