"""A clock for the codes of authenticator apps: a code is good for one step of 30 seconds, and no
test races with it.
"""

import time

from recommendations.accounts.forms import expected

APPS = "allauth.mfa.totp.internal.auth.time"  # the module that reads the time there


class Clock:
    """The step that the site is in. It stands still until a test moves it on."""

    def __init__(self) -> None:
        self.step = int(time.time()) // 30

    def time(self) -> int:
        """Return the seconds in the middle of the step."""
        return self.step * 30 + 15

    def code(self, secret: str, steps: int = 0) -> str:
        """Return what an app shows in this step, or so many later."""
        return expected(secret, self.step + steps)
