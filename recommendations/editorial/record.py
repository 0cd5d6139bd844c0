"""Describing a thing in the words of a declaration's folder, which audit and export share."""

import datetime
from functools import singledispatch

from recommendations.models import Organisation, Recommendation, Source, Theme

WORDS = list[str]
WORK = {
    "code": str,
    "title": str,
    "short_title": str,
    "kind": str,
    "language": str,
    "issuers": WORDS,
    "issued_on": datetime.date,
}
MAYBE_WORK = {"occasion": str, "url": str}
ORGANISATION = {"slug": str, "name": str}
THEME = {"slug": str, "label": str, "definition": str, "sign": str, "position": int}


def filled(**values) -> dict:
    """Leave out what is empty, so that the file says only what there is to say."""
    return {key: value for key, value in values.items() if value not in ("", None, [], {})}


@singledispatch
def record(thing) -> dict:
    """Describe an object as the folder's file does."""
    raise TypeError(f"no record of {thing!r}")


@record.register
def _(organisation: Organisation) -> dict:
    return {"slug": organisation.slug, "name": organisation.name}


@record.register
def _(theme: Theme) -> dict:
    own = {key: getattr(theme, key) for key in THEME}
    return own | filled(alternatives=theme.names[1:], signals=theme.signals.splitlines())


@record.register
def _(source: Source) -> dict:
    signs = [{"start": start, "sign": source.text[start:end]} for start, end in source.note_signs]
    values = {key: getattr(source, key) for key in (WORK | MAYBE_WORK) if key != "issuers"}
    return filled(
        **values,
        issuers=[issuer.slug for issuer in source.issuers.all()],
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
        addressees=[addressee.slug for addressee in entry.addressees.all()],
        refers_to=[filled(source=work.source.code, note=work.note) for work in entry.works],
        withdrawn=withdrawn,
    )


def cited(work: Source) -> dict:
    """Describe a work as a citing folder does; a declaration's text is in its own folder only."""
    return {key: value for key, value in record(work).items() if key in WORK | MAYBE_WORK}
