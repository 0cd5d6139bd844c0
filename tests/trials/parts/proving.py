"""Attacks on what proves who somebody is: codes sent again, links used again or made up, old
proofs, told secrets.
"""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.sessions.backends.db import SessionStore

from .desk import Answer
from .server import PASSWORD
from .visitors import (
    CHANGE,
    CONFIRM,
    HERE,
    LOGIN,
    NAME_AT_ADDRESS,
    NEW,
    SECOND,
    Place,
    Visitor,
    add_app,
    add_recovery_codes,
    at_second_step,
    code,
    confirmed,
    database,
    forget,
    is_in,
    leaked,
    opens,
    signed_in,
    unique,
    within_step,
    wrong_code,
)

HOUR, DAY = 3600, 24 * 3600  # seconds
LINK = re.compile(r"/accounts/password/new/\?key=([\w-]+)")
OLD_CODES = (-2, -1, 1, 2)  # steps from now whose codes are no good

# --- Codes -----------------------------------------------------------------


def replayed_app(place: Place) -> Iterator[str]:
    """Send one code twice at once to two processes, then again, then one older; and codes of other
    steps.
    """

    def prepare() -> tuple[str, list[Visitor], str, list[Visitor]]:
        forget()
        used, other = place.person("app"), place.person("app-unused")
        secrets = add_app(used), add_app(other)
        first = [at_second_step(place, used.username) for _ in range(4)]
        return (
            secrets[0],
            first,
            secrets[1],
            [at_second_step(place, other.username) for _ in OLD_CODES],
        )

    def send(made: tuple, step: int) -> Iterator[str]:
        secret, (*both, again, late), unused, others = made
        yield from once(place, both, again, code(secret, step), "a code of an app")
        if opens(place, late, code(secret, step - 1)):
            yield "second step: a code older than the last one opens"
        for visitor, steps in zip(others, OLD_CODES, strict=True):
            forget()
            if opens(place, visitor, code(unused, step + steps)):
                yield f"second step: a code opens {steps} steps from its own"

    for _round in range(place.rounds):
        yield from within_step(prepare, send)


def replayed_recovery(place: Place) -> Iterator[str]:
    """The same with a recovery code; another of them still works."""
    for _round in range(place.rounds):
        forget()
        person = place.person("recovery")
        add_app(person)
        used, other, *_rest = add_recovery_codes(person)
        *both, again, last = [at_second_step(place, person.username) for _ in range(4)]
        yield from once(place, both, again, used, "a recovery code")
        if not opens(place, last, other):
            yield "second step: one used recovery code spoils the others"


def once(place: Place, both: list[Visitor], again: Visitor, typed: str, what: str) -> Iterator[str]:
    """Demand that a code opens once, though two send it at the same moment, and one later."""
    with ThreadPoolExecutor(2) as pool:
        opened = list(pool.map(lambda each: opens(place, each, typed), both))
    if sum(opened) != 1:
        yield f"second step: {what} sent twice at once opens {sum(opened)} times"
    forget()
    if opens(place, again, typed):
        yield f"second step: {what} opens again"


# --- Proving it again ------------------------------------------------------


def proved_long_ago(place: Place) -> Iterator[str]:
    """Change how somebody signs in an hour after they proved who they are."""
    forget()
    person, bare = place.person("proved"), place.person("proved-bare")
    add_app(person)
    add_recovery_codes(person)
    factors = apps.get_model("mfa", "Authenticator").objects
    passkey = factors.create(
        user=person, type="webauthn", data={"name": "Sample", "credential": {}}
    )
    before = list(factors.filter(user=person).values())
    named = f"passkeys/{passkey.pk}"
    guarded = (
        "app/remove/",
        "recovery-codes/new/",
        "passkeys/add/",
        f"{named}/remove/",
        "sessions/end/",
    )
    for somebody, paths in ((person, guarded), (bare, ("app/add/",))):
        visitor = confirmed(place, somebody)
        fresh = visitor.get(f"/accounts/{paths[0]}", **place.sent_by(HERE)).status
        if fresh != 200:
            yield f"proved now: /accounts/{paths[0]} answers {fresh}"
        grow_old(visitor)
        for path in paths:
            for answer in (
                visitor.get(f"/accounts/{path}", **place.sent_by(HERE)),
                visitor.post(f"/accounts/{path}", [("name", "Sample")], **place.sent_by(HERE)),
            ):
                if answer.status != 405 and not (answer.is_done and answer.location == CONFIRM):
                    yield f"proved an hour ago: /accounts/{path} answers {answer.status}"
    if list(factors.filter(user=person).values()) != before:
        yield "proved an hour ago: a second factor was changed"


