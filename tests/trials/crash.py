"""Crash: SIGKILL in the middle of the editors' work.

A client does all that editors do, from the upload of a file to the merge of two themes, one request after another. At a
random moment of a random step every process of the server is killed (on PostgreSQL sometimes the database too). After
each restart: what the server had answered is there, what it had not is there whole or not at all, and nothing in the
database is half there.
"""

import csv
import hashlib
import random
import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from django.db import DatabaseError, connection

from . import consistency
from .desk import LOST, Answer, Desk
from .server import EDITORS, PUBLISHERS, Site, model, site
from .trial import conduct, progress

ASK = (
    "We call on G7 governments to fund sample {what} training number {cycle} for small enterprises by 2030."
    " Companies should also publish a sample report about {what} in every region of the seven countries."
)
SUBJECTS = ("skills", "security", "energy", "data", "quantum", "standards", "research", "chips")
BODY = "\n\n".join(
    f"{ASK.replace('{what}', subject)}\n\nSample industry has come a long way in {subject} since the last summit."
    for subject in SUBJECTS
)
TEXT = "Sample declaration for the Trial Summit {cycle}\n\nOttawa, 12 May 2025\n\n" + BODY + "\n\nCookie settings\n"
SPLIT_BEFORE = "for small enterprises"
DESK = "/admin/recommendations"
FULL = {"kills": 1000}
LONGER = 1.3  # times what a step usually takes: so late may the kill come

Reader = Callable[[], object]
Facts = dict[str, tuple[Reader, object]]  # what will be read when a step is done, by name


@dataclass(frozen=True)
class Step:
    """One request that writes, and all that is different once it is done."""

    name: str
    send: Callable[[], Answer]
    facts: Facts
    is_public: bool = False  # whether readers see the difference


