"""Attacks on accounts by guessing: names, passwords and codes, from one address or many, one by one
or all at once.
"""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from .server import PASSWORD
from .visitors import (
    ADDRESS,
    CHANGE,
    CONFIRM,
    HERE,
    LOGIN,
    NAME_AT_ADDRESS,
    NAME_ELSEWHERE,
    SECOND,
    THERE,
    Place,
    Visitor,
    add_app,
    forget,
    signed_in,
    wrong_code,
)

HOUSE, NEXT_HOUSE = (
    "2001:db8:0:1:",
    "2001:db8:0:2:",
)  # two /64 networks (RFC 3849), each one household

# Whole pages compared leave out what differs each time.
VARYING = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|\d+ minutes?')


def one_name(place: Place) -> Iterator[str]:
    """Guess one name from one address, under another forged address each time; then one that nobody
    has.
    """
    forget()
    name = place.person("guessed").username
    for guessed in (name, f"nobody-{name}"):
        written = max(0, NAME_AT_ADDRESS - 1 - place.guesses)
        place.write_down(guessed, place.address, written)
        taken = written + taken_until_shut(
            lambda n, guessed=guessed: place.guess(guessed, HERE, f"10.0.0.{n}"), NAME_AT_ADDRESS
        )
        if taken != NAME_AT_ADDRESS - 1:
            told = "one name" if guessed == name else "a name that nobody has"
            yield f"{told} at one address: {taken} guesses were answered before the door shut"
    if place.sign_in(name, **place.sent_by(HERE, "10.9.9.9"))[1].status != 429:
        yield "one name at one address: the right password opens the door that guessing shut"
    if place.proxies and place.sign_in(name, **place.sent_by(THERE, HERE))[1].status != 302:
        yield "one name at one address: guesses there, or a forged address, shut out somebody at another"


def one_household(place: Place) -> Iterator[str]:
    """Guess one name from many IPv6 addresses of one network, and from an IPv4 address in two
    spellings.
    """
    if not place.proxies:  # without proxies all have one address
        return
    forget()
    name = place.person("housed").username
    written = max(0, NAME_AT_ADDRESS - 1 - place.guesses)
    place.write_down(name, f"{HOUSE}:", written)
    taken = written + taken_until_shut(
        lambda n: place.guess(name, f"{HOUSE}:{n + 1:x}"), NAME_AT_ADDRESS
    )
    if taken != NAME_AT_ADDRESS - 1:
        yield f"one household: {taken} guesses from its addresses were answered before the door shut"
    if place.guess(name, f"{HOUSE}ffff::1") != 429:
        yield "one household: another of its addresses opens the door that guessing shut"
    if place.sign_in(name, **place.sent_by(f"{NEXT_HOUSE}:1"))[1].status != 302:
        yield "one household: guesses there shut out the next"
    forget()
    place.write_down(name, HERE, NAME_AT_ADDRESS)
    if place.guess(name, f"::ffff:{HERE}") != 429:
        yield "one household: an IPv4 address written as IPv6 is another address"


def many_addresses(place: Place) -> Iterator[str]:
    """Guess one name from many addresses; who has signed in before is not shut out by it."""
    if not place.proxies:
        return
    forget()
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
    forget()
    written = max(0, ADDRESS - 1 - place.guesses)
    for n in range(written):
        place.write_down(f"nobody-{n}", place.address, 1)
    taken = written + taken_until_shut(
        lambda n: place.guess(f"no-one-{n}", HERE, f"10.4.0.{n}"), ADDRESS
    )
    if taken != ADDRESS - 1:
        yield f"many names: {taken} guesses from one address were answered before the door shut"


def at_once(place: Place) -> Iterator[str]:
    """Guess one name many times at the same moment; each guess has counted the others before one is
    written down.
    """
    for _round in range(place.rounds):
        forget()
        name = place.person("hurried").username
        before = NAME_AT_ADDRESS - 2
        place.write_down(name, place.address, before)
        visitors = [place.visitor() for _ in range(8)]
        for each in visitors:
            each.get(LOGIN, **place.sent_by(HERE))
        with ThreadPoolExecutor(len(visitors)) as pool:
            with place.hold():
                answers = pool.map(partial(typed_wrong, place, name), visitors)
            answered = list(answers).count(200)
        if before + answered >= NAME_AT_ADDRESS:
            yield f"at once: {before + answered} guesses were answered"


def typed_wrong(place: Place, name: str, visitor: Visitor) -> int:
    """Send a wrong password from a page that is open; returns the status."""
    return visitor.post(
        LOGIN, [("login", name), ("password", "not-the-password")], **place.sent_by(HERE)
    ).status


