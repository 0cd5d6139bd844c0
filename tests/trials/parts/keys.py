"""Attacks on sessions: planted keys, keys of sessions that have ended, and sessions of others."""

import re
import time
from collections.abc import Callable, Iterator

from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore

from .server import PASSWORD
from .visitors import (
    CHANGE,
    HERE,
    LOGIN,
    SECOND,
    Place,
    Visitor,
    add_app,
    code,
    confirmed,
    forget,
    is_in,
    opens,
    signed_in,
    within_step,
)

MARK = re.compile(r'name="session" value="([^"]+)"')
ACCOUNT, END = "/accounts/", "/accounts/sessions/end/"


def session_keys(place: Place) -> Iterator[str]:
    """Plant a key, made up or living, sign in over it, and demand a new one at each step and
    nothing at the old.
    """
    for plant in (made_up, living):
        yield from within_step(
            lambda plant=plant: planted(place, plant), lambda *made: taken_over(place, *made)
        )


def made_up(_place: Place) -> str:
    """Return a key that the site never gave."""
    return "a" * 32


def living(_place: Place) -> str:
    """Return the key of a session that the site keeps."""
    store = SessionStore()
    store["sample"] = 1
    store.create()
    return store.session_key


def planted(place: Place, plant: Callable[[Place], str]) -> tuple[Visitor, str, str]:
    """Let somebody give a right password over a planted key."""
    forget()
    person, key = place.person("fixed"), plant(place)
    visitor, secret = place.visitor(), add_app(person)
    visitor.get(LOGIN, **place.sent_by(HERE))  # the form is open when the key is planted
    visitor.cookies["sessionid"] = key
    place.sign_in(person.username, visitor=visitor, **place.sent_by(HERE))
    return visitor, key, secret


def taken_over(place: Place, made: tuple[Visitor, str, str], step: int) -> Iterator[str]:
    """Take the second step, and try the keys before."""
    visitor, key, secret = made
    keys = [key, visitor.cookies["sessionid"]]
    if visiting(place, key).get(SECOND).status == 200:
        yield "sessions: a planted key opens the second step"
    if not (opens(place, visitor, code(secret, step)) and is_in(visitor)):
        yield "sessions: the right password and the right code do not open the desk"
    if len({*keys, visitor.cookies["sessionid"]}) != 3:
        yield "sessions: a key is kept over a step of signing in"
    for other in (visiting(place, each) for each in keys):
        if is_in(other) or other.get(SECOND).status == 200:
            yield "sessions: an earlier key still opens something"


def visiting(place: Place, key: str) -> Visitor:
    """Return somebody with the key of a session."""
    visitor = place.visitor()
    visitor.cookies["sessionid"] = key
    return visitor


def ended(place: Place) -> Iterator[str]:
    """End sessions in each way there is, and try their keys again."""
    for how, end in ENDS.items():
        forget()
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
    other = signed_in(place, person)
    pairs = [
        ("oldpassword", PASSWORD),
        ("password1", "another-pass-phrase"),
        ("password2", "another-pass-phrase"),
    ]
    if other.post(CHANGE, pairs, **place.sent_by(HERE)).status != 302:
        raise RuntimeError("the password was not changed")


def end_elsewhere(place: Place, _visitor: Visitor, person) -> None:
    """Sign out everywhere else."""
    confirmed(place, person).post(END, [], **place.sent_by(HERE))


def end_one(place: Place, _visitor: Visitor, person) -> None:
    """Sign out at the one other place that the account's page lists."""
    other = confirmed(place, person)
    [mark] = MARK.findall(other.get(ACCOUNT, **place.sent_by(HERE)).text)
    other.post(END, [("session", mark)], **place.sent_by(HERE))


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
    "signing out there from elsewhere": end_one,
    "the account was shut": disable,
    "the right to the desk was taken away": demote,
}


def of_others(place: Place) -> Iterator[str]:
    """End somebody else's session by its mark; and look for the keys themselves on the page that
    lists places.
    """
    forget()
    owner, stranger = place.person("listed"), place.person("listed-other")
    here, there = (signed_in(place, owner) for _ in range(2))
    shown = here.get(ACCOUNT, **place.sent_by(HERE)).text
    if any(visitor.cookies["sessionid"] in shown for visitor in (here, there)):
        yield "sessions: the page of an account tells the keys of its sessions"
    [mark] = MARK.findall(shown)
    attacker = confirmed(place, stranger)
    for pairs in ([("session", mark)], [("place", there.cookies["sessionid"])], []):
        attacker.post(END, pairs, **place.sent_by(HERE))
    if not (is_in(here) and is_in(there)):
        yield "sessions: somebody has ended the session of somebody else"