@dataclass
class Cycle:
    """The way of one declaration from a file to published, corrected, withdrawn and merged entries."""

    number: int
    editor: Desk
    publisher: Desk
    entries: dict[str, list] = field(default_factory=dict)  # code -> what entry_state() reads

    def steps(self) -> Iterator[Step]:
        """Yield the steps; each is made from what the ones before it left."""
        yield from self.new_themes()
        yield from self.bringing()
        yield from self.reviewing()
        yield from self.publishing()
        yield from self.succeeding()

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def text(self) -> str:
        """The file."""
        return TEXT.replace("{cycle}", str(self.number))

    @property
    def code(self) -> str:
        """The code of the declaration."""
        return f"TRIAL{letters(self.number)}-2025"

    def slug(self, which: str) -> str:
        """The address of one of the cycle's themes."""
        return f"trial-{self.number}-{which}"

    def new_themes(self) -> Iterator[Step]:
        for which in "ab":
            slug = self.slug(which)
            said = {"slug": slug, "label": f"Trial {self.number} {which}", "definition": "Sample theme."}
            send = partial(self.publisher.send, f"{DESK}/theme/add/", "slug", said)
            facts = {
                f"theme {slug}": (partial(count, "Theme", slug=slug), 1),
                f"record of theme {slug}": (partial(count, "Change", kind="theme", act="add", label=said["label"]), 1),
            }
            yield Step("add a theme", send, facts)

    def bringing(self) -> Iterator[Step]:
        data, key = self.text.encode(), f"intake {self.number}"
        read = partial(intake_state, self.digest)
        self.editor.get(f"{DESK}/intake/add/")
        send = partial(self.editor.upload, f"{DESK}/intake/add/", f"sample-{self.number}.txt", data)
        yield Step("upload", send, {key: (read, [(1, True, True, "", "", 1)])})
        intake = model("Intake").objects.defer("original").get(sha256=self.digest)
        page = f"{DESK}/intake/{intake.pk}/change/"
        for act, kept, revision in (("take-off", False, 2), ("keep", True, 3)):
            said = [("mend", f"3 {act}"), ("seen_revision", revision - 1)]
            send = partial(self.editor.post, f"{DESK}/intake/{intake.pk}/mend/", said)
            yield Step("mend a piece", send, {key: (read, [(revision, True, kept, "", "", revision)])})
        said = {"title": f"Sample declaration {self.number}", "short_title": f"Sample {self.number}"}
        said |= {"code": self.code, "issued_on": "2025-05-12", "save": "1"}
        send = partial(self.editor.send, page, "seen_revision", said)
        yield Step("describe", send, {key: (read, [(4, True, True, self.code, "", 4)])})
        send = partial(self.editor.send, page, "seen_revision", {"accept": "1"})
        made = partial(made_state, self.code)
        facts = {key: (read, [(5, True, True, self.code, self.code, 5)]), f"made {self.code}": (made, (1, True, 1, 1))}
        yield Step("make a declaration", send, facts)

    def reviewing(self) -> Iterator[Step]:
        source = model("Source").objects.get(code=self.code)
        first, second, third, fourth, *rest = source.proposals.all()
        for proposal in (first, third, fourth, *rest[:3]):
            title = f"Fund sample {proposal.pk}"
            said = {"title": title, "tags": f"Trial {self.number}, sample", "summary": "Sample."}
            said |= {"themes": [self.slug("a")], "act": "save"}
            read = partial(proposal_said, proposal.pk)
            expected = (title, "Sample.", [f"Trial {self.number}", "sample"])
            filed = partial(filed_under, proposal.pk)
            facts = {
                f"said of {proposal.pk}": (read, expected),
                f"themes of {proposal.pk}": (filed, [self.slug("a")]),
            }
            yield self.act("edit", source, proposal.pk, said, facts)
        halves = partial(halves_of, source.pk, third.pk)
        whole, key = source.proposals.count(), f"halves of {third.pk}"
        split = {"before": SPLIT_BEFORE, "act": "split"}
        yield self.act("split", source, third.pk, split, {key: (halves, (whole + 1, True))})
        yield self.act("join", source, third.pk, {"act": "join"}, {key: (halves, (whole, False))})
        for proposal in (first, second, third, *rest[:3]):
            act = "reject" if proposal == second else "accept"
            decided = (f"{act}ed", self.editor.name)
            facts = {f"decision on {proposal.pk}": (partial(decision_on, proposal.pk), decided)}
            yield self.act(act, source, proposal.pk, {"act": act}, facts)

    def act(self, name: str, source, pk: int, said: dict, facts: Facts) -> Step:
        """Return a step on one proposal."""
        path = f"{DESK}/source/{source.pk}/review/"

        def send() -> Answer:
            pairs = self.editor.form(path, f"card-{pk}")
            kept = [(key, value) for key, value in pairs if key not in said]
            listed = [
                (key, each) for key, value in said.items() for each in (value if isinstance(value, list) else [value])
            ]
            return self.editor.post(f"{path}{pk}/", kept + listed)

        return Step(name, send, facts)

    def publishing(self) -> Iterator[Step]:
        source = model("Source").objects.get(code=self.code)
        accepted = list(source.proposals.filter(decision="accepted"))
        self.entries = {
            f"{self.code}-{place}": ["published", proposal.title, 1, True, None]
            for place, proposal in enumerate(accepted, start=1)
        }
        numbers = {f"numbers of {self.code}": (partial(numbers_of, self.code), list(range(1, len(accepted) + 1)))}
        send = partial(self.publisher.send, f"{DESK}/source/{source.pk}/review/publish/", "seen", {"reason": "Sample."})
        yield self.public("publish", send, list(self.entries), {}, numbers)
        text = source.text.replace("since the last summit", "since the last sample summit", 1)
        said = [("text", text), ("note_signs", "[]"), ("reason", "Sample correction."), ("seen", "1"), ("filled", "{}")]
        said += [("previewed", hashlib.sha256(text.encode()).hexdigest()), ("confirm", "1")]
        send = partial(self.publisher.post, f"{DESK}/source/{source.pk}/correct/", said)
        facts = {
            f"text of {self.code}": (partial(text_of, self.code), (2, hashlib.sha256(text.encode()).hexdigest(), 1))
        }
        for state in self.entries.values():
            state[2] += 1
        yield self.public("correct", send, list(self.entries), {}, facts)

    def public(self, name: str, send: Callable, codes: list[str], changes: dict, facts: Facts | None = None) -> Step:
        """Return a step after which readers see these entries otherwise."""
        for place, value in changes.items():
            for code in codes:
                self.entries[code][place] = value
        seen = {f"entry {code}": (partial(entry_state, code), tuple(self.entries[code])) for code in codes}
        return Step(name, send, seen | (facts or {}), True)

    def succeeding(self) -> Iterator[Step]:
        codes = list(self.entries)
        pks = dict(model("Recommendation").objects.filter(code__in=codes).values_list("code", "pk"))
        one, two, three, *_rest = codes
        page = f"{DESK}/recommendation/{pks[one]}/change/"
        title = f"Fund sample training {self.number}"
        send = partial(self.publisher.send, page, "seen_revision", {"title": title, "reason": "Sample change."})
        yield self.public("change an entry", send, [one], {1: title, 2: 3})
        send = partial(
            self.publisher.send, f"{DESK}/recommendation/{pks[one]}/withdraw/", "reason", {"reason": "Sample."}
        )
        yield self.public("withdraw", send, [one], {0: "withdrawn", 3: False})
        page = f"{DESK}/recommendation/merge/?entry={pks[two]}&entry={pks[three]}"
        send = partial(self.publisher.send, page, "survivor", {"survivor": pks[two], "reason": "Sample merge."})
        self.entries[two][2] += 1
        self.entries[three][0], self.entries[three][3], self.entries[three][4] = "withdrawn", False, two
        yield self.public("merge entries", send, [two, three], {})
        theme, into = (model("Theme").objects.get(slug=self.slug(which)) for which in "ab")
        send = partial(
            self.publisher.send, f"{DESK}/theme/{theme.pk}/merge/", "into", {"into": into.pk, "reason": "Sample."}
        )
        left = [code for code, state in self.entries.items() if state[0] == "published"]
        for code in left:
            self.entries[code][2] += 1
        facts = {
            f"theme {theme.slug}": (partial(count, "Theme", slug=theme.slug), 0),
            f"former {theme.slug}": (partial(count, "FormerTheme", slug=theme.slug, successor=into.pk), 1),
        }
        filed = model("Proposal").objects.filter(themes=theme).values_list("pk", flat=True)
        facts |= {f"themes of {pk}": (partial(filed_under, pk), [into.slug]) for pk in filed}
        yield self.public("merge themes", send, left, {}, facts)


