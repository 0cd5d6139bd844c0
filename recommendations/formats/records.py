"""JSON: recommendations, selections and declarations as records.

A member `url` is an absolute address on this site, but in a source or a work cited it is that of
the original. Text is as stored: `quote` equals the text from `start` to `end`, in code points,
note markers included. That text is number `text` of the source's, with the SHA-256 `text_sha256`:
a former one where a correction left the words behind.
"""

import json
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from recommendations.search.suggestions import Found

from .absolute_url import permalink
from .citations import Record, csl


class Latest(NamedTuple):
    """The newest version of an entry, its number and moment."""

    number: int
    published_at: datetime


def one(entry) -> str:
    """Render a recommendation."""
    return dumps(recommendation(entry))


def csl_of_one(entry) -> str:
    """Render a recommendation as CSL-JSON, which is a list even of one (csl-data.json)."""
    return dumps([citation(entry)])


def many(selection) -> str:
    """Render a slice of a selection; `next` is the address of the following one."""
    path, (items, cursor) = "/recommendations.json", selection.slice
    body = {
        "self": permalink(selection.url(path, after=selection.cursor)),
        "count": selection.count,
        "next": permalink(selection.url(path, after=cursor)) if cursor else None,
        "items": [recommendation(entry) for entry in items],
        "in_declarations": [] if selection.cursor else [*map(paragraph, selection.in_declarations)],
    }
    return dumps(body)


def paragraph(found: Found) -> dict[str, Any]:
    """Return a paragraph of a declaration that a search found outside the recommendations."""
    place = {"source": found.source.code, "paragraph": found.number}
    return place | {"url": permalink(found.address), "text": found.text}


def declaration(source) -> str:
    """Render a declaration: its text, and its published recommendations and their places."""
    published = source.recommendations.order_by("number").with_passages()
    return dumps(
        described(source)
        | {
            "short_title": source.short_title,
            "kind": source.kind,
            "occasion": source.occasion,
            "retrieved_on": source.retrieved_on,
            "note_signs": source.note_signs,
            "contents": source.contents,
            "text": source.text,
            "recommendations": [
                {
                    "code": entry.code,
                    "url": address(entry),
                    "title": entry.title,
                    "passages": passages(entry),
                }
                for entry in published
            ],
        }
    )


def latest(entry) -> Latest | None:
    """Return an entry's newest version, or None where it was never published."""
    if hasattr(entry, "latest_number"):  # asked for with the entry, by with_latest()
        return Latest(entry.latest_number, entry.latest_at) if entry.latest_number else None
    newest = entry.versions.order_by("-number").values_list("number", "published_at").first()
    return Latest(*newest) if newest else None


def address(entry) -> str:
    """Return an entry's permanent address."""
    return permalink(entry.get_absolute_url())


def citation(entry) -> Record:
    """Return an entry's CSL-JSON record, pinned to its newest version."""
    version = latest(entry)
    return csl(entry, address(entry), version.number if version else None)


def recommendation(entry) -> dict:
    """Describe a recommendation."""
    version = latest(entry)
    return {
        "code": entry.code,
        "url": address(entry),
        "version": version.number if version else None,
        "title": entry.title,
        "quote": entry.quote,
        "summary": entry.summary,
        "passages": passages(entry),
        "source": described(entry.source),
        "themes": [
            {"slug": theme.slug, "label": theme.label, "url": permalink(theme.get_absolute_url())}
            for theme in entry.themes.all()
        ],
        "tags": [
            {"slug": tag.slug, "name": tag.name, "url": _filtered(tag=tag.slug)}
            for tag in sorted(entry.tags.all(), key=lambda tag: tag.slug)
        ],
        "addressees": [
            _organisation(organisation) | {"url": _filtered(addressee=organisation.slug)}
            for organisation in entry.addressees.all()
        ],
        "refers_to": [_work(cited) for cited in entry.works],
        "published_at": entry.published_at,
        "updated_at": version.published_at if version else None,
    }


def passages(entry) -> list[dict]:
    """Describe the passages that state an entry."""
    return [_passage(passage) for passage in entry.passages]


def described(source) -> dict:
    """Describe a declaration without its text, which a selection leaves in the database."""
    return {
        "code": source.code,
        "title": source.title,
        "issued_on": source.issued_on,
        "url": source.url,
        "page": permalink(f"/{source.code}") if source.sha256 else None,
        "sha256": source.sha256,
        "language": source.language,
        "issuers": [_organisation(organisation) for organisation in source.issuers.all()],
    }


def _passage(passage) -> dict:
    fields = ("quote", "start", "end", "prefix", "suffix", "paragraph")
    text = {"text": passage.text_number, "text_sha256": passage.holder.sha256}
    return {field: getattr(passage, field) for field in fields} | text


def _work(cited) -> dict:
    work = cited.source
    about = {
        "code": work.code,
        "title": work.title,
        "issued_on": work.issued_on,
        "url": work.url,
        "note": cited.note,
    }
    return about | (_passage(cited) if cited.quote else {})


def _organisation(organisation) -> dict:
    return {"slug": organisation.slug, "name": organisation.name}


def _filtered(**parameters: str) -> str:
    return permalink(f"/recommendations/?{urlencode(parameters)}")


def dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=plain) + "\n"


def plain(value: object) -> str:
    """Write dates as RFC 3339 does, moments in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
