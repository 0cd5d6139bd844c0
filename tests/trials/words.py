"""Words: no quote is ever taken that is not, sign by sign, what its text says.

True quotes of a text full of traps are changed by one sign, one form, one look-alike, one place, and sent by every way
in: the desk's quote field, the review, the split, a folder, a correction, the models and SQL itself. An oracle of its
own says which of them stand in the text exactly once. Whatever is taken must be one of these, and be stored as it
stands in the text. In the end every format must say the words as they are stored.
"""

import csv
import io
import json
import random
import re
import sys
import tempfile
import unicodedata
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from pathlib import Path

import docx
from django.db import DatabaseError, connection, transaction
from django.test import Client
from lxml import etree, html
from markdown_it import MarkdownIt

from .addresses import body, part, stranger
from .crash import DESK
from .desk import changed, form
from .editors import Person
from .server import PUBLISHERS, model, site
from .trial import conduct, progress

FULL = {"quotes": 10_000}
PARAGRAPHS = (
    "This is sample text of Cafe\u0301 and Café: Ångström, Å, ﬁnance and ﬁrst-class ofﬁces, naïve “quotes” and ‘more’.",
    "We call for sample skills1 – lifelong – and for sample e\u0301lan, ½ of all work; companies should report, too.",
    "We call\u00a0for sample standards\u2009that join\u200bed and soft\u00adened words keep, e.g. 50\u202f% by 2030.",
    "  • We urge G7 governments to fund sample research on AI, IoT and 5G in every region, and to report on it.",
    "We urge G7 governments to fund sample research on AI, IoT and 5G in every region, and to publish it.",
    "Sample Ελλάδα, Россия and Paсis; sample \u202bעברית\u202c and 政府は行動すべきである。 Sample 👩\u200d💻 ends.",
    "Sample close. We ask. Sample close. We ask again for sample action of the seven, of the seven, at once.",
)
TEXT = "\n\n".join(PARAGRAPHS) + "\n"
TRUE = (
    "We call for sample skills1 – lifelong – and for sample e\u0301lan, ½ of all work",
    "We call\u00a0for sample standards\u2009that join\u200bed and soft\u00adened words keep, e.g. 50\u202f% by 2030.",
    "in every region, and to report on it.",
    "in every region, and to publish it.",
    "Ångström, Å, ﬁnance and ﬁrst-class ofﬁces, naïve “quotes” and ‘more’.",
    "sample \u202bעברית\u202c and 政府は行動すべきである。 Sample 👩\u200d💻 ends.",
    "We ask again for sample action of the seven, of the seven, at once.",
)
# of the first of these
HALVES = (
    "We call for sample skills1 –",
    "sample skills1 – lifelong",
    "for sample e\u0301lan, ½ of all",
)  # of the first
LOOKALIKES = dict(zip("aceiopxyABCEHIKMOPTXоνАΑ", "асеіорхуАВСЕНІКМОРТХoνAA", strict=True))
LIGATURES = {"ﬁ": "fi", "fi": "ﬁ", "ff": "ﬀ", "½": "1/2", "é": "e\u0301", "Å": "Å", "…": "...", "...": "…"}
TYPED = {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "-": "–", "—": "--", "\u00a0": " ", " ": "\u00a0"}
INVISIBLE = "\u200b\u200c\u200d\ufeff\u00ad\u2060\u200e\u200f\u202a\u202c\u2066\u2069\u180e\u034f\ufe0f"
INVISIBLE += "\u00a0\u2009\u202f\u3000\t\n"
FLAT = re.compile(r"[ \t\r\n\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")
REASON = {"reason": "Sample reason."}
WAYS = ("desk", "review", "split", "load", "correction", "models", "statements", "desk")


