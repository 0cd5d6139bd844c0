"""Writing a declaration's folder."""

from pathlib import Path

import tomli_w

from recommendations.models import Citation, Organisation, Recommendation, Source, Status, Theme

from ..record import cited, filled, record
from .read import DATA, TEXT, BundleError


def export(source: Source, folder: Path) -> list[Recommendation]:
    """Write a declaration's folder; loading it elsewhere and exporting there gives the same bytes.

    The folder holds the present text, so a quote that stands in a former one only cannot be proved
    there. Nobody can mend such a quote of a withdrawn entry: the folder only names those entries,
    and they are returned. Raises BundleError where another entry has one.
    """
    left = left_out(source)
    if codes := [entry.code for entry in left if entry.status != Status.WITHDRAWN]:
        raise BundleError(
            f"the text of {source.code} no longer holds quotes of {', '.join(codes)}; mend these "
            "first."
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TEXT).write_bytes(source.text.encode())
    (folder / DATA).write_bytes(tomli_w.dumps(describe(source, left)).encode())
    return left


def left_out(source: Source) -> list[Recommendation]:
    """Return the entries of a declaration that have a quote which stands in a former text only."""
    orphans = Citation.objects.orphans().filter(recommendation__source=source)
    return list(
        source.recommendations(manager="with_withdrawn")
        .filter(pk__in=orphans.values("recommendation"))
        .order_by("number")
    )


def describe(source: Source, left: list[Recommendation]) -> dict:
    """Describe a declaration with all that it names; some entries by number and title only."""
    held = source.recommendations(manager="with_withdrawn").exclude(
        pk__in=[entry.pk for entry in left]
    )
    entries = list(held.for_snapshots().order_by("number"))
    named = Source.objects.filter(citations__recommendation__in=entries).exclude(pk=source.pk)
    works = list(named.distinct().order_by("code"))
    organisations = Organisation.objects.filter(pk__in=_organisations_of([source, *works], entries))
    themes = Theme.objects.filter(recommendations__in=entries).distinct()
    return record(source) | {
        "organisations": [record(each) for each in organisations],
        "themes": [record(theme) for theme in themes],
        "works": [cited(work) for work in works],
        "recommendations": [record(entry) for entry in entries],
        **filled(left_out=[{"number": entry.number, "title": entry.title} for entry in left]),
    }


def _organisations_of(sources: list[Source], entries: list[Recommendation]) -> set[int]:
    issuers = {each.pk for source in sources for each in source.issuers.all()}
    return issuers | {each.pk for entry in entries for each in entry.addressees.all()}
