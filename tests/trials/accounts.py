"""Accounts: guessing, forging, replaying, fixing, escalating, each over HTTP at the real site with two processes.

Each attack is a function that takes the `Place` it is made at and returns faults in words. A limit is filled with
`--guesses` wrong passwords over HTTP, and where it allows more, the rest are written down as the site itself does it.
Addresses of visitors differ only behind a proxy, so the site is served with TRUSTED_PROXIES 0, 1 and 2 in turn, and
this trial is the proxies: it appends to X-Forwarded-For what they would, behind whatever the visitor has forged.
"""

import re
import statistics
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from typing import Protocol

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from . import permissions
from .desk import Answer, Desk
from .server import PASSWORD, Site, site
from .trial import conduct, progress

FULL = {"guesses": 50, "rounds": 20}
LOGIN, SECOND, DESK = "/accounts/login/", "/accounts/second-step/", "/admin/"
HERE, THERE = "203.0.113.7", "198.51.100.9"  # documentation addresses (RFC 5737)
PROXIES = ("192.0.2.1", "192.0.2.2")
NAME_AT_ADDRESS, NAME_ELSEWHERE, ADDRESS = 5, 20, 50  # failures, as README.md and docs/asvs.md promise

# Whole pages compared leave out what differs each time.
VARYING = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"')
FOREIGN = ("https://evil.example/", "//evil.example", "/\\evil.example", "\t//evil.example", "javascript:alert(1)")
HOSTS = ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "")


class Visitor(Protocol):
    """Somebody with cookies: `Desk` over HTTP; the trial's own test has one inside its process."""

    cookies: dict[str, str]

    def get(self, path: str, **headers: str) -> Answer: ...
    def post(self, path: str, pairs: list[tuple[str, str]], **headers: str) -> Answer: ...


@dataclass
class Place:
    """Where the attacks are made."""

    visitor: Callable[[], Visitor]
    proxies: int = 0
    guesses: int = 4
    rounds: int = 1
    names: Iterator[int] = field(default_factory=count)

    def sent_by(self, address: str, forged: str = "") -> dict[str, str]:
        """Return the header that a visitor of an address has behind the proxies, with what they forged in front."""
        seen = [address, *PROXIES][: self.proxies]
        chain = ", ".join([*([forged] if forged else []), *seen])
        return {"X-Forwarded-For": chain} if chain else {}

    def person(self, kind: str = "sample", **facts) -> object:
        """Make somebody with the password of all, whom nothing has happened to yet."""
        facts = {"is_staff": True, "password": hashed()} | facts
        return get_user_model().objects.create(username=f"{kind}-{next(self.names)}", **facts)

    def sign_in(self, name: str, password: str = PASSWORD, visitor: Visitor | None = None, **headers) -> tuple:
        """Send a name and a password; returns who sent it and the answer."""
        visitor = visitor or self.visitor()
        visitor.get(LOGIN, **headers)
        return visitor, visitor.post(LOGIN, [("login", name), ("password", password)], **headers)

    def guess(self, name: str, address: str, forged: str = "") -> int:
        """Try a wrong password; returns the status."""
        return self.sign_in(name, "not-the-password", **self.sent_by(address, forged))[1].status

    def write_down(self, name: str, address: str, failures: int) -> None:
        """Note failures as the site does."""
        made = [failure(name, address) for _ in range(failures)]
        failures_model().objects.bulk_create(made)


_HASHED = []


def hashed() -> str:
    """Return the stored form of the password of all, made once: it is slow by design."""
    if not _HASHED:
        _HASHED.append(make_password(PASSWORD))
    return _HASHED[0]


def failures_model():
    """Return where failed sign-ins are counted."""
    return apps.get_model("axes", "AccessFailureLog")


def failure(name: str, address: str):
    """Return a failed sign-in that is not stored yet."""
    return failures_model()(username=name, ip_address=address, path_info=LOGIN, http_accept="", user_agent="")


def is_in(visitor: Visitor) -> bool:
    """Tell whether the desk opens."""
    return visitor.get(DESK).status == 200


# --- Guessing ---------------------------------------------------------------------------------------------------------


