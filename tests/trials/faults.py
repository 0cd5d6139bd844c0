"""Faults: the database away, locked, read-only; the disk full; the clock a day ahead or behind.

In each round every fault of the database's kind happens for some seconds, while readers ask for
pages that are kept and for others, programs ask for data, a publisher saves, people sign in, and
one more thing is done at the desk. Readers get the kept page or 503 with Retry-After (where only
writing is impossible, all that they ask for), whoever saves is told that nothing was saved,
nobody's password comes back; nothing answers 500. Soon after the fault has ended everything is
well, all that was acknowledged is there, what was refused is not, and nothing is half there.
"""

import random
import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

from django.db import connection

from .parts import consistency
from .parts.cycle import Cycle, Step
from .parts.desk import LOST, Answer, Desk, changed
from .parts.outages import Outage, outages
from .parts.server import EDITORS, PASSWORD, PUBLISHERS, Site, model, site
from .parts.trial import conduct, progress

FULL = {"rounds": 5, "hold": 3.0, "within": 5.0}
KEPT = (
    "/",
    "/recommendations/",
    "/PARIS-2025-4",
    "/PARIS-2025",
    "/themes/skills",
    "/declarations/",
)
DATA = (
    "/recommendations.json",
    "/recommendations.csv",
    "/PARIS-2025-4.json",
    "/PARIS-2025.txt",
    "/sitemap.xml",
)
DESK = ("/admin/", "/admin/recommendations/recommendation/", "/PARIS-2025-7")
THEME = "/admin/recommendations/theme/add/"
# requests for each kept page, each on a connection of its own: every worker has then answered some
WARMING = 40
SAID = {
    "page": "The site is back in a moment",
    "data": "Try again in 5 seconds.",
    "saving": "Nothing was saved",
    "signing in": "",
}
ANSWERED = 30.0  # seconds in which the worst answer must come


