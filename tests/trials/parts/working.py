"""People with pages open, all that the database holds of what they work at, and what must have
become of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from django.contrib.auth import get_user_model
from django.db.models import Count, Model
from django.http import HttpResponse
from django.test import Client

from .addresses import part
from .cycle import DESK
from .desk import Pairs, form, forms
from .server import model

Key = tuple[str, int]  # what kind of thing, and its key
State = dict[Key, dict[str, object]]
ANY = object()  # stands for a value that nobody can tell beforehand
NAMED = re.compile(
    r"([\w-]+) (?:changed|saved|corrected) (?:it|this|the text)|was saved by ([\w-]+) at"
)
MADE = {
    "proposal": (
        "revision",
        "title",
        "summary",
        "tags",
        "decision",
        "written_by",
        "themes",
        "addressees",
        "spans",
        "entry_id",
        "published_at",
    ),
    "entry": ("code", "title", "summary", "status", "count"),
    "theme": ("slug", "label", "definition", "signals", "sign", "position"),
    "tag": ("name", "slug"),
    "organisation": ("name", "slug"),
    "source": (
        "text_number",
        "sha256",
        "title",
        "short_title",
        "occasion",
        "contents",
        "note_signs",
    ),
    "intake": ("revision", "title", "short_title", "code", "occasion", "source_id"),
}


@dataclass
class Person:
    """Somebody with pages open: the forms as they were when the page was loaded, and what had been
    done by then.
    """

    name: str
    client: Client = None
    pages: dict[Key, Pairs] = field(default_factory=dict)
    seen: dict[Key, int] = field(default_factory=dict)

    def __post_init__(self):
        self.client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
        self.client.force_login(
            get_user_model().objects.get(username=self.name),
            "django.contrib.auth.backends.ModelBackend",
        )

    def get(self, path: str) -> str:
        """Read a page of the desk."""
        return self.client.get(address(path)).content.decode()

    def post(self, path: str, pairs: Pairs, **headers: str) -> HttpResponse:
        """Send a form to the desk."""
        sent: dict[str, list[str]] = {}
        for name, value in pairs:
            sent.setdefault(name, []).append(value)
        return self.client.post(address(path), sent, headers=headers)

    def open(self, key: Key, path: str, holding: str) -> None:
        """Open a page with a form."""
        self.pages[key] = form(self.get(path), holding)

    def open_review(self, source: int) -> None:
        """Open the review: the card of each proposal, and what was decided at once."""
        self.take_review(source, self.get(f"/source/{source}/review/"))

    def take_review(self, source: int, page: str) -> None:
        """Take the forms of the review as it was answered."""
        found = dict(forms(page))
        cards = {name: pairs for name, pairs in found.items() if name.startswith("card-")}
        self.pages = {
            key: pairs for key, pairs in self.pages.items() if key[0] not in ("proposal", "undo")
        }
        self.pages |= {
            ("proposal", int(name.removeprefix("card-"))): pairs for name, pairs in cards.items()
        }
        if "undo" in found:
            self.pages["undo", source] = found["undo"]
        self.pages["add", source] = found["add"]

    def opened(self, kind: str) -> list[Key]:
        """Return the pages of a kind that are open."""
        return [key for key in self.pages if key[0] == kind]


def address(path: str) -> str:
    """Return the path of a page of the desk; tags are those of another app."""
    return f"/admin/taggit{path}" if path.startswith("/tag/") else DESK + path


def said(response: HttpResponse) -> str:
    """Return what a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def named(response: HttpResponse) -> str:
    """Return the name of whoever was faster, as a page tells it, or nothing."""
    found = NAMED.search(said(response))
    return (
        (found[1] or found[2]).casefold() if found else ""
    )  # the admin writes a message's first letter large


# --- What the database holds -----------------------------------------------


