"""A declaration's folder <-> the database: `declaration.txt`, verbatim, and `declaration.toml`, everything else.

Loading is one transaction. What is missing is made; what is there and equal stays; what is there and differs (an
editor changed it, or the folder did) is kept and named, unless overwriting is asked for. `record()` describes an object
in the folder's words, so loading and exporting cannot disagree about what "equal" means.
"""

import datetime
import tomllib
from dataclasses import dataclass, field
from functools import singledispatch
from pathlib import Path

import tomli_w
from django.core.exceptions import ValidationError
from django.db import transaction

from .declaration import QuoteError
from .models import Actor, Citation, Recommendation, Source, Status, Theme
from .models.citation import Role

TEXT, DATA = "declaration.txt", "declaration.toml"
FIRST, AGAIN = "First publication.", "Brought up to date with the declaration's folder."

WORK = {"code": str, "title": str, "short_title": str, "kind": str, "language": str, "issuers": list}
WORK |= {"issued_on": datetime.date}
MAYBE_WORK = {"occasion": str, "url": str}
DECLARATION = WORK | {"actors": list, "themes": list, "recommendations": list}
MAYBE_DECLARATION = MAYBE_WORK | {"retrieved_on": datetime.date, "note_signs": list, "contents": list, "works": list}
ACTOR = {"slug": str, "name": str}
THEME = {"slug": str, "label": str, "definition": str, "sign": str, "position": int}
ENTRY = {"number": int, "title": str, "quotes": list, "themes": list, "tags": list}
MAYBE_ENTRY = {
    "summary": str,
    "addressees": list,
    "refers_to": list,
    "echoed_in": list,
    "status": str,
    "withdrawn": dict,
}
LINK, MAYBE_LINK = {"source": str}, {"note": str}


class BundleError(ValueError):
    """A folder that cannot be loaded; says where and why."""


@dataclass
class Report:
    """What a loading did, by the names of the objects."""

    created: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)


# --- Describing what is in the database ------------------------------------------------------------------------------


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
    return own | filled(alternatives=labels)


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
        reason=entry.withdrawal_reason, replaced_by=entry.replaced_by.number if entry.replaced_by else None
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


# --- Exporting -------------------------------------------------------------------------------------------------------


