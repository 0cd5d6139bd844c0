"""A briefing: recommendations that a reader gathered, in the reader's order.

Its codes live in its address, so that it needs neither an account nor a cookie, and a link to it is
the whole of it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, unquote, urlencode

from django.db.models import FETCH_PEERS
from django.http import QueryDict
from django.template.defaultfilters import date

from recommendations.editorial.withdraw import final_replacement
from recommendations.models import Recommendation, Source
from recommendations.models.source import CODE
from recommendations.search.query_errors import WITHOUT, BadSelection, Problem

from . import citations
from .absolute_url import permalink
from .records import citation, latest

PATH = "/briefing"
LIMIT = 100  # codes
LONGEST = 70  # characters that a code may have
PARAMETERS = ("codes", "add", "find")
ENTRY = re.compile(rf"(?<![A-Z0-9-]){CODE}-[1-9][0-9]{{0,5}}(?![A-Z0-9-])")


@dataclass(frozen=True)
class Item:
    """A recommendation in a briefing, and the addresses that move or remove it."""

    number: int
    entry: Recommendation
    record: citations.Record
    up: str
    down: str
    remove: str

    @property
    def url(self) -> str:
        """The address of the version that the note is pinned to."""
        return self.record["URL"]

    @property
    def to(self) -> str:
        """Whom the recommendation addresses, by name."""
        return ", ".join(each.name for each in self.entry.addressees.all())

    @property
    def note(self) -> str:
        """The citation in words, without its address."""
        return citations.sentence(self.record).removesuffix(self.url).strip()


@dataclass(frozen=True)
class Missing:
    """A code that cannot be shown: unknown, or withdrawn and perhaps replaced."""

    code: str
    withdrawn: Recommendation | None
    final: Recommendation | None  # the end of the chain of its replacements
    remove: str
    replace: str

    @property
    def why(self) -> str:
        """Say in a sentence why the code is not shown."""
        if not self.withdrawn:
            return f"There is no recommendation {self.code}."
        on = date(self.withdrawn.withdrawn_at, "j F Y")
        return f"{self.code} was withdrawn on {on}: {self.withdrawn.withdrawal_reason}"


@dataclass(frozen=True)
class Briefing:
    """What a page or a document shows; `works` are those cited, each with the codes citing it."""

    codes: list[str]
    items: list[Item]
    missing: list[Missing]
    works: list[tuple[Source, list[str]]]

    code = "tech7-briefing"  # names the file of a download

    @property
    def as_of(self) -> datetime | None:
        """When the newest version in it was published; None without any."""
        versions = filter(None, (latest(item.entry) for item in self.items))
        return max((version.published_at for version in versions), default=None)

    @property
    def link(self) -> str:
        """The absolute address to pass on."""
        return permalink(address(self.codes))


def pairs(codes: Sequence[str], find: str = "") -> list[tuple[str, str]]:
    """Return the parameters of a briefing's address, in their one order."""
    return ([("codes", ",".join(codes))] if codes else []) + ([("find", find)] if find else [])


def address(codes: Sequence[str], find: str = "", path: str = PATH) -> str:
    """Return the one address of a briefing; the commas between its codes stay legible."""
    query = urlencode(pairs(codes, find), safe=",", quote_via=quote)
    return f"{path}?{query}" if query else path


def read(params: QueryDict) -> tuple[list[str], str]:
    """Return the codes and the search words of a query; raises BadSelection.

    What is no code stays among them, to be named on the page, unless it is too long or too odd to
    be named.
    """
    given = dict.fromkeys(
        code for name in ("codes", "add") for value in params.getlist(name) for code in split(value)
    )
    codes = [code for code in given if len(code) <= LONGEST and code.isprintable()]
    words, url = " ".join(params.get("find", "").split()), address(codes[:LIMIT])
    known = ", ".join(PARAMETERS)
    problems = [
        Problem(name[:50], f"A briefing has no “{name[:50]}”, only {known}.", WITHOUT, url)
        for name in params
        if name not in PARAMETERS
    ]
    for code in given:
        if code not in codes:
            shown = "".join(each if each.isprintable() else "\ufffd" for each in code[:LONGEST])
            problems.append(Problem("codes", f"“{shown}” is not a code.", WITHOUT, url))
    if (number := len(codes)) > LIMIT:
        message = f"A briefing holds at most {LIMIT} recommendations; this address has {number}."
        problems.append(Problem("codes", message, f"Keep the first {LIMIT}", url))
    if len(params.getlist("find")) > 1:
        problems.append(Problem("find", "“find” is given more than once.", WITHOUT, url))
    if problems:
        raise BadSelection(problems)
    return codes, words


def gather(codes: list[str]) -> Briefing:
    """Fetch what a briefing shows, in as many queries for a hundred codes as for one."""
    known = {entry.code: entry for entry in _entries(codes)}
    shown = [code for code in codes if code in known and known[code].is_published]
    items: list[Item] = []
    works: dict[int, tuple[Source, list[str]]] = {}
    for place, code in enumerate(shown):
        entry = known[code]
        up = address(_swapped(codes, code, shown[place - 1])) if place else ""
        down = address(_swapped(codes, code, shown[place + 1])) if place + 1 < len(shown) else ""
        items.append(
            Item(place + 1, entry, citation(entry), up, down, address(_without(codes, code)))
        )
        for work in entry.works:
            works.setdefault(work.source.pk, (work.source, []))[1].append(code)
    missing = [_missing(codes, code, known.get(code)) for code in codes if code not in shown]
    return Briefing(codes, items, missing, list(works.values()))


def split(value: str) -> list[str]:
    """Return the codes in a text; a link counts as the codes in it."""
    found = []
    for part in re.split(r"[\s,;]+", value):
        linked = ENTRY.findall(unquote(part).upper()) if "://" in part else []
        found += linked or [part.upper()]
    return [code for code in found if code]


def _entries(codes: list[str]):
    """Fetch the entries that were ever published."""
    asked = [code for code in codes if ENTRY.fullmatch(code)]
    seen = Recommendation.with_withdrawn.filter(code__in=asked)
    parts = ["citations__source__issuers", "source__issuers", "addressees"]
    return seen.with_parts().with_latest().prefetch_related(*parts).fetch_mode(FETCH_PEERS)


def _missing(codes: list[str], code: str, withdrawn: Recommendation | None) -> Missing:
    """Say of a code that cannot be shown what may be done about it."""
    final = final_replacement(withdrawn) if withdrawn else None
    instead = (
        [final.code if each == code else each for each in codes]
        if final and final.is_published
        else []
    )
    return Missing(
        code,
        withdrawn,
        final,
        address(_without(codes, code)),
        address([*dict.fromkeys(instead)]) if instead else "",
    )


def _swapped(codes: list[str], one: str, other: str) -> list[str]:
    return [{one: other, other: one}.get(code, code) for code in codes]


def _without(codes: list[str], code: str) -> list[str]:
    return [each for each in codes if each != code]