def one_name(place: Place) -> Iterator[str]:
    """Guess one name from one address, under another forged address each time."""
    forget(place)
    name = place.person("guessed").username
    address = HERE if place.proxies else "127.0.0.1"
    written = max(0, NAME_AT_ADDRESS - 1 - place.guesses)
    place.write_down(name, address, written)
    taken = written + taken_until_shut(lambda n: place.guess(name, HERE, f"10.0.0.{n}"), NAME_AT_ADDRESS)
    if taken != NAME_AT_ADDRESS - 1:
        yield f"one name at one address: {taken} guesses were answered before the door shut"
    if place.sign_in(name, **place.sent_by(HERE, "10.9.9.9"))[1].status != 429:
        yield "one name at one address: the right password opens the door that guessing shut"
    if place.proxies and place.sign_in(name, **place.sent_by(THERE, HERE))[1].status != 302:
        yield "one name at one address: guesses there, or a forged address, shut out somebody at another"


def many_addresses(place: Place) -> Iterator[str]:
    """Guess one name from many addresses; who has signed in before is not shut out by it."""
    if not place.proxies:  # without proxies all have one address
        return
    forget(place)
    name = place.person("spread").username
    if place.sign_in(name, **place.sent_by(THERE))[1].status != 302:
        yield "many addresses: nobody guessed, and the right password does not open"
    written = max(0, NAME_ELSEWHERE - 1 - place.guesses)
    for n in range(written):
        place.write_down(name, f"10.1.0.{n}", 1)
    taken = written + taken_until_shut(lambda n: place.guess(name, f"10.2.0.{n}"), NAME_ELSEWHERE)
    if taken != NAME_ELSEWHERE - 1:
        yield f"many addresses: {taken} guesses at one name were answered before the door shut"
    if place.guess(name, "10.3.0.1", forged=THERE) != 429:
        yield "many addresses: a forged address of somebody known is believed"
    if place.sign_in(name, **place.sent_by(THERE))[1].status != 302:
        yield "many addresses: strangers shut somebody out of their usual desk"


def many_names(place: Place) -> Iterator[str]:
    """Try a password on many names from one address."""
    forget(place)
    address = HERE if place.proxies else "127.0.0.1"
    written = max(0, ADDRESS - 1 - place.guesses)
    for n in range(written):
        place.write_down(f"nobody-{n}", address, 1)
    taken = written + taken_until_shut(lambda n: place.guess(f"no-one-{n}", HERE, f"10.4.0.{n}"), ADDRESS)
    if taken != ADDRESS - 1:
        yield f"many names: {taken} guesses from one address were answered before the door shut"


def at_once(place: Place) -> Iterator[str]:
    """Guess one name many times at the same moment."""
    forget(place)
    name = place.person("hurried").username
    # As many again as the door lets through, whatever the size: each that is let through costs a slow hash.
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: place.guess(name, HERE), range(2 * NAME_AT_ADDRESS)))
    if answers.count(200) >= NAME_AT_ADDRESS:
        yield f"at once: {answers.count(200)} guesses were answered"


def taken_until_shut(guess: Callable[[int], int], limit: int) -> int:
    """Guess until a guess is refused, and a few times more than should be possible; returns how many were answered."""
    for taken in range(limit + 2):
        if guess(taken) == 429:
            return taken
    return limit + 2


def forget(place: Place) -> None:
    """Forget all failures, which would count against the next attack from the same addresses."""
    failures_model().objects.all().delete()


def timing(place: Place) -> Iterator[str]:
    """Compare the time of a wrong password for names that exist and names that do not, taken in turn."""
    forget(place)
    known, unknown = [], []
    for n in range(max(3, place.rounds)):
        for taken, name in ((known, place.person("timed").username), (unknown, f"no-timed-{n}")):
            began = time.perf_counter()
            place.guess(name, f"10.5.{n // 200}.{n % 200}")
            taken.append(time.perf_counter() - began)
        forget(place)
    yield from uneven(known, unknown)


def uneven(known: list[float], unknown: list[float]) -> Iterator[str]:
    """Say whether medians differ by more than so few are noisy; without a hash they differ by a factor of 10."""
    allowed = 1.15 if len(known) >= 20 else 2.5
    ratio = statistics.median(known) / statistics.median(unknown)
    if not 1 / allowed < ratio < allowed:
        yield f"timing: a name that exists takes {ratio:.2f} times as long as one that does not"


def messages(place: Place) -> Iterator[str]:
    """Compare all that is answered to a wrong password for names that exist, have a second step, or do not exist."""
    forget(place)
    person, prepared, dead = place.person("told"), place.person("told-two"), place.person("told-off", is_active=False)
    add_app(prepared)
    pages = {}
    for name in (person.username, prepared.username, dead.username, "nobody-told"):
        answer = place.sign_in(name, "not-the-password", **place.sent_by(HERE))[1]
        pages[name] = (answer.status, sorted(answer.headers), VARYING.sub("", answer.text).replace(name, "NAME"))
    if len({repr(page) for page in pages.values()}) != 1:
        yield "messages: a wrong password tells whether the name exists"