def state(source: int, intake: int) -> State:
    """Return all that can be worked at: one declaration, the next intake, and the vocabulary."""
    proposals = model("Proposal").objects.of_entries().filter(source=source)
    entries = (
        model("Recommendation")
        .with_withdrawn.filter(source=source)
        .annotate(count=Count("versions"))
    )
    found = rows("proposal", proposals) | rows("entry", entries)
    for key, row in found.items():
        if key[0] == "proposal":
            row["themes"], row["addressees"] = sorted(row["themes"]), sorted(row["addressees"])
    for name in ("themes", "addressees"):
        link(found, "entry", name, entries)
    tagged = (
        model("Tagging")
        .objects.filter(content_object__in=entries)
        .values_list("content_object", "tag__name")
    )
    gather(found, "entry", "tags", tagged)
    cited = model("Citation").objects.filter(recommendation__in=entries).order_by("pk")
    fields = ("recommendation", "role", "quote", "text_number", "start", "source", "note")
    gather(
        found, "entry", "citations", ((pk, tuple(rest)) for pk, *rest in cited.values_list(*fields))
    )
    for kind, thing in (("theme", "Theme"), ("organisation", "Organisation")):
        found |= rows(kind, model(thing).objects.all())
    found |= rows("tag", model("Tagging").tag.field.related_model.objects.all())
    gather(
        found, "theme", "alternatives", model("ThemeLabel").objects.values_list("theme", "label")
    )
    found |= rows("source", model("Source").objects.filter(pk=source))
    gather(
        found,
        "source",
        "issuers",
        model("Source").issuers.through.objects.values_list("source", "organisation"),
    )
    found |= rows("intake", model("Intake").objects.filter(pk=intake))
    pieces = model("Intake").objects.values_list("pieces", flat=True).get(pk=intake)
    found["intake", intake]["kept"] = [piece["kept"] for piece in pieces]
    return found


def rows(kind: str, things) -> State:
    """Return the fields of some things by their keys."""
    return {(kind, row.pop("pk")): row for row in things.order_by("pk").values("pk", *MADE[kind])}


def link(found: State, kind: str, name: str, things) -> None:
    """Add what some things are filed under."""
    through: type[Model] = getattr(things.model, name).through
    own, other = (each.attname for each in through._meta.fields[1:])
    gather(
        found,
        kind,
        name,
        through.objects.filter(**{f"{own}__in": things.values("pk")}).values_list(own, other),
    )


def gather(found: State, kind: str, name: str, pairs) -> None:
    """Add a sorted list of values to each thing of a kind."""
    for key, row in found.items():
        if key[0] == kind:
            row[name] = []
    for pk, value in pairs:
        if (kind, pk) in found:
            found[kind, pk][name].append(value)
    for key, row in found.items():
        if key[0] == kind:
            row[name].sort(key=repr)


def words_of(text: str, spans: list) -> list[str]:
    """Return the words that spans point at."""
    return [text[start:end] for start, end in spans]


# --- What must have become of it -------------------------------------------


def wrong(
    before: State, after: State, expected: dict[Key, dict[str, object] | None]
) -> Iterator[str]:
    """Yield what is not as expected: the new values of what changes, nothing for what goes; all
    else stays.

    What changes has another revision than before, where it counts them.
    """
    for key in sorted(before.keys() | after.keys() | expected.keys()):
        was, now, wanted = before.get(key), after.get(key), expected.get(key, {})
        if wanted is None or now is None:
            if not (wanted is None and now is None):
                yield f"{key} is {'there still' if now else 'gone'}"
            continue
        values = {**(was or {}), **wanted}
        fields = [
            name for name in values if now.get(name) != values[name] and values[name] is not ANY
        ]
        for name in fields:
            if name != "revision":
                yield f"{name} of {key} is {now.get(name)!r}, not {values[name]!r}"
        if was is None and key not in expected:
            yield f"{key} has come"
        if (
            was
            and "revision" in was
            and (now != was or key in expected)
            and now["revision"] <= was["revision"]
        ):
            yield f"{key} changed, and has no other revision"
        if was and key not in expected and "revision" in fields and len(fields) == 1:
            yield f"{key} has another revision, and nothing is different"


def changed_between(before: State, after: State) -> set[Key]:
    """Return what changed, came or went."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def first_words(source: int) -> str:
    """Return the text of a declaration."""
    return model("Source").objects.values_list("text", flat=True).get(pk=source)


def unique_in(text: str, words: str) -> bool:
    """Tell whether words stand once in a text."""
    return text.count(words) == 1


def paragraphs_of(text: str) -> list:
    """Return the paragraphs of a text."""
    return part("text.positions.paragraphs")(text)
