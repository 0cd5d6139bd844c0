"""Who attacks accounts, and from where: people, visitors behind proxies, guesses, codes, and what
must stay secret.
"""

import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from typing import Protocol

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.test import Client

from .desk import Answer
from .server import PASSWORD

LOGIN, SECOND, DESK, CONFIRM = (
    "/accounts/login/",
    "/accounts/second-step/",
    "/admin/",
    "/accounts/confirm/",
)
CHANGE, NEW = "/accounts/password/", "/accounts/password/new/"
HERE, THERE = "203.0.113.7", "198.51.100.9"  # documentation addresses (RFC 5737)
PROXIES = ("192.0.2.1", "192.0.2.2")
NAME_AT_ADDRESS, NAME_ELSEWHERE, ADDRESS = (
    5,
    20,
    50,
)  # failures, as README.md and docs/asvs.md promise
STEP = 30  # seconds that a code of an app is good for
TRIES = 5  # steps in which a slow machine may try to send a code within one


class Visitor(Protocol):
    """Somebody with cookies: `Desk` over HTTP; the trial's own test has one inside its process."""

    cookies: dict[str, str]

    def get(self, path: str, **headers: str) -> Answer: ...
    def post(self, path: str, pairs: list[tuple[str, str]], **headers: str) -> Answer: ...


@dataclass
class Place:
    """Where the attacks are made; `log` returns what the site has said, `hold` keeps its writing
    waiting.
    """

    visitor: Callable[[], Visitor]
    proxies: int = 0
    guesses: int = 4
    rounds: int = 1
    names: Iterator[int] = field(default_factory=count)
    log: Callable[[], str] = str
    hold: Callable[[], AbstractContextManager] = nullcontext

    def sent_by(self, address: str, forged: str = "") -> dict[str, str]:
        """Return the header that a visitor of an address has behind the proxies, with what they
        forged in front.
        """
        seen = [address, *PROXIES][: self.proxies]
        chain = ", ".join(f"for={each}" for each in [*([forged] if forged else []), *seen])
        return {"Forwarded": chain} if chain else {}

    @property
    def address(self) -> str:
        """Where the site sees a visitor who is HERE."""
        return HERE if self.proxies else "127.0.0.1"

    def person(self, kind: str = "sample", **facts) -> object:
        """Make somebody with the password of all, whom nothing has happened to yet."""
        facts = {"is_staff": True, "password": hashed()} | facts
        return get_user_model().objects.create(username=f"{kind}-{next(self.names)}", **facts)

    def sign_in(
        self, name: str, password: str = PASSWORD, visitor: Visitor | None = None, **headers
    ) -> tuple:
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
    return failures_model()(
        username=name, ip_address=address, path_info=LOGIN, http_accept="", user_agent=""
    )


def forget() -> None:
    """Forget all failures, which would count against the next attack from the same addresses."""
    failures_model().objects.all().delete()


def is_in(visitor: Visitor) -> bool:
    """Tell whether the desk opens."""
    return visitor.get(DESK).status == 200


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


def confirmed(place: Place, person) -> Visitor:
    """Return somebody who is signed in, and has just proved again who they are."""
    visitor = signed_in(place, person)
    if not visitor.post(CONFIRM, [("password", PASSWORD)], **place.sent_by(HERE)).is_done:
        raise RuntimeError(f"{person.username} could not prove who they are")
    return visitor


def group(name: str):
    """Return a group of people."""
    return apps.get_model("auth", "Group").objects.get(name=name)


# --- Second factors --------------------------------------------------------


def add_app(person) -> str:
    """Set up an authenticator app for somebody; returns the secret."""
    secret = totp().generate_totp_secret()
    totp().TOTP.activate(person, secret)
    return secret


def add_recovery_codes(person) -> list[str]:
    """Make recovery codes for somebody who has an app; returns them."""
    recovery = import_module("allauth.mfa.recovery_codes.internal.auth").RecoveryCodes
    return recovery.activate(person).get_unused_codes()


def totp():
    """Return allauth's module of time-based codes, which can be read only once Django is set up."""
    return import_module("allauth.mfa.totp.internal.auth")


def now_step() -> int:
    """Return the step that every clock is in (RFC 6238, section 4.2)."""
    return int(time.time()) // STEP


def code(secret: str, step: int) -> str:
    """Return what an app shows in a step."""
    return totp().format_hotp_value(totp().hotp_value(secret, step))


def wrong_code(secret: str) -> str:
    """Return a code that the app does not show for as long as a trial lasts."""
    shown = {code(secret, now_step() + number) for number in range(-2, 20)}
    return next(each for each in (f"{number:06}" for number in range(100)) if each not in shown)


def at_second_step(place: Place, name: str, password: str = PASSWORD) -> Visitor:
    """Return somebody whose password was right."""
    visitor, answer = place.sign_in(name, password, **place.sent_by(HERE))
    if not answer.is_done or answer.location != SECOND:
        raise RuntimeError(f"the password led to {answer.status}, not to the second step")
    return visitor


def opens(place: Place, visitor: Visitor, typed: str) -> bool:
    """Tell whether a code opens the desk to somebody at the second step."""
    answer = visitor.post(SECOND, [("code", typed)], **place.sent_by(HERE))
    return answer.is_done and answer.location == DESK


def within_step[Made](
    prepare: Callable[[], Made], send: Callable[[Made, int], Iterable[str]]
) -> list[str]:
    """Prepare, and send the codes of one step while it lasts; all over again where it was over too
    soon.
    """
    for _ in range(TRIES):
        made, step = prepare(), now_step()
        found = list(send(made, step))
        if now_step() == step:
            return found
    raise RuntimeError(f"in {TRIES} tries nothing was sent within {STEP} seconds")


# --- Secrets ---------------------------------------------------------------


def unique(kind: str) -> str:
    """Return a word that stands nowhere else."""
    return f"{kind}-{secrets.token_hex(12)}"


def leaked(kept: Iterable[str], text: str) -> Iterator[str]:
    """Yield each secret that stands in a text as a word of its own."""
    yield from (
        secret
        for secret in kept
        if secret and re.search(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", text)
    )


def database() -> str:
    """Return all that is stored, with what is in sessions but without their keys, which only the
    site has.
    """
    session = apps.get_model("sessions", "Session")
    rows = [
        repr(list(each.objects.values_list())) for each in apps.get_models() if each is not session
    ]
    return "\n".join([*rows, *(repr(each.get_decoded()) for each in session.objects.all())])
