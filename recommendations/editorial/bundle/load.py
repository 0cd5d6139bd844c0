"""Loading a declaration's folder: what is missing is made, what differs is kept and named, or
overwritten if asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from recommendations.models import (
    Actor,
    Citation,
    ContentVersion,
    FormerTheme,
    Recommendation,
    Source,
    Status,
    Theme,
)
from recommendations.models.citation import Role
from recommendations.text.positions import QuoteError

from .export import cited, filled, record
from .read import DATA, MAYBE_DECLARATION, MAYBE_WORK, WORK, BundleError, read

PARTS = ("works", "left_out")  # of a declaration, that are no fields of it
FIRST, AGAIN = "First publication.", "Brought up to date with the declaration's folder."


@dataclass
class Report:
    """What a loading did, by the names of the objects; `written` are those made (from None) and
    overwritten.
    """

    created: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)
    written: list[tuple[Model, dict | None]] = field(default_factory=list)


@transaction.atomic
def load(folder: Path, *, overwrite: bool = False) -> Report:
    """Bring a folder into the database, all or nothing; raises BundleError."""
    text, data = read(folder)
    # one at a time: two would make the same things
    ContentVersion.objects.select_for_update().get()
    loading = Loading(overwrite)
    try:
        for item in data["actors"]:
            loading.settle(Actor, {"slug": item["slug"]}, item, loading.write_fields)
        for item in loading.follow_themes(data):
            loading.settle(Theme, {"slug": item["slug"]}, item, loading.write_theme)
        for item in data.get("works", []):
            loading.settle(Source, {"code": item["code"]}, item, loading.write_work, describe=cited)
        own = {
            key: data[key] for key in (WORK | MAYBE_DECLARATION) if key in data and key not in PARTS
        }
        source = loading.settle(
            Source, {"code": data["code"]}, own, loading.write_source, text=text
        )
        for item in sorted(data["recommendations"], key=lambda item: item["number"]):
            key = {"source": source, "number": item["number"]}
            loading.settle(Recommendation, key, item, loading.write_entry)
        left = data.get("left_out", [])
        loading.withdraw(source, data["recommendations"], {item["number"] for item in left})
        loading.reserve(source, left)
    except (ValidationError, QuoteError, ValueError, IntegrityError) as error:
        messages = error.messages if isinstance(error, ValidationError) else [str(error)]
        raise BundleError(f"{folder} ({loading.at}): {' '.join(messages)}") from error
    return loading.report


class Loading:
    """One run of `load`: how to write each kind of object, and what was done."""

    def __init__(self, overwrite: bool):
        self.overwrite = overwrite
        self.report = Report()
        self.at = ""

    def settle(self, model, key: dict, item: dict, write, text: str = "", describe=record):
        """Make, keep or overwrite one object."""
        name = item.get("code") or item.get("slug") or item.get("number")
        self.at = f"{model._meta.verbose_name} {name}"
        found = model.objects.filter(**key).first()
        if found is None:
            thing = write(model(**key, **({"text": text} if text else {})), item)
            self.report.created.append(str(thing))
            self.report.written.append((thing, None))
            return thing
        is_corrected = bool(text) and found.text != text
        if is_corrected and (self.overwrite or not found.former_texts.filter(text=text).exists()):
            raise BundleError(
                "the stored text differs from declaration.txt; a stored text never changes."
            )
        changed = ["text"] * is_corrected + differences(canonical(describe(found)), canonical(item))
        if not changed:
            self.report.unchanged.append(str(found))
            return found
        if not self.overwrite:
            self.report.kept.append(f"{found} ({', '.join(changed)})")
            return found
        self.report.overwritten.append(str(found))
        self.report.written.append((found, record(found)))
        return write(found, item)

    def follow_themes(self, data: dict) -> list[dict]:
        """File under its successor what the file puts under a former theme; return the themes that
        there still are.
        """
        slugs = [item["slug"] for item in data["themes"]]
        former = {
            each.slug: each
            for each in FormerTheme.objects.filter(slug__in=slugs).select_related("successor")
        }
        self.report.kept += [f"{each} ({each.reason})" for each in former.values()]
        now = {slug: each.successor.slug if each.successor else "" for slug, each in former.items()}
        for item in data["recommendations"] if former else []:
            item["themes"] = list(
                dict.fromkeys(filter(None, (now.get(slug, slug) for slug in item["themes"])))
            )
        return [item for item in data["themes"] if item["slug"] not in former]

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
        theme.signals = "\n".join(item.get("signals", []))
        self.write_fields(theme, item, but=("alternatives", "signals"))
        theme.alternatives.all().delete()
        for label in item.get("alternatives", []):
            theme.alternatives.create(label=label)
        Recommendation.objects.in_theme(theme).index()
        return theme

    def write_source(self, source: Source, item: dict) -> Source:
        """Write a source with its issuers, and its footnote signs where they really stand."""
        signs = [
            (sign["start"], sign["start"] + len(sign["sign"]), sign["sign"])
            for sign in item.get("note_signs", [])
        ]
        for start, end, sign in signs:
            if source.text[start:end] != sign:
                raise BundleError(
                    f"the footnote sign {sign} does not stand at {start}: "
                    f"{source.text[start:end]!r}."
                )
        source.note_signs = [[start, end] for start, end, _sign in signs]
        return self.write_work(source, item, MAYBE_DECLARATION)

    def write_work(self, source: Source, item: dict, maybe: Iterable[str] = MAYBE_WORK) -> Source:
        """Write what a folder says of a source that it cites; what it may say and does not is
        emptied.
        """
        own = ("issuers", "note_signs", *PARTS)
        blank = {key: source._meta.get_field(key).get_default() for key in maybe if key not in own}
        self.write_fields(source, blank | item, but=own)
        source.issuers.set(known(Actor, "slug", item["issuers"]))
        return source

    def write_entry(self, entry: Recommendation, item: dict) -> Recommendation:
        """Write a recommendation with its citations, and publish it unless the file says
        otherwise.
        """
        was_published, stage = entry.is_published, item.get("status", Status.PUBLISHED)
        if not entry.published_at and stage != Status.PUBLISHED:
            entry.status = stage
        entry.title, entry.summary = item["title"], item.get("summary", "")
        entry.full_clean(exclude=["code", "tags"])
        self.give(entry.source_id, entry.number)
        entry.save()
        entry.themes.set(known(Theme, "slug", item["themes"]))
        entry.addressees.set(known(Actor, "slug", item.get("addressees", [])))
        entry.tags.set(item["tags"])
        self.write_citations(entry, item)
        if stage == Status.PUBLISHED and entry.status != Status.WITHDRAWN:
            entry.publish(AGAIN if was_published else FIRST)
        return entry

    def give(self, source_pk: int, number: int) -> None:
        """Count a number as given, so that it is not given again."""
        Source.objects.filter(pk=source_pk, numbers_given__lt=number).update(numbers_given=number)

    def write_citations(self, entry: Recommendation, item: dict) -> None:
        """Write the passages, found in the text, and the works cited; the new ones before the old
        ones go.
        """
        if entry.published_at and not item["quotes"]:
            raise BundleError("readers know this entry, and the folder has no quote for it.")
        old = [citation.pk for citation in entry.citations.all()]
        entry.citations.filter(pk__in=old).exclude(role=Role.STATES).delete()
        standing = list(entry.citations.all())
        for quote in item["quotes"]:
            passage = self.passage(entry, quote, standing)
            passage.save()
        for passage in standing:
            passage.delete()
        for key, role in (("refers_to", Role.REFERS_TO), ("echoed_in", Role.ECHOED_IN)):
            for link in item.get(key, []):
                work = known(Source, "code", [link["source"]])[0]
                entry.citations.create(source=work, role=role, note=link.get("note", ""))

    def passage(self, entry: Recommendation, quote: str, standing: list[Citation]) -> Citation:
        """Return a quote as a passage, in place of one that stands there or says the same; that one
        is taken out.
        """
        new = Citation(recommendation=entry, source=entry.source, role=Role.STATES)
        new.anchor(quote)
        place = (new.text_number, new.start)
        for old in standing:
            if old.quote == quote or (old.text_number, old.start) == place:
                standing.remove(old)
                old.anchor(quote)
                return old
        return new

    def withdraw(self, source: Source, items: list[dict], left: set[int]) -> None:
        """Withdraw what the file says is withdrawn, once its replacements are there, but for those
        left out.
        """
        written = [thing for thing, _before in self.report.written]
        for item in [item for item in items if "withdrawn" in item]:
            self.at = f"recommendation {item['number']}"
            entry = source.recommendations.get(number=item["number"])
            number = item["withdrawn"].get("replaced_by")
            other = self.replacing(source, number) if number and number not in left else None
            if entry.is_published and entry in written:
                entry.withdraw(item["withdrawn"].get("reason", ""), other)

    def replacing(self, source: Source, number: int) -> Recommendation:
        """Return the entry that replaces another; raises BundleError."""
        if found := source.recommendations.filter(number=number).first():
            return found
        raise BundleError(f"{self.at}: there is no recommendation {number} to replace it.")

    def reserve(self, source: Source, items: list[dict]) -> None:
        """Name the entries that the folder leaves out, and let no other entry ever have their
        numbers.
        """
        for item in items:
            self.report.kept.append(
                f"{source.code}-{item['number']}: {item['title']} (not in the folder)"
            )
            self.give(source.pk, item["number"])


def known(model, field_name: str, values: list) -> list:
    """Return the objects that the file names, in its order; raises BundleError for one that it does
    not describe.
    """
    found = {
        getattr(thing, field_name): thing
        for thing in model.objects.filter(**{f"{field_name}__in": values})
    }
    for value in values:
        if value not in found:
            raise BundleError(
                f"there is no {model._meta.verbose_name} {value!r}; describe it in {DATA}."
            )
    return [found[value] for value in values]


def canonical(item: dict) -> dict:
    """Bring a record, or an item of the file, into one form: empty values and the order of these
    lists say nothing.
    """
    item = filled(**item)
    if item.get("status") == Status.PUBLISHED:
        del item["status"]  # it goes without saying
    for key in ("issuers", "addressees", "tags", "themes"):
        if key in item:
            item[key] = sorted(set(item[key]))
    return item


def differences(ours: dict, theirs: dict) -> list[str]:
    """Name the keys in which two records differ."""
    return [key for key in (ours | theirs) if ours.get(key) != theirs.get(key)]
