"""Accounts: guessing, forging, replaying, fixing, escalating, each over HTTP at the real site with
two processes.

Each attack is a function that takes the `Place` it is made at and returns faults in words. A limit
is filled with `--guesses` wrong passwords over HTTP, and where it allows more, the rest are written
down as the site itself does it. Addresses of visitors differ only behind a proxy, so the site is
served with TRUSTED_PROXIES 0, 1 and 2 in turn, and this trial is the proxies: it appends to
Forwarded what they would, behind whatever the visitor has forged. Last it is served with
REQUIRE_SECOND_FACTOR and FOUR_EYES. Whatever was typed that is secret is looked for in its log.
"""

import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from django.db import connection, transaction

from .parts import guessing, keys, powers, proving
from .parts.desk import Answer, Desk
from .parts.server import PASSWORD, Site, site
from .parts.trial import conduct, progress
from .parts.visitors import Place, leaked

FULL = {"guesses": 50, "rounds": 20}
SECRET = ("password", "oldpassword", "password1", "password2", "code", "key")  # fields of forms
NO_SECRETS = {"", '""', "not-the-password"}
HELD = 1.0  # seconds that the site's writing waits, so that guesses meet
STRICT = {"REQUIRE_SECOND_FACTOR": "1", "FOUR_EYES": "1"}

Attack = Callable[[Place], Iterator[str]]

EVERYWHERE = (
    guessing.one_name,
    guessing.one_household,
    guessing.many_addresses,
    guessing.many_names,
)
ONCE = (
    *(guessing.at_once, guessing.doors, guessing.timing, guessing.messages),
    *(proving.replayed_app, proving.replayed_recovery, proving.proved_long_ago, proving.links),
    *(proving.told, proving.reported, keys.session_keys, keys.ended, keys.of_others),
    *(
        powers.leading_away,
        powers.followed,
        powers.hosts,
        powers.escalating,
        powers.tokens,
        powers.matrix,
    ),
    powers.originals,
)
STRICTLY = (powers.required_factor, powers.four_eyes)


class Watched(Desk):
    """A visitor whose secrets are remembered."""

    def __init__(self, port: int, secrets: set[str]):
        super().__init__(port)
        self.secrets = secrets

    def request(self, method: str, path: str, *sent, **headers: str) -> Answer:
        answer = super().request(method, path, *sent, **headers)
        self.secrets.add(self.cookies.get("sessionid", ""))
        return answer

    def post(self, path: str, pairs: list, **headers: str) -> Answer:
        self.secrets |= {value for name, value in pairs if name in SECRET}
        return super().post(path, pairs, **headers)


@contextmanager
def writing_held() -> Iterator[None]:
    """Keep whoever writes down a guess waiting, while all may read; a little longer than it takes
    to get there.
    """
    with transaction.atomic():  # on SQLite nobody else writes in it
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE axes_accessfailurelog IN SHARE MODE")
        yield
        time.sleep(HELD)


def phases(given: Namespace) -> Iterator[tuple[dict[str, str], int, list[Attack]]]:
    """Yield how the site is served, behind how many proxies, and the attacks that are made then."""
    last = given.proxies[-1]
    served = [
        ({}, proxies, (*EVERYWHERE, *(ONCE if proxies == last else ())))
        for proxies in given.proxies
    ]
    for environment, proxies, attacks in (*served, (STRICT, last, STRICTLY)):
        chosen = [each for each in attacks if each.__name__ in (given.only or [each.__name__])]
        if chosen:
            yield environment, proxies, chosen


def run(made: Site, given: Namespace, faults: list[str]) -> int:
    """Serve in each way in turn, and attack; returns how many attacks were made."""
    names, secrets, made_count, before = count(), set(), 0, dict(made.environment)
    for environment, proxies, attacks in phases(given):
        made.environment = (
            before | {"TRUSTED_PROXIES": str(proxies), "LOG_REQUESTS": "1"} | environment
        )
        made.start()
        visitor = lambda: Watched(made.port, secrets)  # noqa: E731
        place = Place(visitor, proxies, given.guesses, given.rounds, names, made.log, writing_held)
        for attack in attacks:
            faults.extend(f"behind {proxies}: {fault}" for fault in attack(place))
            made_count += 1
            progress(f"behind {proxies}: {attack.__name__}", faults)
        faults += [f"behind {proxies}: {fault}" for fault in made.complaints()]
        made.kill()
    faults += [
        f"secrets: {each!r} is in the log"
        for each in leaked(secrets - NO_SECRETS - {PASSWORD}, made.log())
    ]
    return made_count


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    known = [each.__name__ for each in (*EVERYWHERE, *ONCE, *STRICTLY)]
    parser.add_argument(
        "--guesses", type=int, default=4, help="wrong passwords over HTTP at each limit (4)"
    )
    parser.add_argument(
        "--rounds", type=int, default=1, help="how often codes are replayed and times taken (1)"
    )
    parser.add_argument("--proxies", type=int, nargs="+", default=[0, 1, 2], choices=(0, 1, 2))
    parser.add_argument(
        "--only", nargs="+", choices=known, metavar="ATTACK", help=f"of {', '.join(known)}"
    )


def tried(given: Namespace, faults: list[str]) -> str:
    """Attack, and return in words how often."""
    with site(given.database) as made:
        attacks = run(made, given, faults)
    return (
        f"{attacks} attacks of {given.guesses} guesses and {given.rounds} rounds behind "
        f"{given.proxies} proxies"
    )


if __name__ == "__main__":
    sys.exit(conduct("accounts", __doc__, options, FULL, tried))
