"""Editors: two editors and a publisher at the same things, at random.

Each works on the page that he or she once opened, however old it has become. After every step the whole state is
compared with the one before: what was told to be saved is saved and touched nothing else; what was refused changed
nothing and named who was faster; no decision is lost, and nothing is published twice. In one process, without a server:
the acts are the site's own pages.
"""

import hashlib
import random
import re
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from dataclasses import dataclass, field
from html import unescape

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count
from django.http import HttpResponse
from django.test import Client

from .crash import BODY, DESK, letters
from .desk import Pairs, changed, form, forms
from .server import EDITORS, PUBLISHERS, model, site
from .trial import conduct, progress

FULL = {"steps": 50_000}
ROUND = 120  # steps on one declaration, before the next is made
NAMED = re.compile(r"([\w-]+) (?:changed|saved|corrected) (?:it|this)")
MADE = "It was made into"
SAYS = {"accept": "accepted", "reject": "rejected", "reopen": "open"}
ACTS = ("save", "accept", "accept", "reject", "reopen", "join", "split", "move 0 end earlier", "move 0 start later")
State = dict[tuple[str, int], tuple]


@dataclass
class Person:
    """Somebody with pages open: the forms as they were when the page was loaded."""

    name: str
    client: Client = None
    pages: dict[tuple[str, int], Pairs] = field(default_factory=dict)

    def __post_init__(self):
        self.client = Client(SERVER_NAME="127.0.0.1")
        self.client.force_login(
            get_user_model().objects.get(username=self.name), "django.contrib.auth.backends.ModelBackend"
        )

    def get(self, path: str) -> str:
        return self.client.get(path).content.decode()

    def post(self, path: str, pairs: Pairs, **headers: str) -> HttpResponse:
        sent: dict[str, list[str]] = {}
        for name, value in pairs:
            sent.setdefault(name, []).append(value)
        return self.client.post(path, sent, headers=headers)