# --- Second factors ---------------------------------------------------------------------------------------------------


def add_app(person) -> str:
    """Set up an authenticator app for somebody, and recovery codes; returns the secret."""
    secret = totp().generate_totp_secret()
    totp().TOTP.activate(person, secret)
    return secret


def totp():
    """Return allauth's module of time-based codes, which can be read only once Django is set up."""
    return import_module("allauth.mfa.totp.internal.auth")


def codes(secret: str) -> list[str]:
    """Return the codes of the step before, of this one, which alone is good, and of the next."""
    steps = [int(time.time()) // 30 + number for number in (-1, 0, 1)]
    return [totp().format_hotp_value(totp().hotp_value(secret, step)) for step in steps]


def at_second_step(place: Place, name: str) -> Visitor:
    """Return somebody whose password was right."""
    visitor, answer = place.sign_in(name, **place.sent_by(HERE))
    if not answer.is_done or answer.location != SECOND:
        raise RuntimeError(f"the password led to {answer.status}, not to the second step")
    return visitor


def replayed_app(place: Place) -> Iterator[str]:
    """Send one code twice at once to two processes, then again, then one older."""
    for _round in range(place.rounds):
        forget(place)
        person = place.person("app")
        older, code, _newer = codes(add_app(person))
        yield from once(place, person.username, code, "a code of an app")
        if opens(place, person.username, older):
            yield "second step: a code older than the last one opens"


def replayed_recovery(place: Place) -> Iterator[str]:
    """The same with a recovery code; another of them still works."""
    recovery = import_module("allauth.mfa.recovery_codes.internal.auth").RecoveryCodes
    for _round in range(place.rounds):
        forget(place)
        person = place.person("recovery")
        add_app(person)
        code, other, *_rest = recovery.activate(person).get_unused_codes()
        yield from once(place, person.username, code, "a recovery code")
        if not opens(place, person.username, other):
            yield "second step: one used recovery code spoils the others"


def once(place: Place, name: str, code: str, what: str) -> Iterator[str]:
    """Demand that a code opens once, though two send it at the same moment."""
    both = [at_second_step(place, name) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda each: each.post(SECOND, [("code", code)], **place.sent_by(HERE)), both))
    opened = [each.is_done and each.location == DESK for each in answers]
    if sum(opened) != 1:
        yield f"second step: {what} sent twice at once opens {sum(opened)} times"
    forget(place)
    if opens(place, name, code):
        yield f"second step: {what} opens again"


def opens(place: Place, name: str, code: str) -> bool:
    """Tell whether a code opens the desk."""
    visitor = at_second_step(place, name)
    visitor.post(SECOND, [("code", code)], **place.sent_by(HERE))
    return is_in(visitor)


# --- Sessions ---------------------------------------------------------------------------------------------------------


def session_keys(place: Place) -> Iterator[str]:
    """Plant a key, sign in over it, and demand a new one at each step and nothing at the old ones."""
    forget(place)
    person = place.person("fixed")
    _older, code, _newer = codes(add_app(person))
    visitor = place.visitor()
    visitor.cookies["sessionid"] = planted = "a" * 32
    place.sign_in(person.username, visitor=visitor, **place.sent_by(HERE))
    after_password = visitor.cookies["sessionid"]
    visitor.post(SECOND, [("code", code)], **place.sent_by(HERE))
    after_code = visitor.cookies["sessionid"]
    if not is_in(visitor):
        yield "sessions: the right password and the right code do not open the desk"
    if len({planted, after_password, after_code}) != 3:
        yield "sessions: a key is kept over a step of signing in"
    for key in (planted, after_password):
        other = place.visitor()
        other.cookies["sessionid"] = key
        if is_in(other) or other.get(SECOND).status == 200:
            yield "sessions: an earlier key still opens something"


def ended(place: Place) -> Iterator[str]:
    """End sessions in each way there is, and try their keys again."""
    for how, end in ENDS.items():
        forget(place)
        person = place.person("ended")
        visitor, _answer = place.sign_in(person.username, **place.sent_by(HERE))
        key = visitor.cookies["sessionid"]
        if not is_in(visitor):
            yield f"sessions: nothing opens before {how}"
        end(place, visitor, person)
        visitor.cookies["sessionid"] = key
        if is_in(visitor):
            yield f"sessions: the key opens the desk after {how}"