def grow_old(visitor: Visitor) -> None:
    """Make what somebody proved an hour old."""
    store = SessionStore(visitor.cookies["sessionid"])
    store["account_authentication_methods"] = [
        each | {"at": each["at"] - HOUR} for each in store["account_authentication_methods"]
    ]
    store.save()


# --- Links -----------------------------------------------------------------


def links(place: Place) -> Iterator[str]:
    """Use a link for a new password twice, twice at once, after another was made, altered, of
    others, and made up.
    """
    forget()
    keeper = signed_in(place, place.person("keeper", is_superuser=True))
    person, other = place.person("linked"), place.person("linked-other")
    add_app(person)
    before = signed_in(place, person)
    replaced, key = made_link(place, keeper, person), made_link(place, keeper, person)
    if is_in(before):
        yield "links: a session outlives the making of a link"
    if place.sign_in(person.username, **place.sent_by(HERE))[1].status != 200:
        yield "links: the password outlives the making of a link"
    yield from refused(
        place, person, {"after another was made": replaced} | made_up(person, other, key)
    )
    yield from used_at_once(place, person, key)
    yield from refused(place, person, {"used": key})
    closed = place.person("linked-closed")
    key = made_link(place, keeper, closed)
    get_user_model().objects.filter(pk=closed.pk).update(is_active=False)
    yield from refused(place, closed, {"of a closed account": key})


def made_link(place: Place, keeper: Visitor, person) -> str:
    """Let an administrator make a link; returns its key."""
    shown = keeper.post(f"/admin/auth/user/{person.pk}/password/", [], **place.sent_by(HERE))
    return LINK.search(shown.text)[1]


def made_up(person, other, key: str) -> dict[str, str]:
    """Return keys that are not good, by what is wrong with them; `key` is good."""
    pk, moment, signed = key.split("-")
    tokens = import_module("recommendations.accounts.password_links").tokens
    now, made = tokens._num_seconds(tokens._now()), tokens._make_token_with_timestamp
    fresh = get_user_model().objects.get(pk=person.pk)
    swapped = signed[:-1] + ("0" if signed[-1] != "0" else "1")
    return {
        "altered": f"{pk}-{moment}-{swapped}",
        "cut short": f"{pk}-{moment}-{signed[:-1]}",
        "in capitals": f"{pk}-{moment}-{signed.upper()}" if signed != signed.upper() else "",
        "of another moment": f"{pk}-{moment[:-1]}{'0' if moment[-1] != '0' else '1'}-{signed}",
        "of somebody else": f"{other.pk}-{moment}-{signed}",
        "a day and an hour old": f"{pk}-{made(fresh, now - DAY - HOUR, tokens.secret)}",
        "from the future": f"{pk}-{made(fresh, now + 10 * DAY, 'guessed')}",
        "signed with a guessed key": f"{pk}-{made(fresh, now, 'guessed')}",
        "made for another purpose": f"{pk}-{PasswordResetTokenGenerator().make_token(fresh)}",
        "guessed": f"{pk}-{moment}-{'0' * 32}",
        "empty": "",
    }


def refused(place: Place, person, keys: dict[str, str]) -> Iterator[str]:
    """Demand that each key opens nothing and sets nothing."""
    people = get_user_model().objects
    before = set(people.values_list("pk", "password"))
    for what, key in keys.items():
        visitor = place.visitor()
        visitor.get(LOGIN, **place.sent_by(HERE))
        statuses = (
            visitor.get(f"{NEW}?key={key}", **place.sent_by(HERE)).status,
            choose(place, visitor, key).status,
        )
        if statuses != (410, 410) or set(people.values_list("pk", "password")) != before:
            yield f"links: one {what} is answered {statuses}"


