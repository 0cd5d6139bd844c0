"""Words: no quote is ever taken that is not, sign by sign, what its text says.

True quotes of a text full of traps are changed by one sign, one form, one look-alike, one place,
and sent by every way in: the desk's quote field, the review, the split, a folder, a correction, the
models and SQL itself; every change by every way before any comes again. An oracle of its own says
which of them stand in the text exactly once. Whatever is taken must be one of these, and be stored
as it stands in the text. Each rule of the database is broken once, and must hold; each thing that
`verifyquotes` proves is falsified once, and must be named. In the end every place of every format
must say the very words that are stored.
"""

import json
import random
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse

from .parts.addresses import part, stranger
from .parts.cycle import DESK
from .parts.desk import Pairs, changed, form
from .parts.publishing import correct, factories
from .parts.rules import Kept, undone
from .parts.server import PUBLISHERS, model, site
from .parts.telling import Told, truths
from .parts.traps import (
    HALVES,
    SIGN,
    TEXT,
    TRUE,
    at_random,
    certain_place,
    corrected_texts,
    kinds,
    stands,
)
from .parts.trial import conduct, progress

FULL = {"quotes": 10_000}
REASON = {"reason": "Sample reason."}
WAYS = ("desk", "review", "split", "load", "correction", "models", "statements")
ENOUGH = 50  # faults

Sent = tuple[str, str, str]  # the way, the true quote, and what is sent in its place


def everything(chance: random.Random) -> list[Sent]:
    """Return every change of every quote by every way, so that each change by each way comes before
    any comes again.
    """
    rounds: dict[int, list[Sent]] = {}
    for way in WAYS:
        made: dict[str, list[Sent]] = {}
        for quote in HALVES if way == "split" else TRUE:
            for kind, other in kinds(quote).items():
                made.setdefault(kind, []).append((way, quote, other))
        for same in made.values():
            for turn, each in enumerate(chance.sample(same, len(same))):
                rounds.setdefault(turn, []).append(each)
    return [
        each for turn in sorted(rounds) for each in chance.sample(rounds[turn], len(rounds[turn]))
    ]


