"""Editors: two editors and a publisher at the same things, at random.

Each works on the page that he or she once opened, however old it has become. After every step the
whole state is compared with the one before: what was told to be saved is saved, to the last field,
and touched nothing else; what was refused changed nothing and named who was faster; no decision is
lost, and nothing is published twice. Then two of them press the same button at the same moment: one
is taken, one is told. In one process, without a server: the acts are the site's own pages.
"""

import hashlib
import random
import re
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from .parts.addresses import part
from .parts.cycle import BODY, DESK, letters
from .parts.desk import Pairs, changed, form
from .parts.moment import AtOnce
from .parts.server import EDITORS, PUBLISHERS, model, site
from .parts.trial import conduct, progress
from .parts.working import (
    ANY,
    Key,
    Person,
    State,
    changed_between,
    first_words,
    named,
    paragraphs_of,
    said,
    state,
    unique_in,
    words_of,
    wrong,
)

FULL = {"steps": 50_000, "pairs": 100}
ROUND = 120  # steps on one declaration, before the next is made
MADE = "It was made into"
SAYS = {"accept": "accepted", "reject": "rejected", "reopen": "open"}
ACTS = ("save", "accept", "accept", "reject", "reopen", "join", "split", "words")
ACTS += ("move 0 end earlier", "move 0 start later")
TAGS = [f"Sample tag {sign}" for sign in "abcde"]
TOLD = {
    "theme": "definition",
    "tag": "name",
    "organisation": "name",
    "source": "short_title",
}  # what is changed of a kind
UNTOUCHED = "Nothing of yours was saved"


