"""Bringing the full-text index up to date with what entries say."""

from collections.abc import Iterable

from recommendations.models import Recommendation, Source, Theme

from . import fulltext

CHUNK = 500  # entries that are held at a time


def document(entry: Recommendation) -> fulltext.Document:
    """Return what the search finds an entry by."""
    return fulltext.Document(
        pk=entry.pk,
        title=entry.title,
        quotes=[passage.words for passage in entry.passages],
        summary=entry.summary,
        tags=[tag.name for tag in entry.tags.all()],
        themes=[name for theme in entry.themes.all() for name in theme.names],
        addressees=[organisation.name for organisation in entry.addressees.all()],
        works=[work.source.title for work in entry.works],
        source=source_words(entry.source),
    )


def source_words(source: Source) -> list[str]:
    """Return what the search finds the entries of a declaration by, beside their own words."""
    issuers = [issuer.name for issuer in source.issuers.all()]
    return [source.title, source.occasion, str(source.issued_on.year), *issuers]


def index(entries: Iterable[Recommendation]) -> None:
    """Write entries, each with its parts, into the index."""
    fulltext.write(document(entry) for entry in entries)


def index_names(entries) -> None:
    """Write tags and themes of the entries of a QuerySet again, after one got another name."""
    named = entries.prefetch_related("tags", "themes__alternatives").iterator(chunk_size=CHUNK)
    fulltext.write_names(
        names(each.pk, [tag.name for tag in each.tags.all()], each.themes.all()) for each in named
    )


def names(pk: int, tags: Iterable[str], themes: Iterable[Theme]) -> fulltext.Document:
    """Return the names alone that the search finds an entry by."""
    return fulltext.Document(
        pk=pk, tags=tuple(tags), themes=tuple(name for theme in themes for name in theme.names)
    )


def index_again(entries) -> None:
    """Write the entries of a QuerySet again, whole."""
    index(entries.for_snapshots().iterator(chunk_size=CHUNK))