# --- What is read ----------------------------------------------------------------------------------------------------


def letters(number: int) -> str:
    """Write a number in capitals: a code has no digits but the year's where it ends."""
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))


def count(name: str, **lookup) -> int:
    return model(name).objects.filter(**lookup).count()


def intake_state(digest: str) -> list[tuple]:
    found = model("Intake").objects.filter(sha256=digest).defer("original").select_related("source")
    return [
        (
            each.revision,
            bool(each.pieces),
            each.pieces[2]["kept"],
            each.code if each.revision > 3 else "",
            each.source.code if each.source else "",
            count("Change", kind="intake", object_id=str(each.pk)),
        )
        for each in found
    ]


def made_state(code: str) -> tuple:
    source = model("Source").objects.filter(code=code).first()
    if source is None:
        return (0, False, 0, 0)
    brought = count("Change", kind="source", object_id=str(source.pk), act="bring in")
    return (1, source.proposals.count() >= len(SUBJECTS), source.issuers.count(), brought)


def proposal_said(pk: int) -> tuple:
    return model("Proposal").objects.values_list("title", "summary", "tags").get(pk=pk)


def filed_under(pk: int) -> list[str]:
    return list(model("Proposal").objects.get(pk=pk).themes.values_list("slug", flat=True))


def halves_of(source: int, pk: int) -> tuple:
    """Return how many proposals there are, and whether one ends before the place of the split."""
    text = model("Source").objects.get(pk=source).text
    [[start, end], *_rest] = model("Proposal").objects.get(pk=pk).spans
    return count("Proposal", source=source), SPLIT_BEFORE not in text[start:end]


def decision_on(pk: int) -> tuple:
    return model("Proposal").objects.values_list("decision", "decided_by").get(pk=pk)


def numbers_of(code: str) -> list[int]:
    entries = model("Recommendation").objects.filter(source__code=code).order_by("number")
    return list(entries.values_list("number", flat=True))


def text_of(code: str) -> tuple:
    source = model("Source").objects.get(code=code)
    return source.text_number, source.sha256, source.former_texts.count()


def entry_state(code: str) -> tuple | None:
    entry = model("Recommendation").objects.filter(code=code).select_related("replaced_by").first()
    if entry is None:
        return None
    indexed = consistency.rows(f"SELECT rowid FROM recommendations_search WHERE rowid = {entry.pk}")
    replaced_by = entry.replaced_by.code if entry.replaced_by else None
    return entry.status, entry.title, entry.versions.count(), bool(indexed), replaced_by


def content_version() -> int:
    return model("ContentVersion").objects.get().number


# --- The trial -------------------------------------------------------------------------------------------------------