def used_at_once(place: Place, person, key: str) -> Iterator[str]:
    """Send two passwords by one link at the same moment: one of them is set, and opens the second
    step alone.
    """
    both = {unique("phrase"): place.visitor() for _ in range(2)}
    for visitor in both.values():
        visitor.get(f"{NEW}?key={key}", **place.sent_by(HERE))
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda typed: choose(place, both[typed], key, typed), both))
    done = [typed for typed, answer in zip(both, answers, strict=True) if answer.is_done]
    if len(done) != 1:
        yield f"links: one sent twice at once sets {len(done)} passwords"
        return
    if any(is_in(visitor) for visitor in both.values()):
        yield "links: one opens the desk by itself"
    forget()
    opened = [
        place.sign_in(person.username, typed, **place.sent_by(HERE))[1]
        for typed in (*done, PASSWORD)
    ]
    if [answer.is_done and answer.location for answer in opened] != [SECOND, False]:
        yield "links: what was chosen does not lead to the second step, or the password before does"


def choose(place: Place, visitor: Visitor, key: str, typed: str = "") -> Answer:
    """Send a new password with the key of a link."""
    typed = typed or unique("phrase")
    pairs = [("key", key), ("password1", typed), ("password2", typed)]
    return visitor.post(NEW, pairs, **place.sent_by(HERE))


# --- What is told ----------------------------------------------------------


def told(place: Place) -> Iterator[str]:
    """Type secrets wherever they are asked for; none is in the log or the database, and the log
    says what happened.
    """
    typed = [*typed_secrets(place)]
    for place_of, text in (("log", place.log()), ("database", database())):
        for secret in leaked(typed, text):
            yield f"secrets: {secret!r} is in the {place_of}"


def typed_secrets(place: Place) -> Iterator[str]:
    """Do everything that has a secret in it, right and wrong, and yield the secrets."""
    forget()
    keeper = signed_in(place, place.person("keeper", is_superuser=True))
    person = place.person("told-all")
    key, chosen = made_link(place, keeper, person), unique("chosen")
    link, secret = place.visitor(), add_app(person)
    link.get(f"{NEW}?key={key}", **place.sent_by(HERE))
    codes, wrong = add_recovery_codes(person), [unique("wrong") for _ in range(4)]
    choose(place, link, key, chosen)
    yield from (key, chosen, secret, *codes[:2], *wrong)
    place.sign_in(person.username, wrong[0], **place.sent_by(HERE))
    visitor = at_second_step(place, person.username, chosen)
    yield visitor.cookies["sessionid"]
    for each in (wrong[1], wrong_code(secret), codes[0]):
        visitor.post(SECOND, [("code", each)], **place.sent_by(HERE))
    forget()
    visitor.post(CONFIRM, [("password", wrong[2])], **place.sent_by(HERE))
    visitor.post("/accounts/confirm/code/", [("code", codes[1])], **place.sent_by(HERE))
    visitor.post(
        CHANGE,
        [("oldpassword", wrong[3]), ("password1", chosen), ("password2", chosen)],
        **place.sent_by(HERE),
    )
    yield visitor.cookies["sessionid"]


def reported(place: Place) -> Iterator[str]:
    """Do what an operator has to know of: each is a line about security, of one form, and no name
    can make another.
    """
    forget()
    person = place.person("reported")
    for _ in range(NAME_AT_ADDRESS):
        place.guess(person.username, HERE)
    place.sign_in('x\n{"logger": "security", "event": "forged"}\x1b[2J', **place.sent_by(HERE))
    visitor = signed_in(place, person)
    visitor.get("/admin/auth/user/", **place.sent_by(HERE))
    visitor.cookies.pop("csrftoken")
    visitor.post(LOGIN, [], **place.sent_by(HERE))
    forget()
    place.sign_in(person.username, **place.sent_by(HERE))
    lines = [line for line in place.log().splitlines() if line.startswith("{")]
    events = {(each.get("event"), each.get("account")) for each in map(json.loads, lines)}
    kinds = {event for event, _account in events}
    for kind in ("failed sign-in", "too many guesses", "refused access", "csrf"):
        if kind not in kinds:
            yield f"log: it does not say {kind!r}"
    if ("sign-in", person.username) not in events:
        yield "log: it does not say who signed in"
    if "forged" in kinds or "\x1b" in place.log():
        yield "log: a name that was typed has made a line of its own"