@dataclass
class Trial:
    """The people, what they did, and what went wrong."""

    chance: random.Random
    last: dict[Key, str] = field(default_factory=dict)  # who changed a thing last
    counts: Counter = field(default_factory=Counter)  # how often a thing changed
    ends: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    step: int = 0

    def run(self, steps: int) -> None:
        """Do so many steps."""
        self.prepare()
        acts = (
            [self.decide] * 10
            + [self.decide_all] * 3
            + [self.look] * 3
            + [self.mend] * 2
            + [self.describe] * 2
        )
        acts += [
            self.publish,
            self.publish,
            self.change_entry,
            self.change_entry,
            self.correct,
            self.add,
        ]
        acts += [self.change_vocabulary] * 4 + [self.end_theme]
        for self.step in range(1, steps + 1):
            if self.step % ROUND == 1:
                self.next_round(self.step // ROUND + 1)
                progress(f"{self.step}/{steps} steps", self.faults)
            self.chance.choice(acts)()
            if len(self.faults) > 20:
                return

    def prepare(self) -> None:
        """Let the people come, and make what they file things under."""
        self.editors, self.publisher = [Person(name) for name in EDITORS], Person(PUBLISHERS[0])
        self.people = [*self.editors, self.publisher]
        tag = model("Tagging").tag.field.related_model.objects
        for name in TAGS:
            tag.get_or_create(name=name)
        self.tag = tag.get_or_create(name="Sample tag to be changed")[0].pk
        self.organisation = (
            model("Organisation")
            .objects.get_or_create(slug="sample-organisation", name="Sample organisation")[0]
            .pk
        )
        self.next_intake(0)

    def next_intake(self, number: int) -> None:
        """Bring in the next file."""
        text = (
            "Sample declaration for Trial Summit "
            f"{number}\n\n{BODY.replace('{cycle}', str(number))}\n"
        )
        file = SimpleUploadedFile("sample.txt", text.encode())
        self.editors[0].client.post(f"{DESK}/intake/add/", {"file": file, "text": ""})
        self.intake = model("Intake").objects.defer("original").latest("pk").pk
        self.changed_by(self.editors[0], {("intake", self.intake)})

    def next_theme(self) -> None:
        """Make a theme, which may be renamed, merged or retired."""
        told = {
            "slug": f"round-{self.step}",
            "label": f"Round {self.step}",
            "definition": "Sample.",
        }
        self.theme = model("Theme").objects.create(**told, position=90).pk
        for person in self.people:
            person.pages = {key: pairs for key, pairs in person.pages.items() if key[0] != "theme"}

    def next_round(self, number: int) -> None:
        """Let both editors make the intake a declaration, from pages opened at the same time: one
        of them does.
        """
        path = f"/intake/{self.intake}/change/"
        words = {
            "code": f"ROUND{letters(number)}-2025",
            "title": "Sample",
            "short_title": "Sample",
            "issuer": "TECH7",
            "accept": "1",
        }
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
        if number == 1:
            self.next_theme()
        self.now = state(self.source, self.intake)
        for person in self.people:
            person.pages.clear()
            person.seen.clear()
            self.open_all(person)

    # --- What is looked at
    # -------------------------------------------------------------------------------------------

    def open_all(self, person: Person) -> None:
        """Open anew every page on which something can have changed."""
        source = self.source
        pages = {
            ("review", source): lambda: person.open_review(source),
            ("intake", self.intake): lambda: self.open(
                person, "intake", self.intake, "seen_revision"
            ),
            ("theme", self.theme): lambda: self.open(person, "theme", self.theme),
            ("tag", self.tag): lambda: self.open(person, "tag", self.tag),
            ("organisation", self.organisation): lambda: self.open(
                person, "organisation", self.organisation
            ),
            ("source", source): lambda: self.open(person, "source", source),
        }
        if person is self.publisher:
            pages["publication", source] = self.open_publication
            pages["correct", source] = lambda: person.open(
                ("correct", source), f"/source/{source}/correct/", "previewed"
            )
            for key in [key for key in self.now if key[0] == "entry"][:2]:
                path = f"/recommendation/{key[1]}/propose/"
                pages[key] = lambda key=key, path=path: person.open(key, path, "seen")
        for key, read in pages.items():
            kinds = (
                ("proposal", "entry", "theme", "source")
                if key[0] in ("review", "publication")
                else ()
            )
            count = sum(self.counts[kind] for kind in kinds) or self.counts[key]
            count += self.counts["source", source] if key[0] == "correct" else 0
            if person.seen.get(key) != count:
                read()
                person.seen[key] = count

    def open(
        self, person: Person, name: str, pk: int, holding: str = "seen", kind: str = ""
    ) -> None:
        person.open((kind or name, pk), f"/{name}/{pk}/change/", holding)

    def open_publication(self) -> None:
        page = self.publisher.get(f"/source/{self.source}/review/publish/")
        self.publisher.pages["publication", self.source] = (
            form(page, "seen") if 'name="seen"' in page else []
        )
        self.accepted = self.waiting()

    def look(self) -> None:
        """Somebody loads the pages again."""
        self.open_all(self.chance.choice(self.people))

    def waiting(self) -> list[tuple[Key, int]]:
        """Return what is accepted and not published, each with its revision."""
        proposals = [(key, row) for key, row in self.now.items() if key[0] == "proposal"]
        return [
            (key, row["revision"])
            for key, row in proposals
            if row["decision"] == "accepted" and not row["published_at"]
        ]

    # --- What is compared ----------------------------------------------------------------------
    # ----------------------

    def send(
        self, person: Person, send: Callable[[], HttpResponse]
    ) -> tuple[HttpResponse, State, State]:
        """Do something, and return the answer, the state before and the state after."""
        before, answer = self.now, send()
        self.now = state(self.source, self.intake)
        if answer.status_code >= 500:
            self.fault("an error", answer)
        self.changed_by(person, changed_between(before, self.now))
        return answer, before, self.now

    def expect(self, what: str, answer: HttpResponse, before: State, expected: dict) -> None:
        """Demand that a step did what is expected, and nothing else."""
        self.ends[what.split(" of ")[0]] += 1
        for each in wrong(before, self.now, expected):
            self.fault(f"{what}: {each}", answer)

    def refused(
        self, what: str, keys: list[Key], answer: HttpResponse, before: State, is_told: bool
    ) -> None:
        """Demand that a stale act changed nothing, and that its answer names who was faster."""
        self.ends["refused as stale"] += 1
        for each in wrong(before, self.now, {}):
            self.fault(f"{what} {keys} was not refused: {each}", answer)
        if not is_told:
            self.fault(f"{what} {keys} was not refused", answer)
        elif (name := named(answer)) not in (
            right := {self.last.get(key, name) for key in keys}
        ) or not name:
            self.fault(f"{what} {keys} names {name or 'nobody'}, not {' or '.join(right)}", answer)

    def changed_by(self, person: Person, touched: set[Key]) -> None:
        """Remember who changed things."""
        self.last |= dict.fromkeys(touched, person.name)
        self.counts.update(touched)
        self.counts.update(key[0] for key in touched)

    def fault(self, what: str, answer: HttpResponse) -> None:
        """Put a fault down with the answer."""
        self.faults.append(f"step {self.step}: {what} (answered {answer.status_code})")

    def is_stale(self, key: Key, pairs: Pairs, name: str = "revision") -> bool:
        """Tell whether a form was opened at another revision than there is."""
        return key not in self.now or self.now[key]["revision"] != int(dict(pairs)[name])

    # --- What is done to proposals
    # -----------------------------------------------------------------------------------

    def typed(self, person: Person) -> tuple[dict, dict]:
        """Return what somebody types of a proposal, as it is sent, and as it is stored."""
        some = lambda kind, least: sorted(  # noqa: E731
            self.chance.sample(
                [key[1] for key in self.now if key[0] == kind], self.chance.randint(least, 2)
            )
        )
        stored = {
            "title": f"Fund sample {person.name} {self.step}",
            "summary": f"Sample summary {self.step}",
        }
        stored |= {"themes": some("theme", 1), "addressees": some("organisation", 0)}
        stored["tags"] = self.chance.sample(TAGS, self.chance.randint(0, 3))
        for name, kind in (("themes", "theme"), ("addressees", "organisation")):
            stored[name] = sorted(self.now[kind, pk]["slug"] for pk in stored[name])
        return stored | {"tags": ", ".join(stored["tags"])}, stored

    def decide(self) -> None:
        """Somebody types in a proposal's card and presses a button of it."""
        person = self.chance.choice(self.people)
        key = self.chance.choice(person.opened("proposal"))
        act, (sent, stored), pairs = self.chance.choice(ACTS), self.typed(person), person.pages[key]
        sent |= {"act": act} | ({"before": "for small"} if act == "split" else {})
        if act == "words" and key in self.now:
            start, end = self.now[key]["spans"][0]
            sent["start"], sent["end"] = sorted(self.chance.sample(range(start, end + 1), 2))
        is_stale, in_place = self.is_stale(key, pairs), self.chance.random() < 0.5
        path, headers = (
            f"/source/{self.source}/review/{key[1]}/",
            {"X-In-Place": "1"} if in_place else {},
        )
        answer, before, after = self.send(
            person, lambda: person.post(path, changed(pairs, sent), **headers)
        )
        if is_stale:
            self.refused(
                f"{act} of a stale proposal", [key], answer, before, answer.status_code == 409
            )
            return
        expected = {key: stored}
        if answer.status_code != 409:
            expected = self.decided(act, key, stored, before)
        elif UNTOUCHED in said(answer):
            self.fault(f"{act} of a fresh {key} was refused as stale", answer)
        self.settle(person, expected)
        self.expect(f"{act.split()[0]} of {key}", answer, before, expected)
        if in_place and key in after:  # the page now holds the new revision
            revision = re.search(
                rf'id="revision-{key[1]}" name="revision" value="(\d+)"', answer.content.decode()
            )
            if not revision or int(revision[1]) != after[key]["revision"]:
                self.fault(
                    f"the page of {key} is told another revision than {after[key]['revision']}",
                    answer,
                )
            person.pages[key] = changed(pairs, {"revision": str(after[key]["revision"])})

    def decided(self, act: str, key: Key, stored: dict, before: State) -> dict:
        """Return what becomes of a proposal that was decided on, and of the one that it came from
        or went into.
        """
        after = self.now
        if act == "split":
            second = next(iter(after.keys() - before.keys()), ("proposal", 0))
            rest = {name: stored[name] for name in ("themes", "addressees", "tags")}
            new = rest | {"decision": "open", "summary": ""}
            return {key: stored | {"spans": ANY, "decision": "open"}, second: new}
        if act == "join":
            other = next(iter(before.keys() - after.keys()), ("proposal", 0))
            return {
                key: self.joined(stored, before[key], before.get(other, before[key])),
                other: None,
            }
        is_moved = act.startswith(("move", "words"))
        return {
            key: stored
            | ({"spans": ANY} if is_moved else {"decision": SAYS.get(act, before[key]["decision"])})
        }

    def joined(self, stored: dict, own: dict, other: dict) -> dict:
        """Return what is said of two proposals that were made one."""
        both = {name: sorted({*stored[name], *other[name]}) for name in ("themes", "addressees")}
        tags = list(dict.fromkeys([*stored["tags"], *other["tags"]]))
        decision = "open" if "open" in (own["decision"], other["decision"]) else own["decision"]
        return stored | both | {"tags": tags, "decision": decision, "spans": ANY}

    def settle(self, person: Person, expected: dict) -> None:
        """Say who must have written it last: whoever acted."""
        for values in filter(None, expected.values()):
            values["written_by"] = person.name

    def decide_all(self) -> None:
        """Somebody decides on several proposals at once, or takes back what was decided so."""
        person = self.chance.choice(self.people)
        marks = {key: int(dict(person.pages[key])["revision"]) for key in person.opened("proposal")}
        seen = dict(
            self.chance.sample(sorted(marks.items()), min(len(marks), self.chance.randint(1, 3)))
        )
        act = self.chance.choice(("accept", "reject", "reopen"))
        if (undo := person.pages.get(("undo", self.source))) and self.chance.random() < 0.5:
            (value,) = [value for name, value in undo if name == "each"]
            told = [mark.split(":") for mark in value.split(",")]
            seen, act = {("proposal", int(pk)): int(revision) for pk, revision in told}, "reopen"
        stale = [
            key for key in seen if key not in self.now or self.now[key]["revision"] != seen[key]
        ]
        pairs = [
            ("act", act),
            ("each", ",".join(f"{key[1]}:{revision}" for key, revision in seen.items())),
        ]
        path = f"{DESK}/source/{self.source}/review/all/"
        send = {"act": act, "each": dict(pairs)["each"]}
        answer, before, _after = self.send(
            person, lambda: person.client.post(path, send, follow=True)
        )
        is_refused = "None was decided on." in said(answer)
        if stale:
            self.refused(f"{act} at once of stale", stale, answer, before, is_refused)
            return
        by = {} if act == "reopen" else {"written_by": person.name}
        expected = {} if is_refused else {key: {"decision": SAYS[act]} | by for key in seen}
        self.expect(f"{act} at once of {list(seen)}", answer, before, expected)
        person.take_review(self.source, answer.content.decode())
        person.seen["review", self.source] = -1

    def add(self) -> None:
        """Somebody adds words that were selected on a page that may be old."""
        person = self.chance.choice(self.people)
        pairs, text = person.pages["add", self.source], first_words(self.source)
        paragraph = self.chance.choice(paragraphs_of(text))
        start, end = sorted(self.chance.sample(range(paragraph.start, paragraph.end + 1), 2))
        is_stale = int(dict(pairs)["text"]) != self.now["source", self.source]["text_number"]
        sent, path = (
            changed(pairs, {"start": str(start), "end": str(end)}),
            f"/source/{self.source}/review/add/",
        )
        answer, before, after = self.send(person, lambda: person.post(path, sent))
        new = after.keys() - before.keys()
        if is_stale or answer.status_code == 409:
            self.expect("add nothing", answer, before, {})
            if answer.status_code != 409:
                self.fault("words of a stale text were added", answer)
            return
        self.expect(
            "add",
            answer,
            before,
            {key: {"decision": "open", "written_by": person.name} for key in new},
        )
        words = [words_of(text, after[key]["spans"]) for key in new]
        if len(words) != 1 or text[start:end].strip() not in " ".join(words[0]):
            self.fault(f"{text[start:end]!r} was to be added, and {words} were", answer)

    # --- What is done to an intake
    # -----------------------------------------------------------------------------------

    def mend(self) -> None:
        """Somebody takes a piece of the intake off, or brings it back."""
        person, key = self.chance.choice(self.people), ("intake", self.intake)
        seen, act = (
            dict(person.pages[key])["seen_revision"],
            self.chance.choice(("keep", "take-off")),
        )
        number, kept = self.chance.randrange(1, 6), list(self.now[key]["kept"])
        pairs, path = (
            {"mend": f"{number} {act}", "seen_revision": seen},
            f"{DESK}/intake/{self.intake}/mend/",
        )
        is_stale = self.is_stale(key, person.pages[key], "seen_revision")
        answer, before, after = self.send(
            person, lambda: person.client.post(path, pairs, follow=True)
        )
        if is_stale:
            self.refused("mending of a stale intake", [key], answer, before, True)
            return
        kept[number - 1] = act == "keep"
        self.expect("mend", answer, before, {key: {"kept": kept}})
        if self.chance.random() < 0.5:
            person.pages[key] = changed(
                person.pages[key], {"seen_revision": str(after[key]["revision"])}
            )

    def describe(self) -> None:
        """Somebody gives the intake a title."""
        person, key = self.chance.choice(self.people), ("intake", self.intake)
        words = {"title": f"Sample {person.name} {self.step}", "occasion": f"Sample {self.step}"}
        pairs, path = (
            changed(person.pages[key], words | {"save": "1"}),
            f"/intake/{self.intake}/change/",
        )
        others = {
            name: value for name, value in dict(pairs).items() if name in ("short_title", "code")
        }
        is_stale = self.is_stale(key, pairs, "seen_revision")
        answer, before, _after = self.send(person, lambda: person.post(path, pairs))
        if is_stale:
            self.refused(
                "description of a stale intake", [key], answer, before, answer.status_code == 200
            )
            return
        self.expect("describe", answer, before, {key: words | others})

    # --- What the publisher does
    # -------------------------------------------------------------------------------------

    def publish(self) -> None:
        """The publisher publishes what the page once showed."""
        pairs = self.publisher.pages["publication", self.source]
        if not pairs or self.chance.random() < 0.5:
            self.open_publication()
            return
        now, text, path = (
            self.waiting(),
            first_words(self.source),
            f"/source/{self.source}/review/publish/",
        )
        sent = changed(pairs, {"reason": "Sample."})
        answer, before, after = self.send(self.publisher, lambda: self.publisher.post(path, sent))
        if now != self.accepted or not now or answer.status_code != 302:
            self.expect("publish nothing", answer, before, {})
            if answer.status_code != 409:
                self.fault("what nobody had looked at was published", answer)
            return
        entries = {after[key]["entry_id"]: before[key] for key, _revision in now}
        expected = {key: {"published_at": ANY, "entry_id": ANY} for key, _revision in now}
        for pk, row in entries.items():
            told = {name: row[name] for name in ("title", "summary")}
            told |= self.filed(row) | {"tags": sorted(row["tags"], key=repr)}
            expected["entry", pk] = told | {"status": "published", "count": 1}
        self.expect("publish", answer, before, expected)
        for pk, row in entries.items():
            words = [
                quote for _role, quote, *_rest in after.get(("entry", pk), {}).get("citations", [])
            ]
            if sorted(words) != sorted(words_of(text, row["spans"])):
                self.fault(f"entry {pk} says {words}, not {words_of(text, row['spans'])}", answer)
        if len(entries) != len(now):
            self.fault(f"{len(now)} accepted became {len(entries)} entries", answer)

    def filed(self, said: dict) -> dict:
        """Return the keys of the themes and addressees that are said by slug."""
        return {
            name: sorted(
                (
                    key[1]
                    for key, row in self.now.items()
                    if key[0] == kind and row["slug"] in said[name]
                ),
                key=repr,
            )
            for name, kind in (("themes", "theme"), ("addressees", "organisation"))
        }

    def change_entry(self) -> None:
        """The publisher changes an entry."""
        keys = self.publisher.opened("entry")
        if not keys:
            return
        key = self.chance.choice(keys)
        _sent, stored = self.typed(self.publisher)
        del stored["tags"]
        pairs, path = (
            changed(self.publisher.pages[key], stored | {"reason": "Sample."}),
            f"/recommendation/{key[1]}/",
        )
        row = self.now.get(key)
        is_stale = not row or dict(pairs)["seen"] != f"0:{[(row['code'], row['count'])]}"
        answer, before, _after = self.send(
            self.publisher, lambda: self.publisher.post(f"{path}propose/", pairs)
        )
        if is_stale:
            self.refused(
                "change of a stale entry", [key], answer, before, answer.status_code == 200
            )
        elif answer.status_code == 200 and not named(
            answer
        ):  # a correction may have left its words behind
            self.expect("change an entry: refused for its words", answer, before, {})
        else:
            self.expect(
                f"change of {key}",
                answer,
                before,
                {key: stored | self.filed(stored) | {"count": before[key]["count"] + 1}},
            )

    def correct(self) -> None:
        """The publisher corrects the text from a page that may be old; it makes every other page
        old.
        """
        if self.chance.random() < 0.7:
            return
        key, was = ("source", self.source), first_words(self.source)
        pairs = dict(self.publisher.pages["correct", self.source])
        text = re.sub(
            r"since (\d+ )?the last", f"since {self.step} the last", pairs["text"], count=1
        )
        digest = hashlib.sha256(text.encode()).hexdigest()
        sent = {
            "text": text,
            "reason": f"Sample {self.step}.",
            "confirm": "1",
            "filled": "{}",
            "note_signs": "[]",
        }
        sent |= {"contents": "", "previewed": digest}
        number, path = self.now[key]["text_number"], f"/source/{self.source}/correct/"
        done = self.send(
            self.publisher, lambda: self.publisher.post(path, changed(list(pairs.items()), sent))
        )
        answer, before, after = done
        if int(pairs["seen"]) != number:
            self.refused(
                "correction of a stale text", [key], answer, before, answer.status_code == 200
            )
            return
        expected = {
            key: {"text_number": number + 1, "sha256": digest, "note_signs": [], "contents": []}
        }
        for each, row in before.items():
            if each[0] == "entry" and row["status"] == "published":
                expected[each] = {"count": row["count"] + 1, "citations": ANY}
            if each[0] == "proposal" and (
                after.get(each) != row or self.is_certain(row, was, text)
            ):
                expected[each] = {"spans": ANY} | self.left(row, after.get(each, row), was, text)
        self.expect("correct", answer, before, expected)

    def is_certain(self, row: dict, was: str, text: str) -> bool:
        """Tell whether the words of a proposal have one place in the old text and in the
        new one.
        """
        return all(
            unique_in(was, words) and unique_in(text, words)
            for words in words_of(was, row["spans"])
        )

    def left(self, row: dict, now: dict, was: str, text: str) -> dict:
        """Return what is decided of a proposal after a correction: as before, unless its words are
        left behind.
        """
        is_kept = words_of(text, now["spans"]) == words_of(was, row["spans"])
        if self.is_certain(row, was, text) or is_kept or row["published_at"]:
            return {}
        return {
            "decision": "rejected",
        }

    # --- What is done to the vocabulary
    # ------------------------------------------------------------------------------

    def change_vocabulary(self) -> None:
        """Somebody changes a theme, a tag, an organisation or what is said of the declaration."""
        person = self.chance.choice(self.people)
        pks = {
            "theme": self.theme,
            "tag": self.tag,
            "organisation": self.organisation,
            "source": self.source,
        }
        key = self.chance.choice([key for key in pks.items() if key in person.pages] or [("", 0)])
        if not key[0]:
            return
        name, is_stale = TOLD[key[0]], person.seen[key] != self.counts[key]
        words = {name: f"Sample {self.step}", "reason": "Sample."}
        is_public, entries = self.is_public(key), self.entries_of(key)
        path = f"/{key[0]}/{key[1]}/change/"
        pairs = changed(person.pages[key], words)
        answer, before, _after = self.send(person, lambda: person.post(path, pairs))
        if is_stale:
            self.refused(
                f"change of a stale {key[0]}", [key], answer, before, answer.status_code == 200
            )
        elif is_public and person is not self.publisher:
            self.expect(f"propose to change a {key[0]}", answer, before, {})
        else:
            again = {each: {"count": before[each]["count"] + 1} for each in entries}
            self.expect(f"change a {key[0]}", answer, before, {key: {name: words[name]}} | again)

    def is_public(self, key: Key) -> bool:
        """Tell whether readers see a thing, so that only publishing changes it."""
        thing = {"source": "Source", "theme": "Theme", "organisation": "Organisation"}.get(key[0])
        kind = model(thing) if thing else model("Tagging").tag.field.related_model
        return part("editorial.change.is_public")(kind.objects.get(pk=key[1]))

    def entries_of(self, key: Key) -> list[Key]:
        """Return the entries that get their next version where a thing is changed."""
        return [each for each in self.now if each[0] == "entry" and key[0] == "source"]

    def end_theme(self) -> None:
        """The publisher renames the round's theme, merges it into another, or retires it."""
        key, act = ("theme", self.theme), self.chance.choice(("rename", "merge", "merge", "retire"))
        others = [each[1] for each in self.now if each[0] == "theme" and each != key]
        into = self.chance.choice(others)
        words = {"reason": "Sample."}
        words |= {
            "rename": {"label": f"Renamed {self.step}", "slug": f"renamed-{self.step}"},
            "merge": {"into": str(into)},
            "retire": {"successor": str(into)},
        }[act]
        path = f"/theme/{self.theme}/{'change' if act == 'rename' else act}/"
        slug = self.now[key]["slug"]
        heir = {"rename": words.get("slug"), "merge": self.now["theme", into]["slug"]}.get(act)
        moved = {
            each: {"themes": sorted({heir if s == slug else s for s in row["themes"]} - {None})}
            for each, row in self.now.items()
            if each[0] == "proposal" and slug in row["themes"] and not row["published_at"]
        }
        pairs = [
            pair for pair in form(self.publisher.get(path), "reason") if pair[0] != "keep_names"
        ]
        answer, before, _after = self.send(
            self.publisher, lambda: self.publisher.post(path, changed(pairs, words))
        )
        if act == "rename":
            self.expect(
                "rename a theme",
                answer,
                before,
                moved | {key: {name: words[name] for name in ("label", "slug")}},
            )
            return
        if act == "retire" and answer.status_code != 302:  # an entry has no other theme
            self.expect("retire no theme", answer, before, {})
            return
        expected: dict = moved | {key: None}
        for each, row in before.items():
            if each[0] == "entry" and self.theme in row["themes"]:
                rest = {pk for pk in row["themes"] if pk != self.theme}
                expected[each] = {
                    "themes": sorted(rest | ({into} if act == "merge" else set()), key=repr)
                }
                if row.get("status") == "published":
                    expected[each]["count"] = row["count"] + 1
        self.expect(f"{act} a theme", answer, before, expected)
        self.next_theme()
        self.now = state(self.source, self.intake)


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument(
        "--pairs", type=int, default=1, help="how often each act is done twice at one moment (1)"
    )


def tried(given: Namespace, faults: list[str]) -> str:
    """Do the steps, and return in words what was done."""
    with site(given.database):
        trial = Trial(random.Random(given.seed), faults=faults)
        trial.run(given.steps)
        at_once = AtOnce(faults)
        at_once.run(given.pairs)
    ends = sorted((trial.ends + at_once.ends).items())
    return f"{trial.step} steps; {', '.join(f'{end} {count}' for end, count in ends)}"


if __name__ == "__main__":
    sys.exit(conduct("editors", __doc__, options, FULL, tried))