def variants(chance: random.Random, quote: str) -> str:
    """Return a quote with one thing about it changed, or none."""
    at = chance.randrange(len(quote))
    words = quote.split(" ")
    word = chance.randrange(len(words))
    sign = chance.choice(INVISIBLE)
    swapped = [name for name in LOOKALIKES if name in quote]
    made = [name for name in LIGATURES | TYPED if name in quote]
    ways: list[Callable[[], str]] = [
        lambda: quote,
        lambda: quote[:at] + quote[at + 1 :],
        lambda: quote[:at] + chance.choice("aé1.,; \u0301") + quote[at:],
        lambda: quote[:at] + chr(ord(quote[at]) ^ 1) + quote[at + 1 :],
        lambda: quote[:at] + sign + quote[at:],
        lambda: sign + quote + sign,
        lambda: unicodedata.normalize(chance.choice(("NFC", "NFD", "NFKC", "NFKD")), quote),
        lambda: replaced(chance, quote, LOOKALIKES, swapped),
        lambda: replaced(chance, quote, LIGATURES | TYPED, made),
        lambda: chance.choice((quote.upper(), quote.lower(), quote.title(), quote.swapcase(), quote.casefold())),
        lambda: " ".join([*words[word:], *words[:word]]),
        lambda: " ".join([*words[:word], *words[word + 1 :]]),
        lambda: quote.replace(" ", chance.choice(("  ", "\n", "\r\n", "\u2003", ""))),
        lambda: "".join(sign for sign in quote if sign not in INVISIBLE),
        lambda: f"“{quote}”",
        lambda: quote[: at + 1] + "…",
        lambda: quote[:-1] or quote,
        lambda: quote[1:] or quote,
        lambda: quote[:at] + "\x00" + quote[at:],
        lambda: f"{quote} {chance.choice(TRUE)}",
        lambda: around(chance, quote),
        lambda: TEXT[TEXT.index(quote) :][: len(quote) + chance.choice((-1, 1))],
    ]
    return chance.choice(ways)()


def replaced(chance: random.Random, quote: str, others: dict[str, str], there: list[str]) -> str:
    """Put another sign in the place of one that looks like it."""
    if not there:
        return quote + "\u200b"
    name = chance.choice(there)
    return quote.replace(name, others[name], chance.choice((1, -1)))


def around(chance: random.Random, quote: str) -> str:
    """Return the words with what stands before and after them, over a paragraph's end or a footnote sign."""
    start = TEXT.index(quote)
    return TEXT[max(0, start - chance.randrange(9)) : start + len(quote) + chance.randrange(1, 12)]


def stands(text: str, quote: str) -> list[int]:
    """Return every place at which words stand in a text, found by comparing at each."""
    return [place for place in range(len(text) - len(quote) + 1) if quote and text[place : place + len(quote)] == quote]