@dataclass
class Trial:
    """Rounds of faults, and what was promised meanwhile."""

    site: Site
    outages: list[Outage]
    chance: random.Random
    within: float  # seconds after a fault in which all must be well
    faults: list[str] = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)
    saved: set[str] = field(default_factory=set)  # slugs of themes
    refused: set[str] = field(default_factory=set)
    pages: dict[str, bytes] = field(default_factory=dict)
    slowest: float = 0.0
    back: float = 0.0
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(10**9)))
    lock: threading.Lock = field(default_factory=threading.Lock)

    reader: Desk | None = None
    outage: Outage | None = None  # the present one
    tags: dict[str, str] = field(default_factory=dict)  # of the kept pages, before it
    acts: Iterator[Step] = field(default_factory=lambda: iter(()))
    act: tuple[Step, dict, bool] | None = (
        None  # done once in each fault: what was there before, and if it was taken
    )

    def sign_in(self) -> None:
        """Sign an editor and a publisher in, who has the form for a theme open; again where they
        are known.
        """
        if self.reader is None:
            self.reader, self.editor = Desk(self.site.port), Desk(self.site.port, EDITORS[0])
            self.publisher = Desk(self.site.port, PUBLISHERS[0])
        else:
            for known in (self.editor, self.publisher):
                known.cookies = Desk(self.site.port, known.name).cookies
        self.form = self.publisher.form(THEME, "slug")

    def signs_in(self) -> bool:
        """Sign in again, and tell whether that was possible."""
        try:
            self.sign_in()
        except (RuntimeError, *LOST):
            return False
        return True

    def steps(self) -> Iterator[Step]:
        """Yield one thing after another to be done at the desk, each kind in its turn."""
        for number in count(1):
            yield from Cycle(number, self.editor, self.publisher).steps()

    def run(self, rounds: int, hold: float) -> None:
        """Let every fault happen once in each round."""
        for number in range(1, rounds + 1):
            for outage in self.chance.sample(self.outages, len(self.outages)):
                before = len(self.faults)
                self.happen(outage, hold)
                found = [f"round {number}, {outage.name}: {each}" for each in self.faults[before:]]
                self.faults[before:] = list(dict.fromkeys(found))
                progress(f"round {number}/{rounds}, {outage.name}", self.faults)

    def happen(self, outage: Outage, hold: float) -> None:
        """Let one fault happen, and judge what is answered meanwhile and after."""
        self.warm()
        felt, saved, step = self.answers[503], len(self.saved), next(self.acts, None)
        before = read(step) if step else {}
        connection.close()
        outage.begin()
        self.outage = outage
        try:
            last = time.monotonic() + hold
            with ThreadPoolExecutor() as pool:
                asked = [pool.submit(self.repeat, ask, last) for ask in self.askers()]
                if step:
                    asked.append(pool.submit(self.do, step, before))
                for done in asked:
                    done.result()
        finally:
            outage.end()
            self.outage = None
        self.pages.clear()  # what is published from now on changes them
        if self.answers[503] == felt and not outage.is_hidden:
            self.faults.append("nobody felt the fault, so that nothing was tried")
        self.recover(must_sign_in=outage.is_hidden)
        self.check(outage)
        self.settle(outage)
        if len(self.saved) > saved:
            self.check_renewed()

    def warm(self) -> None:
        """Let every worker keep the pages, and show editors what waits in their sessions.

        A page that shows a message has to write the session, which no read-only database can do.
        """
        for known in (self.editor, self.publisher):
            known.get(DESK[0])
        for path in KEPT:
            answers = [self.reader.get(path) for _ in range(WARMING)]
            self.pages[path], self.tags[path] = (
                answers[-1].body,
                answers[-1].headers.get("etag", ""),
            )
            if {answer.status for answer in answers} != {200}:
                self.faults.append(
                    f"{path} answered {sorted({answer.status for answer in answers})} without a "
                    "fault"
                )

    def askers(self) -> list[Callable[[], None]]:
        """Return what is done at once during a fault."""
        asked = [
            self.read_kept,
            self.read_kept,
            self.read_anew,
            self.read_data,
            self.read_desk,
            self.save,
        ]
        return (
            asked if self.outage is None or self.outage.is_hidden else [*asked, self.try_to_sign_in]
        )

    def repeat(self, ask: Callable[[], None], last: float) -> None:
        """Ask again and again until a moment."""
        while True:
            ask()
            if time.monotonic() > last:
                return

    def read_kept(self) -> None:
        """Read a page that every worker keeps."""
        path = self.chance.choice(KEPT)
        answer, kept = self.ask(self.reader.get, path), self.pages.get(path)
        may_change = kept is None or (self.outage and self.outage.is_hidden)  # saving goes on then
        if answer and (answer.status != 200 or not (may_change or answer.body == kept)):
            self.note(f"the kept page {path} answered {answer.status}, {len(answer.body)} bytes")
        elif answer and (age := answer.headers.get("age")) is not None and not age.isdigit():
            self.note(f"the kept page {path} says that its age is {age}")

    def read_anew(self) -> None:
        """Read a page that nobody has asked for."""
        self.judge(
            self.ask(self.reader.get, f"/recommendations/?q=sample{self.chance.random()}"), "page"
        )

    def read_data(self) -> None:
        """Read a data format."""
        self.judge(self.ask(self.reader.get, self.chance.choice(DATA)), "data")

    def read_desk(self) -> None:
        """Read as an editor."""
        self.judge(self.ask(self.editor.get, self.chance.choice(DESK)), "page")

    def try_to_sign_in(self) -> None:
        """Sign in with a password that nobody may see again; during a fault this is done, or told
        why not.
        """
        stranger = Desk(self.site.port)
        stranger.cookies["csrftoken"] = "a" * 32  # as the form gave it before
        answer = self.ask(
            stranger.post, "/accounts/login/", [("login", EDITORS[1]), ("password", PASSWORD)]
        )
        if answer and answer.status >= 500:
            self.judge(answer, "signing in")
        if answer and PASSWORD in answer.text:
            self.note("a password comes back in the answer")

    def do(self, step: Step, before: dict) -> None:
        """Do one thing at the desk, once; who cannot even open its form does nothing."""
        try:
            answer = self.ask(lambda _name: step.send(), step.name)
        except RuntimeError:
            answer = None
        self.act = step, before, bool(answer and is_taken(answer))
        if answer and not answer.is_done:
            self.judge(answer, "saving")

    def settle(self, outage: Outage) -> None:
        """Demand that what was done at the desk is there, and else is not, and do it now in that
        case.
        """
        if self.act is None:
            return
        (step, before, was_taken), self.act = self.act, None
        now, wanted = read(step), {key: value for key, (_read, value) in step.facts.items()}
        if was_taken and now != wanted:
            self.faults.append(f"“{step.name}” was acknowledged, and {now} is there, not {wanted}")
        elif not was_taken and now != before and not (outage.is_abrupt and now == wanted):
            self.faults.append(
                f"“{step.name}” was not acknowledged, and {now} is there, where {before} was"
            )
        if now == before and not is_taken(answer := step.send()):
            self.faults.append(f"“{step.name}” is answered {answer.status} after the fault")

    def check_renewed(self) -> None:
        """Demand that every worker has renewed the kept pages after something was saved."""
        for path in KEPT:
            tags = {self.reader.get(path).headers.get("etag", "") for _ in range(WARMING)}
            if len(tags) > 1 or tags & {self.tags.get(path)}:
                self.faults.append(f"{path} is not renewed by all workers: {sorted(tags)}")

    def save(self) -> None:
        """Save a theme as a publisher."""
        with self.lock:
            slug = f"trial-{next(self.numbers)}"
        said = {"slug": slug, "label": f"Trial {slug}", "definition": "Sample theme."}
        answer = self.ask(self.publisher.post, THEME, changed(self.form, said))
        self.judge(answer, "saving")
        if answer and is_taken(answer) and answer.location.startswith("/admin/"):
            self.saved.add(slug)
        elif answer and answer.is_done and self.outage and self.outage.is_hidden:
            if not self.signs_in():  # the session has ended by that clock
                self.note("nobody can sign in")
        elif answer and answer.status == 503:
            self.refused.add(slug)

    def ask(self, send: Callable, *said) -> Answer | None:
        """Send a request, and note what came back and when."""
        began = time.monotonic()
        try:
            answer = send(*said)
        except LOST as error:
            self.note(f"no answer to {said[0]}: {type(error).__name__}")
            return None
        took = time.monotonic() - began
        with self.lock:
            self.answers[answer.status] += 1
            self.slowest = max(self.slowest, took)
        if took > ANSWERED:
            self.note(f"{said[0]} was answered after {took:.0f} s")
        return answer

    def judge(self, answer: Answer | None, kind: str) -> None:
        """Demand what was asked for, or 503 with all that belongs to it."""
        wanted = 302 if kind == "saving" else 200
        if answer is None or answer.status == wanted:
            return
        outage = self.outage
        if outage and outage.is_hidden and answer.is_done and not is_taken(answer):
            self.answers["signed out"] += 1
        elif answer.status != 503 or (
            outage and outage.may_read and (outage.is_hidden or kind in ("page", "data"))
        ):
            self.note(f"{kind} answered {answer.status}: {answer.text[:200]}")
        elif "no-store" not in answer.headers.get("cache-control", ""):
            self.note(
                f"{kind} answered 503 that may be kept: {answer.headers.get('cache-control')}"
            )
        elif answer.headers.get("retry-after") != "5":
            self.note(f"{kind} answered 503 without Retry-After")
        elif SAID[kind] not in answer.text:
            self.note(f"{kind} answered 503 without the words “{SAID[kind]}”")

    def note(self, fault: str) -> None:
        """Remember a fault."""
        with self.lock:
            self.faults.append(fault)

    def recover(self, must_sign_in: bool) -> None:
        """Demand that soon everybody gets what was asked for, where need be after signing
        in again.
        """
        ended = time.monotonic()
        while (must_sign_in and not self.signs_in()) or not self.is_well():
            if time.monotonic() - ended > self.within:
                self.faults.append(f"not well {self.within:.0f} s after its end")
                return
            time.sleep(0.05)
        self.back = max(self.back, time.monotonic() - ended)

    def is_well(self) -> bool:
        """Tell whether each asker, asked twice over, gets what it wants."""
        wanted, asked = self.answers[200] + self.answers[302], self.askers() * 2
        for ask in asked:
            ask()
        return self.answers[200] + self.answers[302] == wanted + len(asked)

    def check(self, outage: Outage) -> None:
        """Demand that all acknowledged is there, what was refused is not, and nothing is half
        there.
        """
        themes = set(
            model("Theme")
            .objects.filter(slug__regex=r"^trial-[0-9]+$")
            .values_list("slug", flat=True)
        )
        added = model("Change").objects.filter(
            kind="theme", act="add", label__startswith="Trial trial-"
        )
        recorded = {label.removeprefix("Trial ") for label in added.values_list("label", flat=True)}
        self.faults += [f"{slug} was acknowledged and is lost" for slug in self.saved - themes]
        self.faults += [f"{slug} and its record are not both there" for slug in themes ^ recorded]
        if not outage.is_abrupt:  # what is cut off while it is committed may be there
            self.faults += [f"{slug} was refused and is there" for slug in self.refused & themes]
        self.faults += consistency.faults()


