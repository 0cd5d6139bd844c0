"""A made-up corpus of any size, for measuring: deterministic, skewed as real collections are,
marked as samples.

Everything is made in memory a declaration at a time and written in bulk; the database's own rules
check every quote.
"""

import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, batched

from django.db import transaction
from taggit.models import Tag

from recommendations.models import (
    Actor,
    Citation,
    Recommendation,
    Source,
    Status,
    Tagging,
    Theme,
    Version,
)
from recommendations.models.citation import Role
from recommendations.search import fulltext
from recommendations.text import positions

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
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)


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
    bodies, themes, tags, actors = (Zipf(chance, n) for n in (BODIES, 5, TAGS, ADDRESSEES))

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
                SampleEntry(title, quote, themes.some(1, 2), tags.some(2, 5), actors.some(1, 3))
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
    """What all declarations name: themes in their order, and made-up tags, bodies and
    addressees.
    """

    def __init__(self):
        self.themes = list(Theme.objects.prefetch_related("alternatives").order_by("position")[:5])
        self.bodies = [
            self.actor(f"sample-body-{n}", f"Sample body {n}") for n in range(1, BODIES + 1)
        ]
        self.addressees = [
            self.actor(f"sample-addressee-{n}", f"Sample addressee {n}")
            for n in range(1, ADDRESSEES + 1)
        ]
        names = [f"Sample tag {n}" for n in range(1, TAGS + 1)]
        Tag.objects.bulk_create(
            [Tag(name=n, slug=n.lower().replace(" ", "-")) for n in names], ignore_conflicts=True
        )
        found = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
        self.tags = [found[name] for name in names]

    def actor(self, slug: str, name: str) -> Actor:
        """Return a made-up actor."""
        return Actor.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def write(batch: list[SampleDeclaration], shared: Shared) -> None:
    """Write some declarations with everything below them, published."""
    sources = Source.objects.bulk_create(_source(each) for each in batch)
    Source.issuers.through.objects.bulk_create(
        Source.issuers.through(source_id=source.pk, actor_id=shared.bodies[each.issuer].pk)
        for source, each in zip(sources, batch, strict=True)
    )
    pairs = [
        (
            Recommendation(
                source=source, number=number, code=f"{source.code}-{number}", title=sample.title
            ),
            sample,
        )
        for source, each in zip(sources, batch, strict=True)
        for number, sample in enumerate(each.entries, start=1)
    ]
    Recommendation.objects.bulk_create(entry for entry, _sample in pairs)
    passages = Citation.objects.bulk_create(_passage(entry, sample) for entry, sample in pairs)
    _write_facets(pairs, shared)
    Recommendation.objects.filter(pk__in=[entry.pk for entry, _sample in pairs]).update(
        status=Status.PUBLISHED, published_at=FIRST_DAY, revision=1
    )
    Version.objects.bulk_create(
        _version(*pair, p, shared) for pair, p in zip(pairs, passages, strict=True)
    )
    fulltext.write(_document(entry, sample, shared) for entry, sample in pairs)


def _source(each: SampleDeclaration) -> Source:
    return Source(
        code=each.code,
        title=f"Sample declaration {each.code}",
        short_title=f"Sample {each.code}",
        issued_on=each.issued_on,
        text=each.text,
        sha256=positions.sha256(each.text),
        numbers_given=len(each.entries),
    )


def _passage(entry: Recommendation, sample: SampleEntry) -> Citation:
    passage = Citation(recommendation=entry, source=entry.source, role=Role.STATES)
    start = entry.source.text.index(sample.quote)
    passage.start, passage.end, passage.quote = start, start + len(sample.quote), sample.quote
    passage.prefix, passage.suffix = positions.context(
        entry.source.text, passage.start, passage.end
    )
    passage.paragraph = entry.number + 1
    return passage


def _write_facets(pairs: list[tuple[Recommendation, SampleEntry]], shared: Shared) -> None:
    """Write themes, addressees and tags of some entries."""
    themed, addressed = Recommendation.themes.through, Recommendation.addressees.through
    themed.objects.bulk_create(
        themed(recommendation_id=entry.pk, theme_id=shared.themes[n].pk)
        for entry, s in pairs
        for n in s.themes
    )
    addressed.objects.bulk_create(
        addressed(recommendation_id=entry.pk, actor_id=shared.addressees[n].pk)
        for entry, s in pairs
        for n in s.addressees
    )
    Tagging.objects.bulk_create(
        Tagging(content_object_id=entry.pk, tag_id=shared.tags[n].pk)
        for entry, s in pairs
        for n in s.tags
    )


def _version(
    entry: Recommendation, sample: SampleEntry, passage: Citation, shared: Shared
) -> Version:
    """Make the first version, as `Recommendation.snapshot` describes an entry."""
    fields = ("quote", "start", "end", "prefix", "suffix", "paragraph")
    snapshot = {
        "code": entry.code,
        "title": entry.title,
        "summary": "",
        "source": {"code": entry.source.code, "sha256": entry.source.sha256},
        "passages": [{field: getattr(passage, field) for field in fields}],
        "themes": [[shared.themes[n].slug, shared.themes[n].label] for n in sample.themes],
        "tags": sorted([shared.tags[n].slug, shared.tags[n].name] for n in sample.tags),
        "addressees": sorted(
            [shared.addressees[n].slug, shared.addressees[n].name] for n in sample.addressees
        ),
        "works": [],
        "echoes": [],
    }
    version = Version(
        recommendation=entry, number=1, published_at=FIRST_DAY, reason=REASON, snapshot=snapshot
    )
    version.hash = version.digest()
    return version


def _document(entry: Recommendation, sample: SampleEntry, shared: Shared) -> fulltext.Document:
    """Make what the search finds an entry by, as `Recommendation.document` does."""
    return fulltext.Document(
        pk=entry.pk,
        title=entry.title,
        quotes=[sample.quote],
        summary="",
        tags=[shared.tags[n].name for n in sample.tags],
        themes=[name for n in sample.themes for name in shared.themes[n].names],
    )
