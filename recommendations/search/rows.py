"""Entries as lines of a table: a selection of any size, without making an object of everything that
an entry has.

What an entry is filed under comes from the catalogue; the database is asked for words, versions and
sources.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import batched
from typing import NamedTuple

from pyroaring import BitMap

from recommendations.models import Citation, Recommendation, Source
from recommendations.models.citation import Role

from .facets import Catalogue

CHUNK = 1000  # entries held at a time
FIELDS = ("pk", "source", "code", "title", "summary", "published_at", "latest_number", "latest_at")


class Origin(NamedTuple):
    """What a line says of the source."""

    code: str
    title: str
    url: str
    issued_on: date
    language: str
    issuers: list[str]


class Line(NamedTuple):
    """An entry as a table shows it: names instead of things."""

    code: str
    version: int
    title: str
    quote: str
    summary: str
    paragraphs: list[int]
    themes: list[str]
    tags: list[str]
    addressees: list[str]
    source: Origin
    works: list[str]
    published_at: datetime
    updated_at: datetime


def lines(held: Catalogue, keys: Sequence[int]) -> Iterator[Line]:
    """Yield entries in the order of their keys, without those withdrawn meanwhile, chunk
    by chunk.
    """
    for chunk in batched(keys, CHUNK):
        yield from _lines(held, chunk)


def _lines(held: Catalogue, keys: Sequence[int]) -> Iterator[Line]:
    entries = Recommendation.objects.with_latest().order_by().filter(pk__in=keys)
    rows = {row[0]: row for row in entries.values_list(*FIELDS)}
    origins, cited = _origins({row[1] for row in rows.values()}), _cited(keys)
    among = BitMap(keys)
    themes, tags, addressees = (held.labels(name, among) for name in ("theme", "tag", "addressee"))
    for key in filter(rows.__contains__, keys):
        _key, source, code, title, summary, published_at, number, moment = rows[key]
        passages = cited[key, Role.STATES]
        yield Line(
            *(code, number, title, "\n".join(quote for quote, *_ in passages), summary),
            [paragraph for _quote, paragraph, _title in passages],
            *(themes[key], sorted(tags[key]), addressees[key], origins[source]),
            [work for _quote, _paragraph, work in cited[key, Role.REFERS_TO]],
            *(published_at, moment),
        )


def _cited(keys: Sequence[int]) -> dict[tuple[int, str], list[tuple]]:
    """Return what entries cite in each role, in text order: quote, paragraph and title of the
    source.
    """
    found = defaultdict(list)
    rows = Citation.objects.filter(recommendation__in=keys)
    for key, role, *cited in rows.values_list(
        "recommendation", "role", "quote", "paragraph", "source__title"
    ):
        found[key, role].append(cited)
    return found


def _origins(keys: set[int]) -> dict[int, Origin]:
    sources = (
        Source.objects.filter(pk__in=keys)
        .defer("text", "contents", "note_signs")
        .prefetch_related("issuers")
    )
    return {
        each.pk: Origin(
            *(each.code, each.title, each.url, each.issued_on, each.language),
            [issuer.name for issuer in each.issuers.all()],
        )
        for each in sources
    }