def age(**seconds: float) -> Callable:
    """Return how to make the session of a visitor as old as that."""

    def end(_place: Place, visitor: Visitor, _person) -> None:
        store = SessionStore(visitor.cookies["sessionid"])
        for name, old in seconds.items():
            store[f"desk.{name}"] = time.time() - old
        store.save()

    return end


def sign_out(_place: Place, visitor: Visitor, _person) -> None:
    """Sign out with the button."""
    visitor.post("/accounts/logout/", [])


def change_password(place: Place, _visitor: Visitor, person) -> None:
    """Change the password somewhere else."""
    other, _answer = place.sign_in(person.username, **place.sent_by(HERE))
    pairs = [("oldpassword", PASSWORD), ("password1", "another-pass-phrase"), ("password2", "another-pass-phrase")]
    if other.post("/accounts/password/", pairs, **place.sent_by(HERE)).status != 302:
        raise RuntimeError("the password was not changed")


def end_elsewhere(place: Place, _visitor: Visitor, person) -> None:
    """Sign out everywhere else."""
    other, _answer = place.sign_in(person.username, **place.sent_by(HERE))
    other.post("/accounts/confirm/", [("password", PASSWORD)], **place.sent_by(HERE))
    other.post("/accounts/sessions/end/", [])


def disable(_place: Place, _visitor: Visitor, person) -> None:
    """Shut the account."""
    get_user_model().objects.filter(pk=person.pk).update(is_active=False)


def demote(_place: Place, _visitor: Visitor, person) -> None:
    """Take the right to the desk away."""
    get_user_model().objects.filter(pk=person.pk).update(is_staff=False)


ENDS = {
    "signing out": sign_out,
    "2 hours without use": age(seen=2 * 3600 + 60),
    "12 hours": age(began=12 * 3600 + 60),
    "a new password": change_password,
    "signing out everywhere else": end_elsewhere,
    "the account was shut": disable,
    "the right to the desk was taken away": demote,
}


# --- Addresses --------------------------------------------------------------------------------------------------------


def leading_away(place: Place) -> Iterator[str]:
    """Ask to be led to another site after signing in."""
    for target in FOREIGN:
        forget(place)
        name = place.person("led").username
        visitor = place.visitor()
        visitor.get(LOGIN, **place.sent_by(HERE))
        pairs = [("login", name), ("password", PASSWORD), ("next", target)]
        answer = visitor.post(LOGIN, pairs, **place.sent_by(HERE))
        if answer.headers.get("location") != DESK:
            yield f"leading away: next={target!r} leads to {answer.headers.get('location')}"


def hosts(place: Place) -> Iterator[str]:
    """Name another host in each way a request can; no answer may repeat it."""
    for path in ("/", LOGIN, "/recommendations.json", "/PARIS-2025/"):
        for host in HOSTS:
            answer = place.visitor().get(path, Host=host)
            # Another spelling of an address leads to its path alone, before the host is looked at.
            if answer.status != 400 and not re.fullmatch("/[A-Z0-9-]+", answer.headers.get("location", "")):
                yield f"hosts: {path} of the host {host!r} answers {answer.status}"
        for name in ("X-Forwarded-Host", "X-Original-Host", "Forwarded"):
            answer = place.visitor().get(path, **{name: "host=evil.example" if name == "Forwarded" else "evil.example"})
            if "evil.example" in answer.text + answer.headers.get("location", ""):
                yield f"hosts: {path} repeats the host of {name}"


def signed_in(place: Place, person) -> Visitor:
    """Return somebody who is signed in without having to, or a stranger for nobody."""
    if person is None:
        return place.visitor()
    client = Client()
    client.force_login(person)
    visitor = place.visitor()
    visitor.get(LOGIN)
    visitor.cookies["sessionid"] = client.cookies["sessionid"].value
    return visitor