def export(source: Source, folder: Path) -> None:
    """Write a declaration's folder; loading it elsewhere and exporting there gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TEXT).write_bytes(source.text.encode())
    (folder / DATA).write_bytes(tomli_w.dumps(describe(source)).encode())


def describe(source: Source) -> dict:
    """Describe a declaration with everything that it names."""
    entries = list(source.recommendations.with_parts().prefetch_related("addressees").order_by("number"))
    cited = Source.objects.filter(citations__recommendation__in=entries).exclude(pk=source.pk)
    works = list(cited.distinct().order_by("code"))
    actors = Actor.objects.filter(pk__in=_actors_of([source, *works], entries))
    themes = Theme.objects.filter(recommendations__in=entries).distinct()
    return record(source) | {
        "actors": [record(actor) for actor in actors],
        "themes": [record(theme) for theme in themes],
        "works": [record(work) for work in works],
        "recommendations": [record(entry) for entry in entries],
    }


def _actors_of(sources: list[Source], entries: list[Recommendation]) -> set[int]:
    issuers = {actor.pk for source in sources for actor in source.issuers.all()}
    return issuers | {actor.pk for entry in entries for actor in entry.addressees.all()}


# --- Loading ---------------------------------------------------------------------------------------------------------


def read(folder: Path) -> tuple[str, dict]:
    """Read a folder; raises BundleError with the file and the place of what cannot be read."""
    try:
        text = (folder / TEXT).read_bytes().decode()
        data = tomllib.loads((folder / DATA).read_bytes().decode())
    except OSError as error:
        raise BundleError(f"{error.filename}: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BundleError(f"{folder}: {error}") from error
    check(data, DATA, DECLARATION, MAYBE_DECLARATION)
    for key, needs, may in (
        ("actors", ACTOR, {}),
        ("themes", THEME, {"alternatives": list}),
        ("works", WORK, MAYBE_WORK),
        ("recommendations", ENTRY, MAYBE_ENTRY),
        ("note_signs", {"start": int, "sign": str}, {}),
    ):
        for position, item in enumerate(data.get(key, []), start=1):
            check(item, f"{key} {position}", needs, may)
    for entry in data["recommendations"]:
        for link in entry.get("refers_to", []) + entry.get("echoed_in", []):
            check(link, f"recommendation {entry['number']}", LINK, MAYBE_LINK)
    return text, data


def check(item: object, place: str, needs: dict[str, type], may: dict[str, type]) -> None:
    """Raise BundleError for a missing key, an unknown one or a value of the wrong kind."""
    if not isinstance(item, dict):
        raise BundleError(f"{place}: a table is wanted, not {item!r}.")
    known = needs | may
    for key in [key for key in needs if key not in item]:
        raise BundleError(f"{place}: {key} is missing.")
    for key, value in item.items():
        if key not in known:
            raise BundleError(f"{place}: unknown key {key}; known are {', '.join(known)}.")
        if not isinstance(value, known[key]):
            raise BundleError(f"{place}: {key} must be of kind {known[key].__name__}, not {value!r}.")


@transaction.atomic
def load(folder: Path, *, overwrite: bool = False) -> Report:
    """Bring a folder into the database, all or nothing; raises BundleError."""
    text, data = read(folder)
    loading = Loading(overwrite)
    try:
        for item in data["actors"]:
            loading.settle(Actor, {"slug": item["slug"]}, item, loading.write_fields)
        for item in data["themes"]:
            loading.settle(Theme, {"slug": item["slug"]}, item, loading.write_theme)
        for item in data.get("works", []):
            loading.settle(Source, {"code": item["code"]}, item, loading.write_source)
        own = {key: data[key] for key in (WORK | MAYBE_DECLARATION) if key in data and key != "works"}
        source = loading.settle(Source, {"code": data["code"]}, own, loading.write_source, text=text)
        for item in sorted(data["recommendations"], key=lambda item: item["number"]):
            key = {"source": source, "number": item["number"]}
            loading.settle(Recommendation, key, item, loading.write_entry)
        loading.withdraw(source, data["recommendations"])
    except (ValidationError, QuoteError, ValueError) as error:
        messages = error.messages if isinstance(error, ValidationError) else [str(error)]
        raise BundleError(f"{folder} ({loading.at}): {' '.join(messages)}") from error
    return loading.report


class Loading:
    """One run of `load`: how to write each kind of object, and what was done."""

    def __init__(self, overwrite: bool):
        self.overwrite = overwrite
        self.report = Report()
        self.at = ""

    def settle(self, model, key: dict, item: dict, write, text: str = ""):
        """Make, keep or overwrite one object."""
        self.at = f"{model._meta.verbose_name} {item.get('code') or item.get('slug') or item.get('number')}"
        found = model.objects.filter(**key).first()
        if found is None:
            thing = write(model(**key, **({"text": text} if text else {})), item)
            self.report.created.append(str(thing))
            return thing
        if text and found.text != text:
            raise BundleError("the stored text differs from declaration.txt; a stored text never changes.")
        if record(found) == canonical(item):
            self.report.unchanged.append(str(found))
            return found
        if not self.overwrite:
            self.report.kept.append(f"{found} ({', '.join(differences(record(found), canonical(item)))})")
            return found
        self.report.overwritten.append(str(found))
        return write(found, item)

    def write_fields(self, thing, item: dict, but: tuple = ()):
        """Write plain fields, checked."""
        for key, value in item.items():
            if key not in but:
                setattr(thing, key, value)
        thing.full_clean()
        thing.save()
        return thing

    def write_theme(self, theme: Theme, item: dict) -> Theme:
        """Write a theme with its alternative labels."""
        self.write_fields(theme, item, but=("alternatives",))
        theme.alternatives.all().delete()
        for label in item.get("alternatives", []):
            theme.alternatives.create(label=label)
        return theme

    def write_source(self, source: Source, item: dict) -> Source:
        """Write a source with its issuers, and its footnote signs where they really stand."""
        signs = [
            (sign["start"], sign["start"] + len(sign["sign"]), sign["sign"]) for sign in item.get("note_signs", [])
        ]
        for start, end, sign in signs:
            if source.text[start:end] != sign:
                raise BundleError(f"the footnote sign {sign} does not stand at {start}: {source.text[start:end]!r}.")
        source.note_signs = [[start, end] for start, end, _sign in signs]
        self.write_fields(source, item, but=("issuers", "note_signs"))
        source.issuers.set(known(Actor, "slug", item["issuers"]))
        return source

    def write_entry(self, entry: Recommendation, item: dict) -> Recommendation:
        """Write a recommendation with its citations, and publish it unless the file says otherwise."""
        was_published = entry.is_published
        entry.title, entry.summary = item["title"], item.get("summary", "")
        entry.full_clean(exclude=["code", "tags"])
        Source.objects.filter(pk=entry.source_id, numbers_given__lt=entry.number).update(numbers_given=entry.number)
        entry.save()
        entry.themes.set(known(Theme, "slug", item["themes"]))
        entry.addressees.set(known(Actor, "slug", item.get("addressees", [])))
        entry.tags.set(item["tags"])
        self.write_citations(entry, item)
        if item.get("status", Status.PUBLISHED) == Status.PUBLISHED and entry.status != Status.WITHDRAWN:
            entry.publish(AGAIN if was_published else FIRST)
        return entry

    def write_citations(self, entry: Recommendation, item: dict) -> None:
        """Write the passages, found in the text, and the works cited; the new ones before the old ones go."""
        old = [citation.pk for citation in entry.citations.all()]
        entry.citations.filter(pk__in=old).exclude(role=Role.STATES).delete()
        standing = {citation.quote: citation for citation in entry.citations.all()}
        for quote in item["quotes"]:
            passage = standing.pop(quote, None) or Citation(recommendation=entry, source=entry.source, role=Role.STATES)
            passage.anchor(quote)
            passage.save()
        for passage in standing.values():
            passage.delete()
        for key, role in (("refers_to", Role.REFERS_TO), ("echoed_in", Role.ECHOED_IN)):
            for link in item.get(key, []):
                work = known(Source, "code", [link["source"]])[0]
                entry.citations.create(source=work, role=role, note=link.get("note", ""))

    def withdraw(self, source: Source, items: list[dict]) -> None:
        """Withdraw what the file says is withdrawn, once its replacements are there."""
        for item in [item for item in items if "withdrawn" in item]:
            self.at = f"recommendation {item['number']}"
            entry = source.recommendations.get(number=item["number"])
            if entry.is_published:
                number = item["withdrawn"].get("replaced_by")
                entry.withdraw(
                    item["withdrawn"].get("reason", ""), number and source.recommendations.get(number=number)
                )


def known(model, field_name: str, values: list) -> list:
    """Return the objects that the file names, in its order; raises BundleError for one that it does not describe."""
    found = {getattr(thing, field_name): thing for thing in model.objects.filter(**{f"{field_name}__in": values})}
    for value in values:
        if value not in found:
            raise BundleError(f"there is no {model._meta.verbose_name} {value!r}; describe it in {DATA}.")
    return [found[value] for value in values]


def canonical(item: dict) -> dict:
    """Bring an item of the file into the order in which `record` describes it."""
    item = filled(**item)
    for key in ("issuers", "addressees", "tags"):
        if key in item:
            item[key] = sorted(item[key])
    return item


def differences(ours: dict, theirs: dict) -> list[str]:
    """Name the keys in which two records differ."""
    return [key for key in (ours | theirs) if ours.get(key) != theirs.get(key)]
