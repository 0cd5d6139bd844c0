"""Failover: the primary dies, its standby is promoted, and the site finds it without a restart.

The site runs on a PostgreSQL primary with a streaming standby, both named in DATABASE_URL. While
the primary is away readers must get every kept page, and soon after the promotion an editor must
be able to save again, and every reader must see what was saved.
"""

import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from tests import postgres

from .parts.clients import meanwhile
from .parts.desk import LOST, Answer, Desk, changed
from .parts.server import DURABLE, PUBLISHERS, Cluster, Site, folder, model, serving, until
from .parts.trial import conduct

FULL = {"hold": 60.0, "within": 10.0}
DATABASES = ("postgresql",)  # SQLite has no standby
PAGES = ("/", "/recommendations/", "/PARIS-2025-4", "/PARIS-2025", "/themes/skills")
WARMING = 40  # requests for each page, so that every worker keeps it
THEME = "/admin/recommendations/theme/add/"
LOSABLE = 1_000_000  # more content versions than an asynchronous standby can have missed
CAUGHT_UP = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"


class Pair(Cluster):
    """A primary and its standby under one address, as libpq reads it."""

    is_alive = True

    def __init__(self, primary: str, standby: str):
        super().__init__(primary)
        self.primary, self.standby = primary, standby
        hosts = ",".join(urlsplit(url).netloc.partition("@")[2] for url in (primary, standby))
        self.url = f"postgresql://kb@{hosts}/postgres?target_session_attrs=read-write"

    def catch_up(self) -> None:
        """Wait until the standby has all that the primary has written."""
        with psycopg.connect(self.primary) as primary:
            [written] = primary.execute("SELECT pg_current_wal_flush_lsn()").fetchone()
        with psycopg.connect(self.standby, autocommit=True) as standby:
            until(lambda: standby.execute(CAUGHT_UP, [written]).fetchone()[0], "it does not follow")

    def kill(self) -> None:
        """Kill the primary."""
        super().kill()
        self.is_alive = False

    def promote(self) -> None:
        """Make the standby the primary, as docs/scaling.md says."""
        with psycopg.connect(self.standby, autocommit=True) as standby:
            standby.execute("SELECT pg_promote()")
            standby.execute(
                "UPDATE recommendations_contentversion SET number = number + %s", [LOSABLE]
            )


@dataclass
class Trial:
    """What readers and an editor were answered."""

    site: Site
    faults: list[str]
    answers: Counter = field(default_factory=Counter)
    slowest: float = 0.0
    saved: list[str] = field(default_factory=list)
    numbers: count = field(default_factory=count)

    def warm(self) -> None:
        """Let every worker keep the pages."""
        for path in PAGES * WARMING:
            self.read(path)

    def read(self, path: str) -> Answer | None:
        """Read a page that is kept; anything but the page is a fault."""
        began = time.monotonic()
        try:
            answer = Desk(self.site.port).get(path)
        except LOST as error:
            self.faults.append(f"{path} was not answered: {type(error).__name__}")
            return None
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.answers[answer.status] += 1
        if answer.status != 200:
            self.faults.append(f"{path} answered {answer.status}")
        return answer

    def read_on(self, over: threading.Event) -> None:
        """Read one kept page after another."""
        for number in count():
            if over.wait(0.05):
                return
            self.read(PAGES[number % len(PAGES)])

    def save(self, publisher: Desk, pairs: list) -> bool:
        """Save a theme, and tell whether that was done; all else must be answered 503."""
        slug = f"trial-{next(self.numbers)}"
        said = {"slug": slug, "label": f"Trial {slug}", "definition": "Sample theme."}
        answer = publisher.post(THEME, changed(pairs, said))
        if answer.is_done and answer.location.startswith("/admin/recommendations/"):
            self.saved.append(slug)
            return True
        if answer.status != 503:
            self.faults.append(f"saving was answered {answer.status}: {answer.location}")
        return False


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument(
        "--hold", type=float, default=3.0, help="seconds that there is no primary at all"
    )
    parser.add_argument(
        "--within", type=float, default=60.0, help="seconds in which editors can save again"
    )


def waited(holds: Callable[[], bool], seconds: float) -> float:
    """Return the seconds until something holds; raises TimeoutError."""
    began = time.monotonic()
    until(holds, f"nobody could save within {seconds:.0f} s", seconds)
    return time.monotonic() - began


def fail_over(made: Site, given: Namespace, trial: Trial) -> float:
    """Kill the primary, promote the standby, and return the seconds until a theme was saved."""
    publisher = Desk(made.port, PUBLISHERS[0])
    pairs = publisher.form(THEME, "slug")
    if not trial.save(publisher, pairs):
        trial.faults.append("nothing could be saved before the primary was killed")
    trial.warm()
    made.database.catch_up()
    with meanwhile(trial.read_on):
        made.database.kill()
        last = time.monotonic() + given.hold
        while time.monotonic() < last:
            if trial.save(publisher, pairs):
                trial.faults.append("something was saved without a primary")
        made.database.promote()
        took = waited(lambda: trial.save(publisher, pairs), given.within)
    until(lambda: is_well(made.port), "not every worker makes pages again", given.within)
    return took


def is_well(port: int) -> bool:
    """Tell whether every worker makes pages again."""
    return {Desk(port).get("/themes/").status for _ in range(WARMING)} == {200}


def missing(trial: Trial) -> list[str]:
    """Return the saved themes that the database, or a reader's page, does not have."""
    connection.close()  # that to the former primary
    known = set(model("Theme").objects.values_list("slug", flat=True))
    lost = [f"{slug} was saved and is lost" for slug in trial.saved if slug not in known]
    pages = [trial.read("/themes/") for _ in range(WARMING)]
    stale = [page for page in pages if page and f"Trial {trial.saved[-1]}" not in page.text]
    return lost + [f"{len(stale)} of {WARMING} pages do not show what was saved"] * bool(stale)


def tried(given: Namespace, faults: list[str]) -> str:
    """Fail over, and return in words what was answered."""
    postgres.OPTIONS = DURABLE
    with folder() as here, postgres.server() as primary, postgres.server(primary) as standby:
        pair = Pair(primary, standby)
        try:
            with serving(here, pair) as made:
                made.start()
                trial = Trial(made, faults)
                took = fail_over(made, given, trial)
                faults += missing(trial)
        finally:
            if not pair.is_alive:
                pair.start()  # so that it can be stopped like the other
    answers = ", ".join(f"{number} × {status}" for status, number in sorted(trial.answers.items()))
    return (
        f"no primary for {given.hold:.0f} s; an editor saved {took:.1f} s after the promotion;"
        f" kept pages answered {answers}, the slowest after {trial.slowest:.2f} s"
    )


if __name__ == "__main__":
    sys.exit(conduct("failover", __doc__, options, FULL, tried))