def escalating(place: Place) -> Iterator[str]:
    """Send, as an editor, more fields than forms have, and forms that are others'."""
    group = apps.get_model("auth", "Group").objects.get(name="Editors")
    person = place.person("climbing")
    person.groups.add(group)
    visitor = signed_in(place, person)
    entries = apps.get_model("recommendations", "Recommendation").objects
    entry = entries.filter(status="published").first()
    joined = [("date_joined_0", "2026-01-02"), ("date_joined_1", "10:00:00")]  # without which the form is not valid
    powers = [("is_superuser", "on"), ("is_staff", "on"), ("is_active", "on"), ("groups", "1"), ("groups", "2")]
    proposed = [("status", "published"), ("number", "99"), ("code", "EVIL-2025-1"), ("title", "Sample"), ("_save", "1")]
    for path, pairs in (
        (f"/admin/auth/user/{person.pk}/change/", [("username", person.username), *joined, *powers]),
        (f"/admin/auth/user/{person.pk}/password/", [("password1", "x" * 20), ("password2", "x" * 20)]),
        ("/admin/auth/user/add/", [("username", "sample-evil"), *powers]),
        (f"/admin/auth/group/{group.pk}/change/", [("name", "Editors"), ("permissions", "1")]),
        ("/accounts/confirm/", [("password", PASSWORD), *powers]),
        (f"/admin/recommendations/recommendation/{entry.pk}/change/", proposed),
    ):
        visitor.post(path, pairs)
    now = get_user_model().objects.get(pk=person.pk)
    if (now.is_superuser, now.password, now.user_permissions.count(), now.groups.count()) != (False, hashed(), 0, 1):
        yield "escalating: an editor changed what they may do"
    if get_user_model().objects.filter(username="sample-evil").exists():
        yield "escalating: an editor made an account"
    if (
        not apps.get_model("recommendations", "Recommendation")
        .objects.filter(pk=entry.pk, number=entry.number, title=entry.title)
        .exists()
    ):
        yield "escalating: an editor changed a published entry by fields that the form does not have"


def tokens(place: Place) -> Iterator[str]:
    """Post to every address of the site map without a token, as somebody who may do everything."""
    visitor = signed_in(place, place.person("all", is_superuser=True))
    visitor.cookies.pop("csrftoken", None)
    for path in (permissions.address(route) for route in permissions.routes()):
        answer = visitor.post(path, [("csrfmiddlewaretoken", "")])
        if answer.status not in (403, 404, 405) and path != "/appearance":  # which changes colours only
            yield f"tokens: {path} takes a form without its token: {answer.status}"


def matrix(place: Place) -> Iterator[str]:
    """Ask for each of the editors' addresses as each kind of person, and compare with what was agreed."""
    agreed, found = permissions.agreed(), permissions.found(lambda person: signed_in(place, person), place.person)
    for line in sorted(agreed ^ found):
        yield f"permissions: {'missing' if line in agreed else 'not agreed'}: {line}"


EVERYWHERE = (one_name, many_addresses, many_names)
ONCE = (
    *(at_once, timing, messages, replayed_app, replayed_recovery, session_keys, ended),
    *(leading_away, hosts, escalating, tokens, matrix),
)


def chosen(given: Namespace, proxies: int) -> list[Callable[[Place], Iterator[str]]]:
    """Return the attacks to be made behind so many proxies."""
    attacks = [*EVERYWHERE, *(ONCE if proxies == given.proxies[-1] else ())]
    return [each for each in attacks if each.__name__ in (given.only or [each.__name__])]


def serve(made: Site, proxies: int) -> None:
    """Serve behind so many proxies."""
    made.environment["TRUSTED_PROXIES"] = str(proxies)
    made.start()


def run(made: Site, given: Namespace, faults: list[str]) -> int:
    """Serve behind 0, 1 and 2 proxies in turn, and attack; returns how many attacks were made."""
    names, count_made = count(), 0
    for proxies in given.proxies:
        serve(made, proxies)
        place = Place(lambda: Desk(made.port), proxies, given.guesses, given.rounds, names)
        for attack in chosen(given, proxies):
            faults.extend(f"behind {proxies}: {fault}" for fault in attack(place))
            count_made += 1
            progress(f"behind {proxies}: {attack.__name__}", faults)
        faults += [f"behind {proxies}: {fault}" for fault in made.complaints()]
        made.kill()
    return count_made


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    known = [each.__name__ for each in (*EVERYWHERE, *ONCE)]
    parser.add_argument("--guesses", type=int, default=4, help="wrong passwords over HTTP at each limit (4)")
    parser.add_argument("--rounds", type=int, default=1, help="how often codes are replayed and times taken (1)")
    parser.add_argument("--proxies", type=int, nargs="+", default=[0, 1, 2], choices=(0, 1, 2))
    parser.add_argument("--only", nargs="+", choices=known, metavar="ATTACK", help=f"of {', '.join(known)}")


def tried(given: Namespace, faults: list[str]) -> str:
    """Attack, and return in words how often."""
    with site(given.database) as made:
        attacks = run(made, given, faults)
    return f"{attacks} attacks of {given.guesses} guesses and {given.rounds} rounds behind {given.proxies} proxies"


if __name__ == "__main__":
    sys.exit(conduct("accounts", __doc__, options, FULL, tried))
