"""Two people who press the same button at the same moment, in two threads: one is taken, and one is
told.

Each is held before the first thing that it writes until the other is there too: what both have read
by then without a lock, both would write over. Where a lock holds the second back, the first goes on
after a moment.
"""

import hashlib
import re
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.http import HttpResponse

from .cycle import BODY, DESK, letters
from .desk import changed, form
from .server import EDITORS, PUBLISHERS, model
from .working import Person, first_words, named, said

WRITES = re.compile(r'(?:UPDATE|INSERT INTO|DELETE FROM) "(?:recommendations|taggit)_')
MOMENT = 0.25  # seconds that one waits for the other
Send = Callable[[Person], HttpResponse]
Facts = Callable[[], object]  # what is read before and after


def together(people: list[Person], send: Send) -> list[HttpResponse]:
    """Let all send at the same moment, and return their answers."""
    answers: dict[str, HttpResponse] = {}
    meeting = threading.Barrier(len(people))

    def one(person: Person) -> None:
        has_met = False

        def meet(execute, sql, params, many, context):
            nonlocal has_met
            if not has_met and WRITES.match(sql):
                has_met = True
                with suppress(threading.BrokenBarrierError):
                    meeting.wait(MOMENT)
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(meet):
                answers[person.name] = send(person)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[person.name] for person in people]


def is_taken(answer: HttpResponse) -> bool:
    """Tell whether a form was taken, which the desk says by leading on."""
    return answer.status_code == 302


