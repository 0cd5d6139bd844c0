"""Loads a declaration's folder: creates what is missing, keeps or overwrites what differs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from recommendations.models import (
    ContentVersion,
    FormerTheme,
    Organisation,
    Recommendation,
    Source,
    Theme,
)
from recommendations.models.citation import Role
from recommendations.models.proposal import Proposal
from recommendations.text import positions

from .. import audit, change, entries, withdraw
from ..content import Content
from ..publish import publish
from ..record import MAYBE_WORK, WORK, cited, filled, record
from .read import DATA, MAYBE_DECLARATION, BundleError, read

PARTS = ("works", "left_out")  # of a declaration, that are no fields of it
FIRST, AGAIN = "First publication.", "Brought up to date with the declaration's folder."


@dataclass
class Report:
    """What a loading did, by the names of the objects."""

    created: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)


@transaction.atomic
def load(folder: Path, *, overwrite: bool = False) -> Report:
    """Bring a folder into the database, all or nothing; raises BundleError."""
    text, data = read(folder)
    # one at a time: two would make the same things
    ContentVersion.objects.select_for_update().get()
    loading = Loading(overwrite)
    try:
        loading.load(text, data)
    except (ValidationError, ValueError, IntegrityError) as error:
        messages = error.messages if isinstance(error, ValidationError) else [str(error)]
        raise BundleError(f"{folder} ({loading.at}): {' '.join(messages)}") from error
    return loading.report


class Loading:
    """One run of `load`: how to write each kind of object, and what was done."""

    def __init__(self, overwrite: bool):
        self.overwrite = overwrite
        self.report = Report()
        self.at = ""

    def load(self, text: str, data: dict) -> None:
        """Make everything that the file describes, in the order in which one needs the other."""
        for item in data["organisations"]:
            self.settle(Organisation, {"slug": item["slug"]}, item)
        for item in self.follow_themes(data):
            self.settle(Theme, {"slug": item["slug"]}, theme_values(item))
        for item in data.get("works", []):
            self.settle(Source, {"code": item["code"]}, item, maybe=MAYBE_WORK)
        own = {
            key: data[key] for key in (WORK | MAYBE_DECLARATION) if key in data and key not in PARTS
        }
        source = self.settle(
            Source, {"code": data["code"]}, own, maybe=MAYBE_DECLARATION, text=text
        )
        left = data.get("left_out", [])
        self.load_entries(source, data["recommendations"], {item["number"] for item in left})
        self.reserve(source, left)

    def settle(self, model, key: dict, item: dict, maybe: Iterable[str] = (), text: str = ""):
        """Make, keep or overwrite one object."""
        self.at = f"{model._meta.verbose_name} {next(iter(key.values()))}"
        found = model.objects.filter(**key).first()
        if found is None:
            return self.make(model(**key, **({"text": text} if text else {})), item)
        is_corrected = bool(text) and found.text != text
        if is_corrected and (self.overwrite or not found.former_texts.filter(text=text).exists()):
            raise BundleError(
                "the stored text differs from declaration.txt; a stored text never changes."
            )
        described = cited(found) if model is Source and not text else record(found)
        changed = ["text"] * is_corrected + differences(described, item)
        if not changed:
            self.report.unchanged.append(str(found))
        elif not self.overwrite:
            self.report.kept.append(f"{found} ({', '.join(changed)})")
        else:
            self.report.overwritten.append(str(found))
            values = change.plain(written(found, emptied(model, maybe) | item))
            publish(audit.COMMAND_LINE, [change.propose(found, values)], AGAIN)
            found.refresh_from_db()
        return found

    def make(self, thing: Model, item: dict):
        """Make one object that no entry names yet."""
        values = written(thing, item)
        issuers, alternatives = values.pop("issuers", None), values.pop("alternatives", [])
        for name, value in values.items():
            setattr(thing, name, value)
        thing.full_clean()
        thing.save()
        if issuers is not None:
            thing.issuers.set(known(Organisation, "slug", issuers))
        for label in alternatives:
            thing.alternatives.create(label=label)
        self.report.created.append(str(thing))
        audit.note(audit.COMMAND_LINE, "load", thing, None, audit.state(thing))
        return thing

    def follow_themes(self, data: dict) -> list[dict]:
        """Replace former themes of the file by their successors; return the themes that exist."""
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

    def load_entries(self, source: Source, items: list[dict], left: set[int]) -> None:
        """Publish what is new, and what differs if asked, then withdraw what the file says is."""
        known_entries = {
            entry.number: entry
            for entry in source.recommendations(manager="with_withdrawn").for_snapshots()
        }
        new, changed = [], []
        for item in sorted(items, key=lambda item: item["number"]):
            self.at = f"recommendation {item['number']}"
            entry = known_entries.get(item["number"])
            if entry is None:
                new.append(self.proposal(source, item))
                self.report.created.append(f"{source.code}-{item['number']}: {item['title']}")
            elif not (differing := differences(record(entry), item)):
                self.report.unchanged.append(str(entry))
            elif not self.overwrite or not entry.is_published:
                self.report.kept.append(f"{entry} ({', '.join(differing)})")
            else:
                self.report.overwritten.append(str(entry))
                changed.append((entry, item, self.proposal(source, item, entry)))
        for proposals, reason in ((new, FIRST), ([each[2] for each in changed], AGAIN)):
            if proposals:
                publish(audit.COMMAND_LINE, proposals, reason)
        written_now = {each.details["number"] for each in new} | {
            each[0].number for each in changed
        }
        self.withdraw(source, [item for item in items if item["number"] in written_now], left)

    def proposal(self, source: Source, item: dict, entry: Recommendation | None = None) -> Proposal:
        """Return what the file says of an entry; raises BundleError and QuoteError."""
        if not item["quotes"]:
            raise BundleError("the folder has no quote for it.")
        number = source.text_number
        places = [(*positions.locate(source.text, quote), number) for quote in item["quotes"]]
        if len({start for start, _end, _number in places}) < len(places):
            raise BundleError("two quotes begin at the same place.")
        links = item.get("refers_to", [])
        known(Source, "code", [link["source"] for link in links])
        content = Content(
            title=item["title"],
            summary=item.get("summary", ""),
            passages=places,
            themes=[each.slug for each in known(Theme, "slug", item["themes"])],
            tags=item["tags"],
            addressees=[
                each.slug for each in known(Organisation, "slug", item.get("addressees", []))
            ],
            works=[(Role.REFERS_TO, link["source"], link.get("note", "")) for link in links],
        )
        if entry is None:
            proposal = entries.propose(source, content, item["number"])
        else:
            proposal = content.put(entries.change_of(entry), number)
        proposal.details["act"] = "load"
        return proposal

    def withdraw(self, source: Source, items: list[dict], left: set[int]) -> None:
        """Withdraw what the file says is withdrawn, after its replacements exist."""
        for item in [item for item in items if "withdrawn" in item]:
            self.at = f"recommendation {item['number']}"
            entry = source.recommendations.get(number=item["number"])
            number = item["withdrawn"].get("replaced_by")
            published = source.recommendations(manager="with_withdrawn")
            other = published.get(number=number) if number and number not in left else None
            reason = item["withdrawn"].get("reason", "")
            publish(audit.COMMAND_LINE, [withdraw.propose(entry, other)], reason)

    def reserve(self, source: Source, items: list[dict]) -> None:
        """Name the entries that the folder leaves out, and reserve their numbers."""
        for item in items:
            name = f"{source.code}-{item['number']}: {item['title']}"
            self.report.kept.append(f"{name} (not in the folder)")
            later = Source.objects.filter(pk=source.pk, numbers_given__lt=item["number"])
            later.update(numbers_given=item["number"])


def theme_values(item: dict) -> dict:
    """Return what the file says of a theme as the fields hold it."""
    own = {"alternatives": item.get("alternatives", [])}
    return item | own | {"signals": item.get("signals", [])}


def emptied(model, maybe: Iterable[str]) -> dict:
    """Return what the file may say of an object as if it said nothing."""
    return {key: model._meta.get_field(key).get_default() for key in maybe if key not in PARTS}


def written(thing: Model, item: dict) -> dict:
    """Return an item of the file as the fields of its object hold it; raises BundleError."""
    values = dict(item)
    if isinstance(thing, Theme):
        values["signals"] = "\n".join(item["signals"])
    if item.get("note_signs"):
        values["note_signs"] = [sign_span(thing, each) for each in item["note_signs"]]
    return values


def sign_span(source: Source, item: dict) -> list[int]:
    """Return the span of a footnote sign, which has to stand where the file says."""
    start, end = item["start"], item["start"] + len(item["sign"])
    if source.text[start:end] != item["sign"]:
        raise BundleError(
            f"the footnote sign {item['sign']} does not stand at {start}: "
            f"{source.text[start:end]!r}."
        )
    return [start, end]


def known(model, field_name: str, values: list) -> list:
    """Return the objects that the file names, in order; raises BundleError if one is unknown."""
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
    """Normalise a record or an item of the file: empty values and list order do not count."""
    item = filled(**item)
    for key in ("issuers", "addressees", "tags", "themes"):
        if key in item:
            item[key] = sorted(set(item[key]))
    return item


def differences(ours: dict, theirs: dict) -> list[str]:
    """Name the keys in which two records differ."""
    ours, theirs = canonical(ours), canonical(theirs)
    return [key for key in (ours | theirs) if ours.get(key) != theirs.get(key)]