def said(response: HttpResponse) -> str:
    """Return what a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@dataclass
class Trial:
    """The people, what they did, and what went wrong."""

    chance: random.Random
    last: dict[tuple[str, int], str] = field(default_factory=dict)  # who changed a thing last
    ends: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    step: int = 0

    def run(self, steps: int) -> None:
        """Do so many steps."""
        self.editors, self.publisher = [Person(name) for name in EDITORS], Person(PUBLISHERS[0])
        self.people = [*self.editors, self.publisher]
        self.next_intake(0)
        acts = [self.decide] * 12 + [self.look] * 3 + [self.mend] * 2 + [self.describe] * 2 + [self.correct]
        acts += [self.publish, self.publish, self.change_entry, self.change_entry]
        for self.step in range(1, steps + 1):
            if self.step % ROUND == 1:
                self.next_round(self.step // ROUND + 1)
                progress(f"{self.step}/{steps} steps", self.faults)
            self.chance.choice(acts)()
            if len(self.faults) > 20:
                return

    def next_intake(self, number: int) -> None:
        """Bring in the next file."""
        text = f"Sample declaration for Trial Summit {number}\n\n{BODY.replace('{cycle}', str(number))}\n"
        file = SimpleUploadedFile("sample.txt", text.encode())
        self.editors[0].client.post(f"{DESK}/intake/add/", {"file": file, "text": ""})
        self.intake = model("Intake").objects.defer("original").latest("pk").pk
        self.last["intake", self.intake] = self.editors[0].name

    def next_round(self, number: int) -> None:
        """Let both editors make the intake a declaration, from pages opened at the same time: one of them does."""
        path = f"{DESK}/intake/{self.intake}/change/"
        words = {"code": f"ROUND{letters(number)}-2025", "title": "Sample", "short_title": "Sample", "accept": "1"}
        words |= {"issued_on": "2025-05-12"}
        forms = [changed(form(each.get(path), "seen_revision"), words) for each in self.editors]
        answers = [each.post(path, pairs) for each, pairs in zip(self.editors, forms, strict=True)]
        made = model("Source").objects.filter(code=words["code"])
        if made.count() != 1 or answers[0].status_code != 302:
            raise RuntimeError(f"no declaration was made: {said(answers[0])[-1000:]}")
        if MADE not in said(answers[1]) and "taken by another" not in said(answers[1]):
            self.fault("the second declaration of one intake was not refused", answers[1])
        self.source = made.get().pk
        self.next_intake(number)
        for person in self.people:
            person.pages.clear()
            self.open_all(person)

    # --- What is looked at -------------------------------------------------------------------------------------------

    def open_all(self, person: Person) -> None:
        """Open every page anew."""
        cards = dict(forms(person.get(f"{DESK}/source/{self.source}/review/")))
        for pk in model("Proposal").objects.filter(source=self.source, published_at=None).values_list("pk", flat=True):
            person.pages["proposal", pk] = cards[f"card-{pk}"]
        person.pages["intake", self.intake] = form(person.get(f"{DESK}/intake/{self.intake}/change/"), "seen_revision")
        if person is self.publisher:
            person.pages["source", self.source] = form(person.get(f"{DESK}/source/{self.source}/correct/"), "previewed")
            self.open_publication()
            for pk in model("Recommendation").objects.filter(source=self.source).values_list("pk", flat=True)[:2]:
                person.pages["entry", pk] = form(person.get(f"{DESK}/recommendation/{pk}/change/"), "seen_revision")

    def open_publication(self) -> None:
        page = self.publisher.get(f"{DESK}/source/{self.source}/review/publish/")
        self.publisher.pages["publication", self.source] = form(page, "seen") if 'name="seen"' in page else []
        self.accepted = self.waiting()

    def look(self) -> None:
        """Somebody loads the pages again."""
        self.open_all(self.chance.choice(self.people))

    # --- What is done ------------------------------------------------------------------------------------------------

    def decide(self) -> None:
        """Somebody types in a proposal's card and presses a button of it."""
        person = self.chance.choice(self.people)
        key = self.chance.choice([key for key in person.pages if key[0] == "proposal"])
        act, title = self.chance.choice(ACTS), f"Fund sample {person.name} {self.step}"
        words = {"title": title, "themes": ["skills"], "act": act}
        if act == "split":
            words |= {"before": "for small"}
        path, pairs = f"{DESK}/source/{self.source}/review/{key[1]}/", person.pages[key]
        in_place = self.chance.random() < 0.5
        before = self.state()
        answer = person.post(path, changed(pairs, words), **({"X-In-Place": "1"} if in_place else {}))
        after = self.state()
        touched = differing(before, after)
        if key not in before or before[key][0] != int(dict(pairs)["revision"]):
            self.refused(f"{act} of a stale proposal", key, answer, touched, answer.status_code == 409)
            return
        allowed = self.reach(act, key, before, after) if answer.status_code != 409 else {key}
        if touched - allowed:
            self.fault(f"{act} of {key} touched {touched - allowed}", answer)
        self.ends[f"{act.split()[0]}: {answer.status_code}"] += 1
        if answer.status_code == 409:
            if before[key][2] != after[key][2] or NAMED.search(said(answer)):
                self.fault(f"{act} of a fresh {key} was refused as stale, or decided all the same", answer)
        elif after[key][1] != title or after[key][2] != SAYS.get(act, after[key][2]):
            self.fault(f"{act} of {key} was told to be saved, and is {after[key]}", answer)
        self.changed_by(person, touched)
        if in_place and key in after:  # the page now holds the new revision
            person.pages[key] = changed(pairs, {"revision": str(after[key][0]), "title": after[key][1]})

    def reach(self, act: str, key: tuple, before: State, after: State) -> set:
        """Return what an act on a proposal may change."""
        if act == "split":
            return {key, *(after.keys() - before.keys())}
        if act == "join":
            return {key, *(before.keys() - after.keys())}
        return {key}

    def mend(self) -> None:
        """Somebody takes a piece of the intake off, or brings it back."""
        person, key = self.chance.choice(self.people), ("intake", self.intake)
        seen, act = dict(person.pages[key])["seen_revision"], self.chance.choice(("keep", "take-off"))
        number = self.chance.randrange(1, 6)
        before = self.state()
        pairs = [("mend", f"{number} {act}"), ("seen_revision", seen)]
        answer = person.client.post(f"{DESK}/intake/{self.intake}/mend/", dict(pairs), follow=True)
        touched = differing(before, self.state())
        if int(seen) != before[key][0]:
            self.refused("mending of a stale intake", key, answer, touched, True)
            return
        self.ends["mend"] += 1
        if touched != {key} or self.state()[key][2][number - 1] is not (act == "keep"):
            self.fault(f"{act} of piece {number} was told to be saved, and touched {touched}", answer)
        self.changed_by(person, touched)
        if self.chance.random() < 0.5:
            person.pages[key] = changed(person.pages[key], {"seen_revision": str(int(seen) + 1)})

    def describe(self) -> None:
        """Somebody gives the intake a title."""
        person, key = self.chance.choice(self.people), ("intake", self.intake)
        title = f"Sample {person.name} {self.step}"
        pairs = changed(person.pages[key], {"title": title, "save": "1"})
        before = self.state()
        answer = person.post(f"{DESK}/intake/{self.intake}/change/", pairs)
        after = self.state()
        touched = differing(before, after)
        if int(dict(pairs)["seen_revision"]) != before[key][0]:
            self.refused("description of a stale intake", key, answer, touched, answer.status_code == 200)
            return
        self.ends["describe"] += 1
        if touched != {key} or after[key][1] != title or answer.status_code != 302:
            self.fault("a description was not saved", answer)
        self.changed_by(person, touched)

    def publish(self) -> None:
        """The publisher publishes what the page once showed."""
        pairs = self.publisher.pages["publication", self.source]
        if not pairs or self.chance.random() < 0.5:
            self.open_publication()
            return
        now, before = self.waiting(), self.state()
        answer = self.publisher.post(
            f"{DESK}/source/{self.source}/review/publish/", changed(pairs, {"reason": "Sample."})
        )
        after = self.state()
        touched = differing(before, after)
        self.ends[f"publish: {answer.status_code}"] += 1
        if now != self.accepted or not now:
            if answer.status_code != 409 or touched:
                self.fault("what nobody had looked at was published", answer)
            return
        new = {key for key in after.keys() - before.keys() if key[0] == "entry"}
        wanted = {("proposal", pk) for pk, _revision in now}
        if answer.status_code == 302 and (touched != wanted | new or len(new) != len(wanted)):
            self.fault(
                f"{len(wanted)} accepted became {len(new)} entries, and {touched - wanted - new} changed", answer
            )
        if answer.status_code != 302 and touched:
            self.fault("a refused publication changed something", answer)
        self.changed_by(self.publisher, touched)

    def change_entry(self) -> None:
        """The publisher changes an entry."""
        keys = [key for key in self.publisher.pages if key[0] == "entry"]
        if not keys:
            return
        key = self.chance.choice(keys)
        title, pairs = f"Fund sample entry {self.step}", self.publisher.pages[key]
        before = self.state()
        answer = self.publisher.post(
            f"{DESK}/recommendation/{key[1]}/change/", changed(pairs, {"title": title, "reason": "Sample change."})
        )
        after = self.state()
        touched = differing(before, after)
        if int(dict(pairs)["seen_revision"]) != before[key][0]:
            self.refused("change of a stale entry", key, answer, touched, answer.status_code == 200)
            return
        if answer.status_code == 200 and not touched and not NAMED.search(said(answer)):
            self.ends["change an entry: refused for its words"] += 1  # a correction may have left them behind
            return
        self.ends["change an entry"] += 1
        if touched != {key} or after[key][1] != title or after[key][3] != before[key][3] + 1:
            self.fault(f"a change of {key} was not published once", answer)
        self.changed_by(self.publisher, touched)

    def correct(self) -> None:
        """The publisher corrects the text from a page that may be old; it makes every other page old."""
        if self.chance.random() < 0.7:
            return
        key = ("source", self.source)
        pairs, before = dict(self.publisher.pages[key]), self.state()
        text = pairs["text"].replace("since the last", f"since {self.step} the last", 1)
        sent = {"text": text, "reason": f"Sample {self.step}.", "confirm": "1", "filled": "{}", "note_signs": "[]"}
        sent |= {"contents": "", "previewed": hashlib.sha256(text.encode()).hexdigest()}
        answer = self.publisher.post(f"{DESK}/source/{self.source}/correct/", changed(list(pairs.items()), sent))
        after = self.state()
        touched = differing(before, after)
        if int(pairs["seen"]) != before[key][0]:
            self.refused("correction of a stale text", key, answer, touched, answer.status_code == 200)
            return
        self.ends["correct"] += 1
        if answer.status_code != 302 or after[key][1] != hashlib.sha256(text.encode()).hexdigest():
            self.fault("a correction was not saved", answer)
        if any(before[each][1:3] != after[each][1:3] for each in touched if each[0] == "proposal"):
            self.fault("a correction changed what was said of a proposal, or decided", answer)
        self.changed_by(self.publisher, touched)

    # --- What is compared --------------------------------------------------------------------------------------------

    def state(self) -> State:
        """Return the revision, the words typed and the decision of everything that is worked at."""
        found: State = {}
        proposals = model("Proposal").objects.filter(source=self.source)
        for pk, *rest in proposals.values_list("pk", "revision", "title", "decision", "spans", "entry"):
            found["proposal", pk] = tuple(rest)
        intake = model("Intake").objects.defer("original").get(pk=self.intake)
        kept = [piece["kept"] for piece in intake.pieces]
        found["intake", intake.pk] = (intake.revision, intake.title, kept)
        entries = model("Recommendation").objects.filter(source=self.source).annotate(count=Count("versions"))
        for pk, *rest in entries.values_list("pk", "revision", "title", "status", "count"):
            found["entry", pk] = tuple(rest)
        source = model("Source").objects.get(pk=self.source)
        found["source", source.pk] = (source.text_number, source.sha256, source.numbers_given)
        return found if source.numbers_given == len(entries) else self.lost_numbers(found)

    def lost_numbers(self, found: State) -> State:
        self.faults.append(f"step {self.step}: {found['source', self.source][2]} numbers, and fewer entries")
        return found

    def waiting(self) -> list[tuple[int, int]]:
        """Return what is accepted and not published, each with its revision."""
        found = model("Proposal").objects.filter(source=self.source, decision="accepted", published_at=None)
        return list(found.values_list("pk", "revision"))

    def refused(self, what: str, key: tuple, answer: HttpResponse, touched: set, is_told: bool) -> None:
        """Demand that a stale act changed nothing, and that its answer names who was faster."""
        self.ends["refused as stale"] += 1
        named = NAMED.search(said(answer))
        if touched or not is_told:
            self.fault(f"{what} {key} was not refused: {touched} changed", answer)
        elif not named or named[1].casefold() != self.last.get(
            key, named[1]
        ):  # the admin writes a message's first letter large
            self.fault(f"{what} {key} names {named and named[1]}, not {self.last.get(key)}", answer)

    def changed_by(self, person: Person, touched: set) -> None:
        """Remember who changed things."""
        self.last |= dict.fromkeys(touched, person.name)

    def fault(self, what: str, answer: HttpResponse) -> None:
        """Put a fault down with the answer."""
        self.faults.append(f"step {self.step}: {what} (answered {answer.status_code})")


def differing(before: State, after: State) -> set:
    """Return what changed, came or went; that a declaration gave out numbers is told by the entries."""
    numbers = {key for key in before if key[0] == "source" and before[key][:2] == after[key][:2]}
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)} - numbers


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--steps", type=int, default=60)


def tried(given: Namespace, faults: list[str]) -> str:
    """Do the steps, and return in words what was done."""
    with site(given.database):
        trial = Trial(random.Random(given.seed), faults=faults)
        trial.run(given.steps)
    return f"{trial.step} steps; {', '.join(f'{end} {count}' for end, count in sorted(trial.ends.items()))}"


if __name__ == "__main__":
    sys.exit(conduct("editors", __doc__, options, FULL, tried))
