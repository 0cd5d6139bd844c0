"""Writing a declaration's folder; `record()` describes an object in the folder's words."""

from functools import singledispatch
from pathlib import Path

import tomli_w

from recommendations.models import Actor, Citation, Recommendation, Source, Status, Theme

from .read import DATA, MAYBE_WORK, TEXT, THEME, WORK, BundleError


def filled(**values) -> dict:
    """Leave out what is empty, so that the file says only what there is to say."""
    return {key: value for key, value in values.items() if value not in ("", None, [], {})}


@singledispatch
def record(thing) -> dict:
    """Describe an object as the folder's file does."""
    raise TypeError(f"no record of {thing!r}")


@record.register
def _(actor: Actor) -> dict:
    return {"slug": actor.slug, "name": actor.name}


@record.register
def _(theme: Theme) -> dict:
    labels = [alternative.label for alternative in theme.alternatives.all()]
    own = {key: getattr(theme, key) for key in THEME}
    return own | filled(alternatives=labels, signals=theme.signals.splitlines())


@record.register
def _(source: Source) -> dict:
    signs = [{"start": start, "sign": source.text[start:end]} for start, end in source.note_signs]
    values = {key: getattr(source, key) for key in (WORK | MAYBE_WORK) if key != "issuers"}
    return filled(
        **values,
        issuers=[actor.slug for actor in source.issuers.all()],
        retrieved_on=source.retrieved_on,
        note_signs=signs,
        contents=source.contents,
    )


@record.register
def _(entry: Recommendation) -> dict:
    withdrawn = filled(
        reason=entry.withdrawal_reason,
        replaced_by=entry.replaced_by.number if entry.replaced_by else None,
    )
    return {
        "number": entry.number,
        "title": entry.title,
        "quotes": [passage.quote for passage in entry.passages],
        "themes": [theme.slug for theme in entry.themes.all()],
        "tags": sorted(tag.name for tag in entry.tags.all()),
    } | filled(
        summary=entry.summary,
        addressees=[actor.slug for actor in entry.addressees.all()],
        refers_to=[filled(source=work.source.code, note=work.note) for work in entry.works],
        echoed_in=[filled(source=echo.source.code, note=echo.note) for echo in entry.echoes],
        status="" if entry.published_at else entry.status,
        withdrawn=withdrawn,
    )


def cited(work: Source) -> dict:
    """Describe a work as a folder that cites it does; the text of a declaration stands in its own
    folder only.
    """
    return {key: value for key, value in record(work).items() if key in WORK | MAYBE_WORK}


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
        source.recommendations.filter(pk__in=orphans.values("recommendation")).order_by("number")
    )


def describe(source: Source, left: list[Recommendation]) -> dict:
    """Describe a declaration with everything that it names, and some of its entries by number and
    title only.
    """
    held = source.recommendations.exclude(pk__in=[entry.pk for entry in left])
    entries = list(held.with_parts().prefetch_related("addressees").order_by("number"))
    named = Source.objects.filter(citations__recommendation__in=entries).exclude(pk=source.pk)
    works = list(named.distinct().order_by("code"))
    actors = Actor.objects.filter(pk__in=_actors_of([source, *works], entries))
    themes = Theme.objects.filter(recommendations__in=entries).distinct()
    return record(source) | {
        "actors": [record(actor) for actor in actors],
        "themes": [record(theme) for theme in themes],
        "works": [cited(work) for work in works],
        "recommendations": [record(entry) for entry in entries],
        **filled(left_out=[{"number": entry.number, "title": entry.title} for entry in left]),
    }


def _actors_of(sources: list[Source], entries: list[Recommendation]) -> set[int]:
    issuers = {actor.pk for source in sources for actor in source.issuers.all()}
    return issuers | {actor.pk for entry in entries for actor in entry.addressees.all()}