def doors(place: Place) -> Iterator[str]:
    """Guess wherever else a password or a code is asked for: at the second step, and at an open
    desk.
    """
    for told, guess, prove in (
        door(place) for door in (second_step, code_again, password_again, old_password)
    ):
        taken = taken_until_shut(guess, NAME_AT_ADDRESS)
        if taken != NAME_AT_ADDRESS - 1:
            yield f"{told}: {taken} guesses were answered before the door shut"
        if prove() != 429:
            yield f"{told}: the right password opens the door that guessing shut"


def second_step(place: Place) -> tuple:
    """Return how to guess a code, signing in anew each time: the right password forgives
    nothing.
    """
    forget()
    person = place.person("coded")
    wrong = wrong_code(add_app(person))

    def guess(n: int) -> int:
        visitor, answer = place.sign_in(person.username, **place.sent_by(HERE, f"10.6.0.{n}"))
        sent = (
            answer
            if answer.status == 429
            else visitor.post(SECOND, [("code", wrong)], **place.sent_by(HERE))
        )
        return sent.status

    return (
        "second step",
        guess,
        lambda: place.sign_in(person.username, **place.sent_by(HERE))[1].status,
    )


def code_again(place: Place) -> tuple:
    """Return how to guess the code that is asked for once more."""
    person = place.person("coded-again")
    return sending(
        place, person, "/accounts/confirm/code/", [("code", wrong_code(add_app(person)))]
    )


def password_again(place: Place) -> tuple:
    """Return how to guess the password that is asked for once more."""
    return sending(place, place.person("asked-again"), CONFIRM, [("password", "not-the-password")])


def old_password(place: Place) -> tuple:
    """Return how to guess the password that a new one is to replace."""
    pairs = [
        ("oldpassword", "not-the-password"),
        ("password1", "a-fine-new-phrase"),
        ("password2", "a-fine-new-phrase"),
    ]
    return sending(place, place.person("changed"), CHANGE, pairs)


def sending(place: Place, person, path: str, pairs: list) -> tuple:
    """Return how to guess at an open desk, and how to prove oneself there."""
    forget()
    visitor = signed_in(place, person)
    right = [("password", PASSWORD)]
    return (
        path,
        lambda n: visitor.post(path, pairs, **place.sent_by(HERE, f"10.7.0.{n}")).status,
        lambda: visitor.post(CONFIRM, right, **place.sent_by(HERE)).status,
    )


def taken_until_shut(guess: Callable[[int], int], limit: int) -> int:
    """Guess until a guess is refused, and a few times more than should be possible; returns how
    many were answered.
    """
    for taken in range(limit + 2):
        if guess(taken) == 429:
            return taken
    return limit + 2


def timing(place: Place) -> Iterator[str]:
    """Compare the time of a wrong password for names that exist and names that do not; what
    differs, twice.
    """
    if list(uneven(*timed(place))):
        yield from uneven(*timed(place))


def timed(place: Place) -> tuple[list[float], list[float]]:
    """Return seconds for names that exist and names that do not, taken in turn."""
    forget()
    known, unknown = [], []
    for n in range(max(3, place.rounds)):
        for taken, name in ((known, place.person("timed").username), (unknown, f"no-timed-{n}")):
            began = time.perf_counter()
            place.guess(name, f"10.5.{n // 200}.{n % 200}")
            taken.append(time.perf_counter() - began)
        forget()
    return known, unknown


def uneven(known: list[float], unknown: list[float]) -> Iterator[str]:
    """Say whether medians and least times differ by more than so few are noisy; without a hash they
    differ tenfold.
    """
    allowed = 1.15 if len(known) >= 20 else 2.5
    ratios = [measure(known) / measure(unknown) for measure in (statistics.median, min)]
    if all(ratio > allowed for ratio in ratios) or all(ratio < 1 / allowed for ratio in ratios):
        yield f"timing: a name that exists takes {ratios[0]:.2f} times as long as one that does not"


def messages(place: Place) -> Iterator[str]:
    """Compare all that is answered to wrong passwords for names that exist, have a second step, or
    do not exist.
    """
    person, prepared, dead = (
        place.person("told"),
        place.person("told-two"),
        place.person("told-off", is_active=False),
    )
    add_app(prepared)
    pages = {}
    for name in (person.username, prepared.username, dead.username, "nobody-told"):
        forget()
        answered = page(place, name)
        place.write_down(name, place.address, NAME_AT_ADDRESS)
        pages[name] = [answered, page(place, name)]  # and once the door is shut
    if len({repr(each) for each in pages.values()}) != 1:
        yield "messages: a wrong password tells whether the name exists"


def page(place: Place, name: str) -> tuple:
    """Return all that is answered to a wrong password."""
    answer = place.sign_in(name, "not-the-password", **place.sent_by(HERE))[1]
    return answer.status, sorted(answer.headers), VARYING.sub("", answer.text).replace(name, "NAME")
