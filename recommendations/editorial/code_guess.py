"""Guesses short title, occasion and code of a new declaration, for editors to confirm."""

import re
import unicodedata
from datetime import date

from recommendations.models import Intake, Source

NOBODY_KNOWS_WHERE = "TECH7"
# Cities and regions of the G7, and places of its summits and ministerial meetings so far.
PLACES = (
    r"Apulia|Bari|Berlin|Biarritz|Bonn|Brussels|Cannes|Capri|Carbis[ -]Bay|Charlevoix|Cologne"
    r"|Cornwall"
    r"|Elmau|Evian|Fiuggi|Geneva|Halifax|Hamburg|Hiroshima|Houston|Ise[ -]Shima|Kananaskis"
    r"|Karuizawa|Kyoto"
    r"|London|Lyon|Milan|Montebello|Montreal|Munich|Naples|New[ -]York|Nice|Okinawa|Osaka|Ottawa"
    r"|Paris"
    r"|Pisa|Puglia|Rome|Sapporo|Sendai|Takasaki|Taormina|Tokyo|Toronto|Toyama|Trento|Turin"
    r"|Vancouver"
    r"|Venice|Verona|Versailles|Washington|Williamsburg"
)
PLACE = re.compile(rf"\b(?:{PLACES}|{PLACES.upper()})\b")
# "Ottawa, 12 May 2025", "Lyon, France – 5 June 2026"; the dash is gone by then.
DATELINE = re.compile(
    r"(?!(?:Published|Posted|Updated|Issued|Released|Dated?|Last"
    r"|On)\b)([A-Z][\w'-]*(?: [A-Z][\w'-]*){0,2})"
    r"(?:, [A-Z][\w'-]*(?: [A-Z][\w'-]*)?)?[,:]?\s+(?:- )?(?:\d{1,2} [A-Z][a-z]+"
    r"|[A-Z][a-z]+ \d{1,2},?) \d{4}\b"
)
OCCASION = re.compile(
    r"\b((?:[A-Z0-9][\w’'-]* (?:(?:of|the|on|and|for) )*)*(?:Summit|Conference|Meeting|Ministerial"
    r"|Presidency|Forum))\b"
)
YEAR = re.compile(r"\b20[0-9]{2}\b")
FIRST_LINES = 12  # a place and a date stand near the top
SHORT = 80  # code points of a short title


def occasion(title: str) -> str:
    """Return the meeting that a title names, or nothing."""
    found = OCCASION.search(title)
    return found[1].removeprefix("The ")[:120] if found and " " in found[1] else ""


def short_title(title: str) -> str:
    """Shorten a title at a word, for lists."""
    return (
        title
        if len(title) <= SHORT
        else title[: SHORT + 1].rpartition(" ")[0][:SHORT] or title[:SHORT]
    )


def free_code(title: str, lines: list[str], issued_on: date | None, today: date) -> str:
    """Return an unused code of the place, if one is named, and the year."""
    year = str(issued_on.year) if issued_on else (YEAR.search(title) or [str(today.year)])[0]
    name = _as_code(_place(title, lines)) or NOBODY_KNOWS_WHERE
    letters = ("", *(f"-{chr(number)}" for number in range(ord("B"), ord("Z") + 1)))
    candidates = [f"{name}{letter}-{year}" for letter in letters]
    taken = {*Source.objects.filter(code__in=candidates).values_list("code", flat=True)}
    taken |= {*Intake.objects.filter(code__in=candidates).values_list("code", flat=True)}
    return next((code for code in candidates if code not in taken), "")


def _place(title: str, lines: list[str]) -> str:
    """Return the place in a title, or else in front of a date near the top."""
    if found := PLACE.search(_plain(title)):
        return found[0]
    found = next(filter(None, map(DATELINE.match, map(_plain, lines[:FIRST_LINES]))), None)
    return found[1] if found else ""


def _plain(name: str) -> str:
    """Write a name without accents, in the letters that a code may have."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def _as_code(name: str) -> str:
    """Join the words of a name as a code does."""
    return "-".join(word for word in re.findall(r"[A-Z0-9]+", name.upper()) if word[0].isalpha())[
        :30
    ].strip("-")