def read(step: Step) -> dict:
    """Return what is there now of all that a step changes."""
    return {key: reader() for key, (reader, _expected) in step.facts.items()}


def is_taken(answer: Answer) -> bool:
    """Tell whether a form was taken, and not put off until somebody has signed in."""
    return answer.is_done and not answer.location.startswith(("/accounts/", "/admin/login/"))


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default="", help="this fault only, such as locked")
    parser.add_argument(
        "--hold", type=float, default=0.5, help="seconds that a fault lasts at least"
    )
    parser.add_argument(
        "--within", type=float, default=60.0, help="seconds after a fault in which all must be well"
    )


def tried(given: Namespace, faults: list[str]) -> str:
    """Let the faults happen, and return in words what was answered."""
    with site(given.database) as made, outages(made) as known:
        made.start()
        chosen = [outage for outage in known if given.only in outage.name]
        if not chosen:
            raise ValueError(
                f"no fault is called {given.only}: {', '.join(outage.name for outage in known)}"
            )
        trial = Trial(made, chosen, random.Random(given.seed), given.within, faults)
        trial.sign_in()
        trial.acts = trial.steps()
        trial.run(given.rounds, given.hold)
        faults += ["the log has a password"] if PASSWORD in made.log() else []
    answers = ", ".join(
        f"{count} × {status}" for status, count in sorted(trial.answers.items(), key=str)
    )
    return (
        f"{given.rounds} rounds of {', '.join(outage.name for outage in chosen)}; answers "
        f"{answers}, the slowest after"
        f" {trial.slowest:.1f} s; {len(trial.saved)} saved, {len(trial.refused)} refused; back "
        "after at most"
        f" {trial.back:.1f} s"
    )


if __name__ == "__main__":
    sys.exit(conduct("faults", __doc__, options, FULL, tried))