@dataclass
class Trial:
    """The quotes, what became of them, and what is wrong."""

    chance: random.Random
    folder: Path  # an empty one
    ends: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    few: int | None = (
        None  # quotes that are corrected in every way, entries of which everything is read
    )
    compared: int = 0
    number: int = 0

    def run(self, quotes: int) -> None:
        """Send so many, break every rule, then read every format."""
        self.prepare()
        sent = everything(self.chance)
        self.certain = min(quotes, len(sent))
        for number in range(quotes):
            self.send(*(sent[number] if number < len(sent) else self.drawn()))
            if len(self.faults) > ENOUGH:
                break
            progress(f"{number + 1}/{quotes} quotes", self.faults)
        self.places()
        self.rules()
        part("search.facets.forget")()  # what was taken back may have been held
        self.publish()
        self.formats()

    def drawn(self) -> Sent:
        """Return something at random."""
        way = self.chance.choice(WAYS)
        quote = self.chance.choice(HALVES if way == "split" else TRUE)
        return way, quote, at_random(self.chance, quote)

    def send(self, way: str, quote: str, other: str) -> None:
        """Send something in the place of a quote by a way, and take it back."""
        with undone():
            getattr(self, way)(quote, other)
            self.stored(way, other)

    def prepare(self) -> None:
        """Make the declaration with two entries, and the people and the folder."""
        named = {"title": "Sample words", "issued_on": date(2021, 5, 1)}
        self.source = factories().make_source("WORDS-2021", TEXT, note_signs=[list(SIGN)], **named)
        self.published, self.other = self.entry(TRUE[0]), self.entry(TRUE[3])
        self.client = stranger()
        publisher = get_user_model().objects.get(username=PUBLISHERS[0])
        self.client.force_login(publisher, "django.contrib.auth.backends.ModelBackend")
        self.path = f"{DESK}/recommendation/{self.other.pk}/propose/"
        page = form(self.client.get(self.path).content.decode(), "seen")
        self.page = changed(page, REASON)
        part("editorial.bundle.export")(self.source, self.folder)
        self.told = (self.folder / "declaration.toml").read_text()

    def entry(self, *quotes: str):
        """Publish an entry."""
        return factories().make_published(self.source, *quotes, tags=[])

    # --- The ways in ---------------------------------------------------------------------------
    # ----------------------

    def taken(
        self, way: str, quote: str, is_taken: bool, stored: list[str], text: str = TEXT
    ) -> None:
        """Count what became of a quote; one that was taken must stand in the text once, and be
        stored as sent.
        """
        sent = quote.replace("\r\n", "\n").strip() if way in ("desk", "review", "split") else quote
        self.ends[f"{way} {'taken' if is_taken else 'refused'}"] += 1
        if is_taken and len(stands(text, sent)) != 1:
            self.faults.append(
                f"{way} takes {quote!a}, which stands {len(stands(text, sent))} times in the text"
            )
        elif is_taken and sent not in stored:
            self.faults.append(f"{way} takes {quote!a} and stores {stored!a}")

    def is_whole(self, way: str, quote: str, answer: HttpResponse) -> bool:
        """Demand that the desk takes a quote or refuses it, and does not break off."""
        if answer.status_code >= 500:
            self.faults.append(f"{way} answers {answer.status_code} to {quote!a}")
            self.ends[f"{way} broken off"] += 1
        return answer.status_code < 500

    def post(self, path: str, pairs: Pairs, **headers: str) -> HttpResponse:
        """Send a form of the desk."""
        sent: dict[str, list[str]] = {}
        for name, value in pairs:
            sent.setdefault(name, []).append(value)
        return self.client.post(path, sent, headers=headers)

    def desk(self, _true: str, quote: str) -> None:
        """Paste it into the quote field of an entry."""
        answer = self.post(self.path, changed(self.page, {"quotes-0-quote": quote}))
        if self.is_whole("desk", quote, answer):
            self.taken("desk", quote, answer.status_code == 302, self.quotes(self.other))

    def quotes(self, *entries) -> list[str]:
        found = (
            model("Citation")
            .objects.filter(recommendation__in=entries, role="states")
            .order_by("start")
        )
        return list(found.values_list("quote", flat=True))

    def review(self, _true: str, quote: str) -> None:
        """Add a passage by its words; a proposal points at whole words, so its own may be a few
        signs more.
        """
        address = f"{DESK}/source/{self.source.pk}/review/add/"
        answer = self.post(address, [("quote", quote), ("text", "1")], **{"X-In-Place": "1"})
        if not self.is_whole("review", quote, answer):
            return
        sent = quote.replace("\r\n", "\n").strip()
        found = model("Proposal").objects.filter(source=self.source).order_by("-pk").first()
        spans = found.spans if found else []
        said = "\n".join(TEXT[start:end] for start, end in spans)
        places = stands(TEXT, sent)
        inside = (
            found
            and places
            and spans[0][0] <= places[0]
            and spans[-1][1] >= places[0] + len(sent.rstrip(" \n•"))
        )
        loose = (
            spans and (places[0] - spans[0][0] > 20 or spans[-1][1] - places[0] - len(sent) > 20)
            if places
            else 0
        )
        self.taken(
            "review", quote, answer.status_code == 200, [sent if inside and not loose else said]
        )

    def split(self, _true: str, quote: str) -> None:
        """Part the published entry at words: those that stay, or those that leave."""
        other = self.chance.choice(("We call", "½ of all work"))
        staying, leaving = (quote, other) if self.chance.random() < 0.5 else (other, quote)
        said = {**REASON, "staying": staying, "leaving": leaving, "title": "Report sample steps"}
        answer = self.client.post(f"{DESK}/recommendation/{self.published.pk}/split/", said)
        if self.is_whole("split", quote, answer):
            stored = self.quotes(*model("Recommendation").objects.filter(source=self.source))
            self.taken("split", quote, answer.status_code == 302, stored, TRUE[0])

    def folder_with(self, quote: str, text: str = TEXT) -> None:
        told = self.told.replace(self.as_toml(TRUE[3]), self.as_toml(quote))
        (self.folder / "declaration.toml").write_bytes(told.encode(errors="surrogatepass"))
        (self.folder / "declaration.txt").write_bytes(text.encode())

    def as_toml(self, quote: str) -> str:
        """Write a quote as the folder's file does."""
        return json.dumps(quote, ensure_ascii=False)

    def folder_taken(self, overwrite: bool) -> bool:
        """Load the folder."""
        try:
            with transaction.atomic():
                part("editorial.bundle.load")(self.folder, overwrite=overwrite)
        except part("editorial.bundle.BundleError"):
            return False
        return True

    def load(self, true: str, quote: str) -> None:
        """Load a folder whose quote, or whose text, was tampered with."""
        self.number += 1
        if self.number % 4:
            self.folder_with(quote)
            self.taken("folder", quote, self.folder_taken(True), self.quotes(self.other))
            return
        text = TEXT.replace(true, quote, 1)
        self.folder_with(TRUE[3], text)
        if self.folder_taken(True) and text != TEXT:
            self.faults.append(f"a folder is taken whose text has {quote!a}")
        self.ends["folder with another text refused"] += 1

    def correction(self, true: str, quote: str) -> None:
        """Correct the words of an entry to other words."""
        if true not in (TRUE[0], TRUE[3]):
            self.entry(true)
        self.corrected(quote, TEXT.replace(true, quote.replace("\x00", ""), 1))

    def corrected(self, what: str, text: str) -> None:
        """Correct the text: a quote moves with its very words to a certain place, or stays with the
        former text.
        """
        rows = model("Citation").objects.filter(source=self.source).exclude(quote="")
        before = {each.pk: (each.quote, each.start) for each in rows}
        try:
            correct(self.source, text)
        except part("editorial.errors.Refused"):
            self.ends["correction refused"] += 1
            return
        self.ends["correction taken"] += 1
        for each in rows.all():
            words, start = before[each.pk]
            place = certain_place(TEXT, text, start, start + len(words))
            if each.quote != words:
                self.faults.append(f"a correction to {what!a} made {words!a} {each.quote!a}")
            elif (each.text_number, each.start) != ((1, start) if place is None else (2, place)):
                told = (
                    f"in text {each.text_number} at {each.start}, where {place} is its certain "
                    "place"
                )
                self.faults.append(f"a correction to {what!a} leaves {words!a} {told}")

    def places(self) -> None:
        """Correct the text to ones in which the words of each quote stand elsewhere, several times
        or nowhere.
        """
        for quote in TRUE[: self.few]:
            for kind, text in corrected_texts(quote).items():
                with undone():
                    if quote not in (TRUE[0], TRUE[3]):
                        self.entry(quote)
                    self.corrected(f"have {quote[:20]!a} {kind}", text)
                    self.stored("correction", quote)

    def models(self, _true: str, quote: str) -> None:
        """Save it as the models do, with the place of another, or with places that are off."""
        passage = model("Citation").objects.get(recommendation=self.other, role="states")
        start = max(0, passage.start + self.chance.choice((0, 0, 0, -1, 1)))
        end = start + len(quote) + self.chance.choice((0, 0, 0, -1, 1))
        passage.quote, passage.start, passage.end = quote, start, end
        try:
            with transaction.atomic():
                if self.chance.random() < 0.5:
                    passage.save()
                else:
                    values = {"quote": quote, "start": start, "end": end}
                    model("Citation").objects.filter(pk=passage.pk).update(**values)
        except (DatabaseError, ValueError):
            self.ends["models refused"] += 1
            return
        self.ends["models taken"] += 1

    def statements(self, _true: str, quote: str) -> None:
        """Write it as SQL does: the quote, its place, a row of its own, the text, a version."""
        table, key = (
            "UPDATE recommendations_citation SET",
            f"WHERE recommendation_id = {self.other.pk}",
        )
        version = f"WHERE recommendation_id = {self.published.pk}"
        start = self.quoted_start()
        other = max(0, start + self.chance.choice((-1, 1)))
        text = TEXT.replace(TRUE[3], quote)
        tried = [
            (f"{table} quote = %s {key}", [quote]),
            (
                f'{table} quote = %s, "start" = %s, "end" = %s {key}',
                [quote, start, start + len(quote)],
            ),
            (
                f'{table} quote = %s, "start" = %s, "end" = %s {key}',
                [TRUE[3], other, other + len(TRUE[3])],
            ),
            (f"{table} text_number = 2 {key}", []),
            ("UPDATE recommendations_source SET text = %s WHERE id = %s", [text, self.source.pk]),
            (f"UPDATE recommendations_version SET reason = %s {version}", [quote]),
            (f"DELETE FROM recommendations_version {version}", []),
        ]
        statement, values = self.chance.choice(tried)
        before = self.whole()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, values)
        except (DatabaseError, ValueError):
            self.ends["statements refused"] += 1
            return
        self.ends["statements taken"] += 1
        if "citation" not in statement and self.whole() != before:
            self.faults.append(f"the database takes {statement} of {quote!a}")

    def whole(self) -> tuple:
        """Return the text and the versions as they are stored."""
        versions = list(
            model("Version")
            .objects.filter(recommendation=self.published)
            .values_list("reason", "hash")
        )
        return model("Source").objects.get(pk=self.source.pk).text, versions

    def quoted_start(self) -> int:
        return model("Citation").objects.get(recommendation=self.other, role="states").start

    # --- What is demanded ----------------------------------------------------------------------
    # ----------------------

    def stored(self, way: str, quote: str) -> None:
        """Demand that every quote of the declaration is its passage, sign by sign, as the database
        holds both.
        """
        source = model("Source").objects.get(pk=self.source.pk)
        texts = {former.number: former.text for former in source.former_texts.all()} | {
            source.text_number: source.text
        }
        for each in model("Citation").objects.filter(source=source).exclude(quote=""):
            self.compared += 1
            if texts.get(each.text_number, "")[each.start : each.end] != each.quote:
                self.faults.append(
                    f"after {way} of {quote!a} {each.quote!a} is stored, which its passage is not"
                )

    def rules(self) -> None:
        """Break each rule of the database, and falsify each thing that is proven."""
        kept = Kept(
            self.source, self.published, self.other, TEXT.replace(TRUE[3], "Sample."), self.faults
        )
        kept.try_all()
        self.ends["rules broken or lies told"] += kept.tried

    def publish(self) -> None:
        """Publish every true quote, and two together, so that readers get each."""
        for quote in TRUE:
            if quote not in (TRUE[0], TRUE[3]):
                self.entry(quote)
        self.entry(TRUE[0], TRUE[4], TRUE[5])

    def formats(self) -> None:
        """Demand the very words of every place of every format, also of a quote that a correction
        left behind.
        """
        told = Told(self.faults, self.few)
        told.all(self.source)
        correct(self.source, TEXT.replace(TRUE[0], "Sample."))
        told.known = truths()
        told.entry(self.published.code)
        told.selections(self.source.code)
        told.briefings()
        told.assistants(self.source.code)
        factories().withdrawn(self.published)
        told.withdrawn(self.published, told.known[self.published.code])
        self.compared += told.compared

    def summary(self) -> str:
        """Say what was tried and found."""
        ends = ", ".join(f"{end} {count}" for end, count in sorted(self.ends.items()))
        return (
            f"{self.ends.total()} quotes, {self.certain} for certain ({ends}); {self.compared} "
            "comparisons"
        )


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument(
        "--quotes", type=int, default=100, help="every change by every way comes within these"
    )


def tried(given: Namespace, faults: list[str]) -> str:
    """Send the quotes, and return in words what became of them."""
    with site(given.database), tempfile.TemporaryDirectory(prefix="kb-words-") as name:
        trial = Trial(random.Random(given.seed), Path(name), faults=faults)
        trial.run(given.quotes)
    return trial.summary()


if __name__ == "__main__":
    sys.exit(conduct("words", __doc__, options, FULL, tried))
