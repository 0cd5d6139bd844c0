"""A recommendation as a CSL-JSON record, and that as sentence, APA, Chicago, BibTeX and RIS.

The record cites the declaration and, as its number, the recommendation in it, at one version. Every
other form is made from the record alone, so that none can say what another does not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

from recommendations.search.rows import Row

Record = dict[str, Any]  # one item of CSL-JSON (CSL 1.0.2, csl-data.json)

GENRE = "Recommendation"
# all that may end a line somewhere, and control characters
BREAKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# CSL 1.0.2, appendix "Title case conversion": the words that stay small inside a title.
SMALL_WORDS = re.compile(
    "a|an|and|as|at|but|by|down|for|from|in|into|nor|of|on|onto|or|over|so|the|till|to|up|via|with|yet"
)
LATEX = str.maketrans(
    {each: f"\\{each}" for each in "&%$#_"}
    # As macros: BibTeX counts a brace even behind a backslash, so `\}` alone would end the field.
    | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}", "\\": r"\textbackslash{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


class Piece(NamedTuple):
    """A stretch of a reference in one kind of type."""

    text: str
    is_italic: bool = False


@dataclass(frozen=True)
class Reference:
    """An entry of a reference list, in pieces of type or as plain text by `str()`."""

    pieces: tuple[Piece, ...]

    def __str__(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Forms:
    """One record in every form that a page offers."""

    sentence: str
    apa: Reference
    chicago: Reference
    bibtex: str
    ris: str


def csl(entry, permalink: str, version: int | None = None) -> Record:
    """Return the CSL-JSON record of a recommendation, pinned to a version where one is given.

    `permalink` is the recommendation's own absolute address; the record's is that of the version.
    `custom` holds what CSL has no variable for: kind and occasion of the declaration, and the
    paragraphs by number.
    """
    keywords = [theme.label for theme in entry.themes.all()] + sorted(
        tag.name for tag in entry.tags.all()
    )
    issuers = [issuer.name for issuer in entry.source.issuers.all()]
    return _record(entry, paragraphs_of(entry), keywords, issuers, permalink, version)


def csl_of_row(row: Row, permalink: str) -> Record:
    """Return the same record of an entry that is read as a row, pinned to its last version."""
    paragraphs = sorted(set(filter(None, row.paragraphs)))
    keywords = [*row.themes, *row.tags]
    return _record(row, paragraphs, keywords, row.source.issuers, permalink, row.version)


def _record(
    entry,
    paragraphs: list[int],
    keywords: list[str],
    issuers: list[str],
    permalink: str,
    version: int | None,
) -> Record:
    source, day = entry.source, entry.source.issued_on
    label = "paras." if paragraphs[1:] else "para."
    record = {
        "type": "report",
        "id": entry.code,
        "title": one_line(source.title),
        "author": [{"literal": one_line(name)} for name in issuers],
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "genre": GENRE,
        "number": entry.code,
        "version": str(version) if version else "",
        "locator": f"{label} {', '.join(map(str, paragraphs))}" if paragraphs else "",
        "abstract": one_line(entry.quote),
        "keyword": "; ".join(one_line(word).replace(";", ",") for word in keywords),
        "language": source.language,
        "URL": f"{permalink}/v/{version}" if version else permalink,
        "custom": {
            "kind": source.kind,
            "occasion": one_line(source.occasion),
            "paragraphs": paragraphs,
        },
    }
    record["custom"] = {key: value for key, value in record["custom"].items() if value}
    return {key: value for key, value in record.items() if value}


def forms(record: Record) -> Forms:
    """Return a record in every form."""
    return Forms(sentence(record), apa(record), chicago(record), bibtex(record), ris(record))


def sentence(record: Record) -> str:
    """Cite in words, for running text and below a copied quote."""
    year, month, day = _issued(record)
    kind = record.get("custom", {}).get("kind", "other")
    dated = f"{'' if kind == 'other' else f'{kind} of '}{day} {MONTHS[month - 1]} {year}"
    authors = _listed(_authors(record), " and ")
    where = ", ".join(filter(None, [authors, record["title"], dated, _paragraphs(record)]))
    version = f", version {record['version']}" if "version" in record else ""
    return f"{where} ({record['genre'].lower()} {record['number']}{version}). {record['URL']}"


def apa(record: Record) -> Reference:
    """Cite as a report in APA style, 7th edition: sections 9.14, 9.19 and 10.4."""
    names, title = _authors(record), Piece(record["title"], is_italic=True)
    if len(names) > 20:  # section 9.8: the first 19, then the last
        names = [*names[:19], f"… {names[-1]}"]
        who = ", ".join(names)
    else:
        who = _listed(names, ", & " if names[2:] else " & ")
    version = f"; Version {record['version']}" if "version" in record else ""
    which = f"{record['genre']} {record['number']}{version}"
    year = f"({_issued(record)[0]})."
    if not who:
        return Reference((title, Piece(f" ({which}). {year} {record['URL']}")))
    before, after = Piece(f"{_stopped(who)} {year} "), Piece(f" ({which}). {record['URL']}")
    return Reference((before, title, after))


def chicago(record: Record) -> Reference:
    """Cite as a report in Chicago style, 18th edition: of more than six authors the first three."""
    names = _authors(record)
    who = _listed(names, ", and " if names[2:] else " and ")
    if len(names) > 6:
        who = ", ".join([*names[:3], "et al."])
    title = _stopped(headline(record["title"], record.get("language", "en")))
    stop = title[len(title.rstrip(".")) :]
    parts = [f"{record['genre']} {record['number']}."]
    parts += [f"Version {record['version']}."] if "version" in record else []
    rest = f"{stop} {' '.join(parts)} {_issued(record)[0]}. {record['URL']}."
    before = (Piece(f"{_stopped(who)} "),) if who else ()
    return Reference((*before, Piece(title.removesuffix(stop), is_italic=True), Piece(rest)))


def bibtex(record: Record) -> str:
    """Return a `@techreport`; double braces keep institutions and capitals as they are."""
    year, month, day = _issued(record)
    who = [f"{{{latex(name)}}}" for name in _authors(record)]
    fields = {
        "author": f"{{{' and '.join(who)}}}" if who else "",
        "title": f"{{{{{latex(record['title'])}}}}}",
        "institution": f"{{{' and '.join(who)}}}" if who else "",
        "type": f"{{{latex(record['genre'])}}}",
        "number": f"{{{latex(record['number'])}}}",
        "year": f"{{{year}}}",
        "month": MONTHS[month - 1][:3].lower(),
        "day": f"{{{day}}}",
        "note": f"{{{latex(_note(record))}}}" if _note(record) else "",
        "url": f"{{{_address(record['URL'])}}}",
    }
    key = re.sub(r"[^A-Za-z0-9-]", "-", record["id"])
    lines = [f"  {name:<11} = {value}" for name, value in fields.items() if value]
    return f"@techreport{{{key},\n" + ",\n".join(lines) + "\n}\n"


def ris(record: Record) -> str:
    """Return an `RPRT` record, lines ending with CRLF (RIS specification, 2001 and 2011).

    A comma would split a name into last and first, so institutions lose theirs; SN is a report's
    number, M3 its type.
    """
    year, month, day = _issued(record)
    fields = [("TY", "RPRT"), ("ID", record["id"])]
    fields += [("AU", name.replace(",", "")) for name in _authors(record)]
    fields += [
        ("TI", record["title"]),
        ("PY", str(year)),
        ("DA", f"{year:04}/{month:02}/{day:02}/"),
    ]
    fields += [
        ("M3", record["genre"]),
        ("SN", record["number"]),
        ("AB", record.get("abstract", "")),
    ]
    fields += [("KW", word) for word in record.get("keyword", "").split("; ")]
    fields += [("N1", _note(record)), ("LA", record.get("language", "")), ("UR", record["URL"])]
    lines = [f"{tag}  - {one_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def paragraphs_of(entry) -> list[int]:
    """Return the numbers of the paragraphs that an entry quotes, in order."""
    return sorted({passage.paragraph for passage in entry.passages if passage.paragraph})


def in_words(paragraphs: Sequence[int]) -> str:
    """Name paragraphs: "paragraph 7", "paragraphs 6 and 9", or "" without any."""
    noun = "paragraphs" if paragraphs[1:] else "paragraph"
    return f"{noun} {_listed([str(each) for each in paragraphs], ' and ')}" if paragraphs else ""


def one_line(text: str) -> str:
    """Replace line breaks, control characters and runs of spaces by one space."""
    return BREAKS.sub(" ", text).strip()


def latex(text: str) -> str:
    """Escape what LaTeX or BibTeX would interpret; the rest stays in UTF-8."""
    return one_line(text).translate(LATEX)


def headline(title: str, language: str = "en") -> str:
    """Capitalize an English title by CSL's rules; words with capitals of their own keep them."""
    if language.split("-")[0].lower() != "en":
        return title
    words = re.split(r"([ \u00a0-]+)", title)
    last = len(words) - 1
    for place, word in enumerate(words):
        opens = place in (0, last) or words[place - 2].endswith((":", "?", "!"))
        if opens or not SMALL_WORDS.fullmatch(word.strip("“”‘’\"'(),;:.?!")):
            words[place] = _capitalised(word)
    return "".join(words)


def _capitalised(word: str) -> str:
    """Capitalize a word that is all lower case."""
    if word != word.lower():
        return word
    return re.sub(r"[^\W\d_]", lambda letter: letter[0].upper(), word, count=1)


def _authors(record: Record) -> list[str]:
    return [author["literal"] for author in record.get("author", [])]


def _issued(record: Record) -> tuple[int, int, int]:
    year, month, day = record["issued"]["date-parts"][0]
    return year, month, day


def _paragraphs(record: Record) -> str:
    return in_words(record.get("custom", {}).get("paragraphs", []))


def _note(record: Record) -> str:
    """Say which version and which paragraphs, where a format has no field for them."""
    version = f"Version {record['version']}" if "version" in record else ""
    place = _paragraphs(record)
    return f"{version}, {place}" if version and place else version or place.capitalize()


def _listed(names: Sequence[str], last: str) -> str:
    """Join names with commas, and the last two with another separator."""
    return last.join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _stopped(text: str) -> str:
    """End a part of a reference with a full stop, unless it ends a sentence already."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _address(url: str) -> str:
    """Percent-encode what no address may hold."""
    return quote(url, safe=":/?#[]@!$&'()*+,;=%~")
