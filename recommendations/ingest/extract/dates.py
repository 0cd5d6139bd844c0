"""Dates as documents write them, in English, French, German, Italian, Spanish and Japanese."""

import re
from datetime import date

MONTHS = {
    "january janvier januar gennaio enero jänner": 1,
    "february février fevrier februar febbraio febrero": 2,
    "march mars märz maerz marzo": 3,
    "april avril aprile abril": 4,
    "may mai maggio mayo": 5,
    "june juin juni giugno junio": 6,
    "july juillet juli luglio julio": 7,
    "august août aout agosto": 8,
    "september septembre settembre septiembre": 9,
    "october octobre oktober ottobre octubre": 10,
    "november novembre noviembre": 11,
    "december décembre decembre dezember dicembre diciembre": 12,
}
SHORT = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTH = {name: number for names, number in MONTHS.items() for name in names.split()}
MONTH |= {name: number for number, name in enumerate(SHORT, start=1)} | {"sept": 9}
NAMES = "|".join(sorted(MONTH, key=len, reverse=True))

DAY_FIRST = rf"(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s+(?:of\s+|de\s+)?(?P<m1>{NAMES})\b\.?,?\s+(?:de\s+)?(?P<y1>\d{{4}})"
MONTH_FIRST = rf"\b(?P<m2>{NAMES})\b\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{{4}})"
YEAR_FIRST = r"(?P<y3>(?:19|20)\d\d)\s*[-/.年]\s*(?P<m3>\d{1,2})\s*[-/.月]\s*(?P<d3>\d{1,2})\s*日?(?:T[\d:.+Z-]*)?"
NUMERIC = r"(?P<d4>\d{1,2})(?P<sep>[./])\s?(?P<m4>\d{1,2})(?P=sep)\s?(?P<y4>(?:19|20)\d\d)"
DATE = re.compile(
    rf"(?<!\d)(?:{DAY_FIRST}|{MONTH_FIRST}|{YEAR_FIRST}|{NUMERIC})(?!\d)", re.IGNORECASE
)
LABEL = re.compile(
    r"(?:(?:(?:last )?(?:published|posted|updated)|date|issued|released|publié|veröffentlicht"
    r"|pubblicato|公開日|更新日|掲載日)(?:\s+(?:on|am|le|il))?\s*:?\s*)?(?:(?:mon|tues?|wednes|thurs?|fri"
    r"|satur|sun)(?:day)?,?\s+|le\s+|den\s+)?(?:[^\W\d]+(?:[ -][^\W\d]+){0,3},?\s+"
    r"|[^\W\d][^\d:;!?]{0,40}[,–—-]\s+)?(?:le\s+|den\s+|am\s+|on\s+)?",
    re.IGNORECASE,
)
REST = re.compile(
    r"\s*(?:[.,|·–-]|at)?\s*(?:\d{1,2}[:.h]\d{2}(?:\s*[ap]m)?(?:\s+[A-Z]{2,4})?)?\s*", re.IGNORECASE
)
DASH = re.compile(r"\)?\s*[–—-]\s")


def find(text: str) -> date | None:
    """Return the first date in a text; 3/4/2025 is ambiguous and no date."""
    for found in DATE.finditer(text):
        if day := _made(found):
            return day
    return None


def is_line(text: str) -> bool:
    """Tell whether a line says only when, and perhaps where: "Ottawa, 12 May 2025"."""
    found = DATE.search(text)
    return bool(
        found and LABEL.fullmatch(text[: found.start()]) and REST.fullmatch(text[found.end() :])
    )


def dateline(text: str) -> date | None:
    """Return the date that opens a press release: "LYON, 4 June 2026 – The associations …"."""
    found = DATE.search(text)
    if not found or not LABEL.fullmatch(text[: found.start()]):
        return None
    return _made(found) if DASH.match(text[found.end() :]) else None


def leads(text: str) -> bool:
    """Tell whether a line begins with a date, as in a list of publications."""
    return bool(DATE.match(text))


def _made(found: re.Match) -> date | None:
    """Make the date of a match, or None where there is no such day or it could be two."""
    parts = {
        name[0]: value for name, value in found.groupdict().items() if value and name[0] in "dmy"
    }
    year, month, day = (int(MONTH.get(parts[part].lower(), 0) or parts[part]) for part in "ymd")
    if found["sep"] == "/" and month != day:
        if day <= 12 and month <= 12:
            return None
        month, day = (day, month) if month > 12 else (month, day)
    try:
        return date(year, month, day)
    except ValueError:
        return None
