"""Bringing the full-text index up to date with what entries say."""

from collections.abc import Iterable

from recommendations.models import Recommendation

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
    )


def index(entries: Iterable[Recommendation]) -> None:
    """Write entries, each with its parts, into the index."""
    fulltext.write(document(entry) for entry in entries)


def index_again(entries) -> None:
    """Write the entries of a QuerySet again, after a theme or a tag of theirs got another name."""
    index(entries.with_parts().iterator(chunk_size=CHUNK))
