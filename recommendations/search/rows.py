"""Entries as rows of a table, without an object for everything that an entry has."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import batched
from typing import NamedTuple

from pyroaring import BitMap

from recommendations.models import Citation, Recommendation, Source
from recommendations.models.citation import Role

from .facets import FacetIndex

CHUNK = 1000  # entries in memory at a time
FIELDS = ("pk", "source", "code", "title", "summary", "published_at", "latest_number", "latest_at")


class RowSource(NamedTuple):
    """What a row says of the source."""

    code: str
    title: str
    url: str
    issued_on: date
    language: str
    kind: str
    occasion: str
    issuers: list[str]


class Row(NamedTuple):
    """An entry as a table shows it: names instead of objects."""

    code: str
    version: int
    title: str
    quote: str
    summary: str
    paragraphs: list[int]
    themes: list[str]
    tags: list[str]
    addressees: list[str]
    source: RowSource
    works: list[str]
    published_at: datetime
    updated_at: datetime


def rows(index: FacetIndex, keys: Iterable[int]) -> Iterator[Row]:
    """Yield entries in the order of their keys, without those withdrawn meanwhile."""
    for chunk in batched(keys, CHUNK):
        yield from _rows(index, chunk)


def _rows(index: FacetIndex, keys: Sequence[int]) -> Iterator[Row]:
    entries = Recommendation.objects.with_latest().order_by().filter(pk__in=keys)
    found = {values[0]: values for values in entries.values_list(*FIELDS)}
    sources, cited = _sources({values[1] for values in found.values()}), _cited(keys)
    among = BitMap(keys)
    themes, tags, addressees = (index.labels(name, among) for name in ("theme", "tag", "addressee"))
    for key in filter(found.__contains__, keys):
        _key, source, code, title, summary, published_at, number, latest_at = found[key]
        passages = cited[key, Role.STATES]
        yield Row(
            code=code,
            version=number,
            title=title,
            quote="\n".join(quote for quote, _paragraph, _title in passages),
            summary=summary,
            paragraphs=[paragraph for _quote, paragraph, _title in passages],
            themes=themes[key],
            tags=sorted(tags[key]),
            addressees=addressees[key],
            source=sources[source],
            works=[title for _quote, _paragraph, title in cited[key, Role.REFERS_TO]],
            published_at=published_at,
            updated_at=latest_at,
        )


def _cited(keys: Sequence[int]) -> dict[tuple[int, str], list[tuple[str, int, str]]]:
    """Return (quote, paragraph, title of the source) by entry and role, in text order."""
    found = defaultdict(list)
    fields = ("recommendation", "role", "quote", "paragraph", "source__title")
    citations = Citation.objects.filter(recommendation__in=keys).values_list(*fields)
    for key, role, quote, paragraph, title in citations:
        found[key, role].append((quote, paragraph, title))
    return found


def _sources(keys: set[int]) -> dict[int, RowSource]:
    fields = ("code", "title", "url", "issued_on", "language", "kind", "occasion")
    sources = Source.objects.filter(pk__in=keys).only(*fields).prefetch_related("issuers")
    return {
        source.pk: RowSource(
            source.code,
            source.title,
            source.url,
            source.issued_on,
            source.language,
            source.kind,
            source.occasion,
            [issuer.name for issuer in source.issuers.all()],
        )
        for source in sources
    }