@contextmanager
def undone() -> Iterator[None]:
    """Take back what is done."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Trial:
    """The quotes, what became of them, and what is wrong."""

    chance: random.Random
    folder: Path  # an empty one
    ends: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    compared: int = 0
    number: int = 0

    def run(self, quotes: int) -> None:
        """Send so many by every way in turn, then read every format."""
        self.prepare()
        for number in range(quotes):
            way = WAYS[number % len(WAYS)]
            quote = variants(self.chance, self.chance.choice(HALVES if way == "split" else TRUE))
            with undone():
                getattr(self, way)(quote)
                self.stored(way, quote)
            if len(self.faults) > 50:
                break
            progress(f"{number + 1}/{quotes} quotes", self.faults)
        part("catalogue.forget")()  # what was taken back may have been held
        self.publish()
        self.formats()

    def prepare(self) -> None:
        """Make the declaration, with a published entry and a draft, and the people and the folder."""
        made = {"title": "Sample words", "short_title": "Sample words", "issued_on": date(2021, 5, 1)}
        sign = TEXT.index("skills1") + 6
        self.source = model("Source").objects.create(
            code="WORDS-2021", text=TEXT, note_signs=[[sign, sign + 1]], **made
        )
        self.source.issuers.add(model("Actor").objects.get(slug="tech7"))
        self.published, self.draft = self.entry(TRUE[0]), self.entry(TRUE[3])
        self.published.publish("Sample publication.")
        self.person = Person(PUBLISHERS[0])
        self.person.client.raise_request_exception = False
        self.path = f"{DESK}/recommendation/{self.draft.pk}/change/"
        self.page = form(self.person.get(self.path), "seen_revision")
        part("bundle.export")(self.source, self.folder)
        self.told = (self.folder / "declaration.toml").read_text()

    def entry(self, quote: str):
        """Make a draft."""
        entry = model("Recommendation").objects.create(source=self.source, title="Take sample action")
        passage = model("Citation")(recommendation=entry, source=self.source, role="states")
        passage.anchor(quote)
        passage.save()
        entry.themes.add(model("Theme").objects.get(slug="skills"))
        return entry

    # --- The ways in -------------------------------------------------------------------------------------------------

    def taken(self, way: str, quote: str, is_taken: bool, stored: list[str], text: str = TEXT) -> None:
        """Count what became of a quote; one that was taken must stand in the text once, and be stored as sent."""
        sent = quote.replace("\r\n", "\n").strip() if way in ("desk", "review", "split") else quote
        self.ends[f"{way} {'taken' if is_taken else 'refused'}"] += 1
        if is_taken and len(stands(text, sent)) != 1:
            self.faults.append(f"{way} takes {quote!a}, which stands {len(stands(text, sent))} times in the text")
        elif is_taken and sent not in stored:
            self.faults.append(f"{way} takes {quote!a} and stores {stored!a}")

    def desk(self, quote: str) -> None:
        """Paste it into the quote field of a draft."""
        answer = self.person.post(self.path, changed(self.page, {"citations-0-quote": quote}))
        self.taken("desk", quote, answer.status_code == 302, self.quotes(self.draft))

    def quotes(self, entry) -> list[str]:
        found = model("Citation").objects.filter(recommendation=entry, role="states").order_by("start")
        return list(found.values_list("quote", flat=True))

    def review(self, quote: str) -> None:
        """Add a passage by its words; a proposal points at whole words, so its own may be a few signs more."""
        address = f"{DESK}/source/{self.source.pk}/review/add/"
        answer = self.person.post(address, [("quote", quote), ("text", "1")], **{"X-In-Place": "1"})
        sent = quote.replace("\r\n", "\n").strip()
        found = model("Proposal").objects.filter(source=self.source).order_by("-pk").first()
        spans = found.spans if found else []
        said = "\n".join(TEXT[start:end] for start, end in spans)
        places = stands(TEXT, sent)
        inside = found and places and spans[0][0] <= places[0] and spans[-1][1] >= places[0] + len(sent.rstrip(" \n•"))
        loose = spans and (places[0] - spans[0][0] > 20 or spans[-1][1] - places[0] - len(sent) > 20) if places else 0
        self.taken("review", quote, answer.status_code == 200, [sent if inside and not loose else said])

    def split(self, quote: str) -> None:
        """Part the published entry at words."""
        staying, leaving = quote, self.chance.choice(("We call", "½ of all work"))
        said = {**REASON, "staying": staying, "leaving": leaving, "title": "Report sample steps"}
        answer = self.person.client.post(f"{DESK}/recommendation/{self.published.pk}/split/", said)
        self.taken("split", quote, answer.status_code == 302, self.quotes(self.published))

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
                part("bundle.load")(self.folder, overwrite=overwrite)
        except part("bundle.BundleError"):
            return False
        return True

    def load(self, quote: str) -> None:
        """Load a folder whose quote, or whose text, was tampered with."""
        self.number += 1
        if self.number % 4:
            self.folder_with(quote)
            self.taken("folder", quote, self.folder_taken(True), self.quotes(self.draft))
            return
        text = TEXT.replace(self.chance.choice(TRUE), quote, 1)
        self.folder_with(TRUE[3], text)
        if self.folder_taken(True) and text != TEXT:
            self.faults.append(f"a folder is taken whose text has {quote!a}")
        self.ends["folder with another text refused"] += 1

    def correction(self, quote: str) -> None:
        """Correct the text to other words: a quote moves with its very words, or stays with the former text."""
        text = TEXT.replace(self.chance.choice((TRUE[0], TRUE[3])), quote.replace("\x00", ""), 1)
        made = part("correcting.Correction")(text, [], [], "Sample reason.")
        try:
            part("correcting.correct")("trial", self.source, made, 1)
        except part("correcting.CorrectionError"):
            self.ends["correction refused"] += 1
            return
        self.ends["correction taken"] += 1
        for entry, words in ((self.published, TRUE[0]), (self.draft, TRUE[3])):
            if self.quotes(entry) != [words]:
                self.faults.append(f"a correction to {quote!a} made {words!a} {self.quotes(entry)!a}")

    def models(self, quote: str) -> None:
        """Save it as the models do, with the place of another, or with places that are off."""
        passage = model("Citation").objects.get(recommendation=self.draft, role="states")
        start = max(0, passage.start + self.chance.choice((0, 0, 0, -1, 1)))
        passage.quote, passage.start, passage.end = (
            quote,
            start,
            start + len(quote) + self.chance.choice((0, 0, 0, -1, 1)),
        )
        try:
            with transaction.atomic():
                if self.chance.random() < 0.5:
                    passage.save()
                else:
                    values = {"quote": quote, "start": passage.start, "end": passage.end}
                    model("Citation").objects.filter(pk=passage.pk).update(**values)
        except (DatabaseError, ValueError):
            self.ends["models refused"] += 1
            return
        self.ends["models taken"] += 1

    def statements(self, quote: str) -> None:
        """Write it as SQL does: the quote, its place, a row of its own, the text, a version."""
        table, key = "UPDATE recommendations_citation SET", f"WHERE recommendation_id = {self.draft.pk}"
        version = f"WHERE recommendation_id = {self.published.pk}"
        start = self.quoted_start()
        other = max(0, start + self.chance.choice((-1, 1)))
        tried = [
            (f"{table} quote = %s {key}", [quote]),
            (f'{table} quote = %s, "start" = %s, "end" = %s {key}', [quote, start, start + len(quote)]),
            (f'{table} quote = %s, "start" = %s, "end" = %s {key}', [TRUE[3], other, other + len(TRUE[3])]),
            (f"{table} text_number = 2 {key}", []),
            (
                "UPDATE recommendations_source SET text = %s WHERE id = %s",
                [TEXT.replace(TRUE[3], quote), self.source.pk],
            ),
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
        versions = list(model("Version").objects.filter(recommendation=self.published).values_list("reason", "hash"))
        return model("Source").objects.get(pk=self.source.pk).text, versions

    def quoted_start(self) -> int:
        return model("Citation").objects.get(recommendation=self.draft, role="states").start

    # --- What is demanded --------------------------------------------------------------------------------------------

    def stored(self, way: str, quote: str) -> None:
        """Demand that every quote of the declaration is its passage, sign by sign, as the database holds both."""
        source = model("Source").objects.get(pk=self.source.pk)
        texts = {former.number: former.text for former in source.former_texts.all()} | {source.text_number: source.text}
        for each in model("Citation").objects.filter(source=source).exclude(quote=""):
            self.compared += 1
            if texts.get(each.text_number, "")[each.start : each.end] != each.quote:
                self.faults.append(f"after {way} of {quote!a} {each.quote!a} is stored, which its passage is not")

    def publish(self) -> None:
        """Publish every true quote, so that readers get each."""
        self.entries = [self.entry(quote) for quote in TRUE if quote not in (TRUE[0], TRUE[3])] + [self.draft]
        for entry in self.entries:
            entry.publish("Sample publication.")
        self.entries.append(self.published)

    def formats(self) -> None:
        """Demand that every format says the words of every entry as they are stored."""
        client = stranger()
        codes = ",".join(entry.code for entry in self.entries)
        whole = {end: f"/recommendations.{end}?source=WORDS-2021" for end in ("json", "csv", "atom", "jsonfeed", "ris")}
        whole |= {end: f"/briefing.{end}?codes={codes}" for end in ("md", "docx")}
        whole |= {"declaration": "/WORDS-2021", "list": "/recommendations/?source=WORDS-2021", "txt": "/WORDS-2021.txt"}
        said = {address: self.read(client, address) for address in [*whole.values(), f"/briefing?codes={codes}"]}
        for entry in self.entries:
            own = [f"/{entry.code}{end}" for end in ("", ".json", ".ris", ".csl.json", ".txt", "/embed", "/v/1")]
            for address in own:
                self.demand(address, self.read(client, address), entry)
            for address, told in said.items():
                self.demand(address, told, entry)
        if body(client.get("/WORDS-2021.txt")) != TEXT.encode():
            self.faults.append("/WORDS-2021.txt is not the text, byte for byte")

    def demand(self, address: str, told: str, entry) -> None:
        """Demand that the words of an entry, with their footnote signs or without, stand in what was told."""
        for passage in entry.passages:
            self.compared += 1
            if not any(flat(words) in told for words in (passage.quote, passage.words)):
                self.faults.append(f"{address} does not say {passage.quote!a}")

    def read(self, client: Client, address: str) -> str:
        """Return all the words of an answer, a run of spaces and line ends as one space."""
        content, name = body(client.get(address)), address.partition("?")[0]
        reader = next((reader for ending, reader in READERS.items() if name.endswith(ending)), page_words)
        return flat(reader(content))

    def summary(self) -> str:
        """Say what was tried and found."""
        ends = ", ".join(f"{end} {count}" for end, count in sorted(self.ends.items()))
        return f"{self.ends.total()} quotes ({ends}); {self.compared} comparisons"


def flat(words: str) -> str:
    """Return words with each run of spaces and line ends made one space."""
    return FLAT.sub(" ", words)


def page_words(content: bytes) -> str:
    """Return the words of a page: quotes by themselves, since numbers stand between those of a whole text."""
    root = html.document_fromstring(content)
    for number in root.xpath('//a[contains(@class, "number")]'):
        number.drop_tree()
    return root.text_content()


def json_words(content: bytes) -> str:
    """Return every string in JSON; of one that is a page, its words."""
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, dict | list):
            for each in value.values() if isinstance(value, dict) else value:
                walk(each)
        elif isinstance(value, str):
            found.append(html.fromstring(value).text_content() if value.startswith("<") else value)

    walk(json.loads(content))
    return "\n".join(found)


def csv_words(content: bytes) -> str:
    """Return the cells of a table."""
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return "\n".join(cell for row in rows for cell in row)


def xml_words(content: bytes) -> str:
    """Return the words of a feed, those of its pages too."""
    words = [each.text or "" for each in etree.fromstring(content).iter(etree.Element)]
    return "\n".join(html.fromstring(each).text_content() if each.startswith("<") else each for each in words)


def word_words(content: bytes) -> str:
    """Return the words of a Word file."""
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


def markdown_words(content: bytes) -> str:
    """Return the words of rendered Markdown."""
    return unescape(html.fromstring(f"<div>{MarkdownIt('commonmark').render(content.decode())}</div>").text_content())


READERS: dict[str, Callable[[bytes], str]] = {
    ".json": json_words,
    ".jsonfeed": json_words,
    ".csv": csv_words,
    ".atom": xml_words,
    ".docx": word_words,
    ".md": markdown_words,
    ".txt": bytes.decode,
    ".ris": bytes.decode,
}


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--quotes", type=int, default=400)


def tried(given: Namespace, faults: list[str]) -> str:
    """Send the quotes, and return in words what became of them."""
    with site(given.database), tempfile.TemporaryDirectory(prefix="kb-words-") as name:
        trial = Trial(random.Random(given.seed), Path(name), faults=faults)
        trial.run(given.quotes)
    return trial.summary()


if __name__ == "__main__":
    sys.exit(conduct("words", __doc__, options, FULL, tried))