@dataclass
class AtOnce:
    """Each act of the desk, twice at the same moment."""

    faults: list[str]
    ends: Counter = field(default_factory=Counter)

    def run(self, times: int) -> None:
        """Do each act so often."""
        self.editors, self.publishers = (
            [Person(name) for name in EDITORS],
            [Person(name) for name in PUBLISHERS],
        )
        for number in range(times):
            self.make(number)
            self.describe(number)
            self.decide()
            self.decide_all()
            self.publish()
            self.change_entry()
            self.publish_proposal()
            self.correct()
            for kind in ("source", "theme", "tag", "organisation"):
                self.change(kind, number)

    def both(
        self, what: str, people: list[Person], send: Send, *, taken=is_taken, is_named: bool = True
    ) -> Person:
        """Let both send; one must be taken, the other told who was faster. Returns who was
        taken.
        """
        answers = together(people, send)
        who = [person for person, answer in zip(people, answers, strict=True) if taken(answer)]
        self.ends["at the same moment"] += 1
        if len(who) != 1 or any(answer.status_code >= 500 for answer in answers):
            codes = [answer.status_code for answer in answers]
            self.faults.append(
                f"{what} twice at one moment: {len(who)} are taken (answered {codes})"
            )
            return people[0]
        told = next(answer for answer in answers if not taken(answer))
        if is_named and named(told) != who[0].name:
            self.faults.append(
                f"{what} twice at one moment names {named(told) or 'nobody'}, not {who[0].name}"
            )
        return who[0]

    def demand(self, what: str, found: object, right: object) -> None:
        """Demand that what was done at the same moment was done once."""
        if found != right:
            self.faults.append(f"{what} twice at one moment: {found}, not {right}")

    def make(self, number: int) -> None:
        text = (
            "Sample declaration of moment "
            f"{number}\n\n{BODY.replace('{cycle}', f'moment {number}')}\n"
        )
        file = SimpleUploadedFile("sample.txt", text.encode())
        self.editors[0].client.post(f"{DESK}/intake/add/", {"file": file, "text": ""})
        intake = model("Intake").objects.defer("original").latest("pk").pk
        path, code = f"/intake/{intake}/change/", f"MOMENT{letters(number)}-2025"
        words = {
            "code": code,
            "title": "Sample",
            "short_title": "Sample",
            "issuer": "TECH7",
            "accept": "1",
            "issued_on": "2025-05-12",
        }
        pairs = changed(form(self.editors[0].get(path), "seen_revision"), words)
        self.both(
            "make a declaration",
            self.editors,
            lambda person: person.post(path, pairs),
            is_named=False,
        )
        self.demand("make a declaration", model("Source").objects.filter(code=code).count(), 1)
        self.source = model("Source").objects.get(code=code).pk
        self.review = f"/source/{self.source}/review/"

    def describe(self, number: int) -> None:
        file = SimpleUploadedFile(
            "sample.txt", f"Sample title {number}\n\nWe call for sample {number}.".encode()
        )
        self.editors[0].client.post(f"{DESK}/intake/add/", {"file": file, "text": ""})
        intake = model("Intake").objects.defer("original").latest("pk")
        path = f"/intake/{intake.pk}/change/"
        pairs = changed(form(self.editors[0].get(path), "seen_revision"), {"save": "1"})
        who = self.both(
            "describe",
            self.editors,
            lambda person: person.post(path, changed(pairs, {"title": person.name})),
        )
        after = model("Intake").objects.defer("original").get(pk=intake.pk)
        self.demand("describe", (after.title, after.revision), (who.name, intake.revision + 1))

    def decide(self) -> None:
        person, first = self.editors[0], model("Proposal").objects.filter(source=self.source)[0]
        person.open_review(self.source)
        pairs = changed(person.pages["proposal", first.pk], {"act": "save", "themes": ["skills"]})
        send = lambda person: person.post(  # noqa: E731
            f"{self.review}{first.pk}/", changed(pairs, {"title": person.name})
        )
        who = self.both("decide", self.editors, send)
        after = model("Proposal").objects.get(pk=first.pk)
        self.demand("decide", (after.title, after.revision), (who.name, first.revision + 1))

    def decide_all(self) -> None:
        listed = list(model("Proposal").objects.filter(source=self.source)[:3])
        for each in listed[1:]:
            each.title, each.themes = "Sample", ["skills"]
            each.save()
        sent = {"act": "accept", "each": ",".join(f"{each.pk}:{each.revision}" for each in listed)}
        send = lambda person: person.client.post(f"{DESK}{self.review}all/", sent, follow=True)  # noqa: E731
        who = self.both(
            "decide all",
            self.editors,
            send,
            taken=lambda answer: "None was decided on." not in said(answer),
        )
        after = model("Proposal").objects.filter(source=self.source)[:3]
        found = [(each.revision, each.decision, each.written_by) for each in after]
        self.demand(
            "decide all", found, [(each.revision + 1, "accepted", who.name) for each in listed]
        )

    def publish(self) -> None:
        pairs = changed(
            form(self.publishers[0].get(f"{self.review}publish/"), "seen"), {"reason": "Sample."}
        )
        send = lambda person: person.post(f"{self.review}publish/", pairs)  # noqa: E731
        self.both("publish", self.publishers, send, is_named=False)
        entries = model("Recommendation").objects.filter(source=self.source)
        found = (
            entries.count(),
            model("Version").objects.filter(recommendation__in=entries).count(),
        )
        self.demand("publish", found, (3, 3))

    def change_entry(self) -> None:
        entry = model("Recommendation").objects.filter(source=self.source).first()
        path = f"/recommendation/{entry.pk}/propose/"
        pairs = changed(form(self.publishers[0].get(path), "seen"), {"reason": "Sample."})
        send = lambda person: person.post(path, changed(pairs, {"title": person.name}))  # noqa: E731
        who = self.both("change an entry", self.publishers, send, is_named=False)
        after = model("Recommendation").objects.get(pk=entry.pk)
        self.demand(
            "change an entry",
            (after.title, after.versions.count()),
            (who.name, entry.versions.count()),
        )
        self.demand("change an entry", after.versions.count(), 2)

    def publish_proposal(self) -> None:
        """Two write one proposal at the same moment, then two publish it."""
        entry = model("Recommendation").objects.filter(source=self.source).last()
        path = f"/recommendation/{entry.pk}/propose/"
        pairs = changed(form(self.editors[0].get(path), "seen"), {"reason": "Sample."})
        self.editors[0].post(path, pairs)
        proposal = model("Proposal").objects.latest("pk")
        path = f"/proposal/{proposal.pk}/"
        pairs = form(self.editors[0].get(f"{path}edit/"), "seen")
        send = lambda person: person.post(f"{path}edit/", changed(pairs, {"title": person.name}))  # noqa: E731
        who = self.both("write a proposal", self.editors, send)
        proposal.refresh_from_db()
        self.demand("write a proposal", (proposal.title, proposal.revision), (who.name, 2))
        sent = [("reason", "Sample."), ("revision", "2")]
        self.both(
            "publish a proposal",
            self.publishers,
            lambda person: person.post(f"{path}publish/", sent),
        )
        after = model("Recommendation").objects.get(pk=entry.pk)
        self.demand("publish a proposal", (after.title, after.versions.count()), (who.name, 2))

    def correct(self) -> None:
        path, text = f"/source/{self.source}/correct/", first_words(self.source)
        pairs = dict(form(self.publishers[0].get(path), "previewed")) | {
            "reason": "Sample.",
            "confirm": "1",
        }
        pairs |= {"filled": "{}", "note_signs": "[]", "contents": ""}

        def send(person: Person) -> HttpResponse:
            said = text.replace("since the last", f"since {person.name} the last", 1)
            own = {"text": said, "previewed": hashlib.sha256(said.encode()).hexdigest()}
            return person.post(path, list((pairs | own).items()))

        who = self.both("correct", self.publishers, send)
        source = model("Source").objects.get(pk=self.source)
        found = (
            source.text_number,
            f"since {who.name} the last" in source.text,
            source.former_texts.count(),
        )
        self.demand("correct", found, (2, True, 1))

    def change(self, kind: str, number: int) -> None:
        tag = model("Tagging").tag.field.related_model
        things = {
            "source": model("Source").objects.filter(pk=self.source),
            "theme": model("Theme").objects.all(),
        }
        things |= {"organisation": model("Organisation").objects.all(), "tag": tag.objects.all()}
        field_name = {"source": "occasion", "theme": "definition"}.get(kind, "name")
        thing = things[kind].order_by("pk").last()
        path = f"/{kind}/{thing.pk}/change/"
        pairs = changed(form(self.publishers[0].get(path), "seen"), {"reason": "Sample."})
        words = {person.name: f"Sample {number} {person.name}" for person in self.publishers}
        send = lambda person: person.post(path, changed(pairs, {field_name: words[person.name]}))  # noqa: E731
        who = self.both(f"change a {kind}", self.publishers, send)
        thing.refresh_from_db()
        self.demand(f"change a {kind}", getattr(thing, field_name), words[who.name])
