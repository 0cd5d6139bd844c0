"""The clock of the site, which a trial sets forward and back while the site is served.

Every Python of the site starts with a module of this trial, which adds to the time what stands in a
file. The clocks of this machine and of PostgreSQL stay right, as they do where one of several
machines goes wrong.
"""

from dataclasses import dataclass
from pathlib import Path

from .server import Site

DAY = 24 * 3600
SHIFTED = """
import time
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

true, true_ns, true_now = time.time, time.time_ns, timezone.now


def ahead():
    return int(Path(__file__).with_name("ahead").read_text() or 0)


time.time = lambda: true() + ahead()
time.time_ns = lambda: true_ns() + ahead() * 10**9
timezone.now = lambda: true_now() + timedelta(seconds=ahead())
"""


@dataclass
class Clock:
    """A clock that is so many seconds ahead of the true one, or behind it."""

    folder: Path

    @classmethod
    def of(cls, made: Site) -> "Clock":
        """Give a site, which is not served yet, a clock that can be set."""
        clock = cls(made.folder / "clock")
        clock.folder.mkdir()
        (clock.folder / "sitecustomize.py").write_text(SHIFTED)
        clock.set(0)
        made.environment["PYTHONPATH"] = str(clock.folder)
        return clock

    def set(self, seconds: int) -> None:
        """Set it at once, for every process of the site."""
        (self.folder / "next").write_text(str(seconds))
        (self.folder / "next").rename(self.folder / "ahead")
