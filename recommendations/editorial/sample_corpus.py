"""A made-up corpus of any size, for measuring: deterministic, skewed as real collections are,
marked as samples.

Everything is made in memory a declaration at a time and written in bulk; the database's own rules
check every quote.
"""

import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, batched

from django.db import transaction
from taggit.models import Tag

from recommendations.models import Organisation, Source, Theme
from recommendations.text import positions

from . import entries
from .audit import COMMAND_LINE
from .content import Content
from .publish import publish

BATCH = 40  # declarations written together
WORDS = 4000  # of the vocabulary; the n-th is used 1/n as often as the first
BODIES, ADDRESSEES, TAGS = 12, 30, 400
LEADS = [
    "We call for",
    "We urge governments to consider",
    "We recommend",
    "It is essential to support",
    "G7 members should",
]
SCENES = ["The debate on", "Much has been said of", "The members follow", "Recent work covers"]
REASON = "Sample publication."


@dataclass(frozen=True)
class SampleEntry:
    """One made-up recommendation; themes, tags and addressees as positions in the shared lists."""

    title: str
    quote: str
    themes: list[int]
    tags: list[int]
    addressees: list[int]


@dataclass(frozen=True)
class SampleDeclaration:
    """One made-up declaration."""

    code: str
    issued_on: date
    issuer: int
    text: str
    entries: list[SampleEntry]


class Zipf:
    """Draws positions from 0 so that the n-th comes 1/n as often as the first."""

    def __init__(self, chance: random.Random, size: int):
        self.chance, self.positions = chance, range(size)
        self.weights = list(accumulate(1 / n for n in range(1, size + 1)))

    def draw(self, count: int) -> list[int]:
        """Draw some positions, with repetition."""
        return self.chance.choices(self.positions, cum_weights=self.weights, k=count)

    def some(self, least: int, most: int) -> list[int]:
        """Draw a few different positions."""
        return sorted(set(self.draw(self.chance.randint(least, most))))


def vocabulary(chance: random.Random) -> list[str]:
    """Make words of syllables, so that stems and prefixes behave as in a language."""
    syllables = [a + b for a in "bdfglmnprstv" for b in "aeiou"]
    endings = ["", "s", "ing", "ed", "ation", "ity", "ment", "al"]
    words: dict[str, None] = {}
    while len(words) < WORDS:
        words[
            "".join(chance.choices(syllables, k=chance.randint(2, 4))) + chance.choice(endings)
        ] = None
    return list(words)


def declarations(size: int, seed: int) -> Iterator[SampleDeclaration]:
    """Make declarations of 5 to 60 recommendations until there are `size` of them."""
    chance = random.Random(seed)  # noqa: S311 - it must be the same each time, not unforeseeable
    words, zipf = vocabulary(chance), Zipf(chance, WORDS)
    bodies, themes, tags, addressees = (Zipf(chance, n) for n in (BODIES, 5, TAGS, ADDRESSEES))

    def phrase(least: int, most: int) -> str:
        return " ".join(words[position] for position in zipf.draw(chance.randint(least, most)))

    made, index = 0, 0
    while made < size:
        count = min(round(5 * 12 ** chance.random()), size - made)
        entries, lines = [], []
        for number in range(1, count + 1):
            quote = f"{chance.choice(LEADS)} {phrase(10, 35)} (sample {index}.{number})."
            lines.append(
                f"{chance.choice(SCENES)} {phrase(6, 20)}. {quote} {phrase(5, 15).capitalize()}."
            )
            title = f"Sample {number}: {phrase(3, 7)}"
            entries.append(
                SampleEntry(title, quote, themes.some(1, 2), tags.some(2, 5), addressees.some(1, 3))
            )
        day = date(2000, 1, 1) + timedelta(days=chance.randrange(26 * 365))
        text = "This is sample text, made by a program.\n\n" + "\n\n".join(lines) + "\n"
        yield SampleDeclaration(
            f"SAMPLE-{letters(index)}-{day.year}", day, bodies.draw(1)[0], text, entries
        )
        made, index = made + count, index + 1


def letters(index: int) -> str:
    """Write a number in letters, since a code's words hold none but capitals here."""
    name = ""
    while index >= 0:
        name, index = string.ascii_uppercase[index % 26] + name, index // 26 - 1
    return name


def make(size: int, seed: int) -> int:
    """Write a corpus in batches, each all or nothing; return how many declarations there are."""
    shared = Shared()
    count = 0
    for batch in batched(declarations(size, seed), BATCH):
        with transaction.atomic():
            write(list(batch), shared)
        count += len(batch)
    return count


class Shared:
    """What all sample declarations share: themes, tags, organisations and addressees."""

    def __init__(self):
        self.themes = list(Theme.objects.prefetch_related("alternatives").order_by("position")[:5])
        self.bodies = [
            self.organisation(f"sample-body-{n}", f"Sample body {n}") for n in range(1, BODIES + 1)
        ]
        self.addressees = [
            self.organisation(f"sample-addressee-{n}", f"Sample addressee {n}")
            for n in range(1, ADDRESSEES + 1)
        ]
        names = [f"Sample tag {n}" for n in range(1, TAGS + 1)]
        Tag.objects.bulk_create(
            [Tag(name=n, slug=n.lower().replace(" ", "-")) for n in names], ignore_conflicts=True
        )
        found = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
        self.tags = [found[name] for name in names]

    def organisation(self, slug: str, name: str) -> Organisation:
        """Return a made-up organisation."""
        return Organisation.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def write(batch: list[SampleDeclaration], shared: Shared) -> None:
    """Write some declarations, and publish everything that is taken from them."""
    sources = Source.objects.bulk_create(_source(each) for each in batch)
    Source.issuers.through.objects.bulk_create(
        Source.issuers.through(source=source, organisation=shared.bodies[each.issuer])
        for source, each in zip(sources, batch, strict=True)
    )
    proposals = [
        entries.propose(source, _content(source, sample, shared), number)
        for source, each in zip(sources, batch, strict=True)
        for number, sample in enumerate(each.entries, start=1)
    ]
    publish(COMMAND_LINE, proposals, REASON)


def _source(each: SampleDeclaration) -> Source:
    return Source(
        code=each.code,
        title=f"Sample declaration {each.code}",
        short_title=f"Sample {each.code}",
        issued_on=each.issued_on,
        text=each.text,
        sha256=positions.sha256(each.text),
    )


def _content(source: Source, sample: SampleEntry, shared: Shared) -> Content:
    start = source.text.index(sample.quote)
    return Content(
        title=sample.title,
        passages=[(start, start + len(sample.quote), source.text_number)],
        themes=[shared.themes[n].slug for n in sample.themes],
        tags=[shared.tags[n].name for n in sample.tags],
        addressees=[shared.addressees[n].slug for n in sample.addressees],
    )