@dataclass
class Trial:
    """Cycles, kills, and what is known to be done."""

    site: Site
    chance: random.Random
    done: Facts = field(default_factory=dict)
    usual: dict[str, float] = field(default_factory=dict)  # seconds of each step
    ends: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    acknowledged: int = 0
    is_killing = False  # whether the kill of this cycle has begun
    database_lives = True

    def run(self, kills: int, only: str) -> None:
        """Learn how long the steps take in a cycle that is left alone, then kill in one cycle after another."""
        self.site.start()
        self.editor, self.publisher = Desk(self.site.port, EDITORS[0]), Desk(self.site.port, PUBLISHERS[0])
        self.cycle(0, "")
        self.check("the first cycle")
        if only and only not in self.usual:
            raise ValueError(f"no step is called {only}: {', '.join(sorted(self.usual))}")
        order = [only] if only else self.chance.sample(sorted(self.usual), len(self.usual))
        for number in range(1, kills + 1):
            name = order[number % len(order)]
            self.cycle(number, name)
            progress(f"{number}/{kills} kills", self.faults)

    def cycle(self, number: int, target: str) -> None:
        """Do the steps, and kill in one of that name; each fact that was there before must be there after."""
        timer, before, step, self.is_killing = None, {}, None, False
        try:
            for step in Cycle(number, self.editor, self.publisher).steps():
                before = {key: read() for key, (read, _expected) in step.facts.items()}
                shown, began = content_version(), time.monotonic()
                if step.name == target and timer is None:
                    timer = threading.Timer(self.chance.uniform(0, LONGER * self.usual[target]), self.kill)
                    timer.start()
                answer = step.send()
                self.usual.setdefault(step.name, time.monotonic() - began)
                self.acknowledge(step, answer, shown, timer)
                before = {}
        except (*LOST, DatabaseError, RuntimeError):  # the last two where the database died a moment before the server
            if timer is None or not self.is_killing:
                raise
        if timer is None:
            self.faults += [f"no step of cycle {number} is called “{target}”: nobody was killed"] if target else []
            return
        timer.join()
        connection.close()
        if self.site.database.is_killable and not self.database_lives:
            self.site.database.start()
        self.site.start()
        if step and before:
            self.settle(step, before)
        self.check(f"cycle {number}, killed at “{target}”")

    def acknowledge(self, step: Step, answer: Answer, shown: int, timer: threading.Timer | None) -> None:
        """Remember what the server said that it had done."""
        if not answer.is_done:
            raise RuntimeError(f"“{step.name}” was answered {answer.status}: {answer.text[:3000]}")
        self.acknowledged += 1
        self.done |= step.facts
        if step.is_public and timer is None and content_version() <= shown:
            self.faults.append(f"“{step.name}” did not raise the content version")

    def kill(self) -> None:
        """Kill the server, and on PostgreSQL one time in three the database with it."""
        self.is_killing, database = True, self.site.database
        self.database_lives = not database.is_killable or self.chance.random() > 1 / 3
        if not self.database_lives:
            database.kill()
        self.site.kill()

    def settle(self, step: Step, before: dict) -> None:
        """Demand that the step nobody heard of any more was done whole, or not at all."""
        now = {key: read() for key, (read, _expected) in step.facts.items()}
        expected = {key: value for key, (_read, value) in step.facts.items()}
        if now == expected:
            self.done |= step.facts
            self.ends["done unheard"] += 1
        elif now == before:
            self.ends["not done"] += 1
        else:
            self.faults.append(f"“{step.name}” is half done: {now}, not {expected} nor {before}")

    def check(self, when: str) -> None:
        """Read everything again."""
        found = [
            f"{key} is {now}, not {expected}"
            for key, (read, expected) in self.done.items()
            if (now := read()) != expected
        ]
        found += consistency.faults()
        listed = list(csv.reader(Desk(self.site.port).get("/recommendations.csv").text.splitlines(keepends=True)))
        published = count("Recommendation", status="published")
        if len(listed) - 1 != published:
            found.append(f"readers see {len(listed) - 1} entries of {published}")
        self.faults += [f"after {when}: {fault}" for fault in found]


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--step", default="", help="kill in this step only, such as publish")


def tried(given: Namespace, faults: list[str]) -> str:
    """Kill, and return in words what was done."""
    with site(given.database) as made:
        trial = Trial(made, random.Random(given.seed), faults=faults)
        trial.run(given.kills, given.step)
    return (
        f"{given.kills} kills; {trial.acknowledged} writes acknowledged; killed in the middle of one:"
        f" {trial.ends['done unheard']} done unheard, {trial.ends['not done']} not done"
    )


if __name__ == "__main__":
    sys.exit(conduct("crash", __doc__, options, FULL, tried))
