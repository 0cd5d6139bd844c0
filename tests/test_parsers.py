"""What other people's parsers read back from our BibTeX, RIS and CSL-JSON; citeproc's own words are
stored beside.
"""

import json
import re

import bibtexparser
import pytest
import rispy
from django.conf import settings
from django.test import override_settings

from recommendations.formats import citations
from recommendations.formats.records import citation
from recommendations.models import Recommendation

SITE = "https://tech7.example"
HOSTILE = {
    "type": "report",
    "id": "HOSTILE-2020-1",
    "title": "É ü œ ō 日本語: AI & 100% of {all}} $5 #1 a_b ~x ^y \\end “q” @article{x, - TY - JOUR",
    "author": [{"literal": "Ligue & Cie {Élan} and Sons"}, {"literal": "日本_協会"}],
    "issued": {"date-parts": [[2020, 5, 1]]},
    "genre": "Recommendation",
    "number": "HOSTILE-2020-1",
    "version": "3",
    "abstract": "ER - not the end; \\textbf{bold} 50%",
    "keyword": "R&D; naïve_use; #tag",
    "language": "fr",
    "URL": f"{SITE}/HOSTILE-2020-1/v/3?a=b&c=d%20e#f_g~h",
    "custom": {"paragraphs": [6, 9]},
}


def plain(value: str) -> str:
    """Undo LaTeX: the braces that keep a value whole, and every macro that stands for a sign."""
    signs = {macro: chr(sign) for sign, macro in citations.LATEX.items()}
    pattern = "|".join(map(re.escape, sorted(signs, key=len, reverse=True)))
    whole = value[1:-1] if value.startswith("{") and value.endswith("}") else value
    return re.sub(pattern, lambda found: signs[found[0]], whole)


def records() -> list[dict]:
    """Return the record of every Paris entry, pinned, and a hostile one that is made up."""
    with override_settings(SITE_URL=SITE):
        return [*map(citation, Recommendation.objects.for_records()), HOSTILE]


@pytest.mark.django_db
def test_bibtexparser_reads_every_field_back():
    known = records()
    library = bibtexparser.parse_string("\n".join(map(citations.bibtex, known)))
    assert library.failed_blocks == []
    assert [entry.key for entry in library.entries] == [record["id"] for record in known]
    for entry, record in zip(library.entries, known, strict=True):
        found = {name: field.value for name, field in entry.fields_dict.items()}
        names = [author["literal"] for author in record["author"]]
        year, month, day = record["issued"]["date-parts"][0]
        assert entry.entry_type == "techreport"
        for field in ("author", "institution"):
            whole = re.findall(r"(?:^| and )\{((?:[^{}]|\{[^{}]*\})*)\}", found.pop(field))
            assert [plain(f"{{{name}}}") for name in whole] == names
        assert {name: plain(value) for name, value in found.items()} == {
            "title": record["title"],
            "type": "Recommendation",
            "number": record["id"],
            "year": str(year),
            "month": citations.MONTHS[month - 1][:3].lower(),
            "day": str(day),
            "note": f"Version {record['version']}, {words(record)}",
            "url": record["URL"],
        }


@pytest.mark.django_db
def test_rispy_reads_every_field_back():
    known = records()
    found = rispy.loads("\r\n".join(map(citations.ris, known)))
    for entry, record in zip(found, known, strict=True):
        year, month, day = record["issued"]["date-parts"][0]
        assert entry == {
            "type_of_reference": "RPRT",
            "id": record["id"],
            "authors": [author["literal"] for author in record["author"]],
            "title": record["title"],
            "year": str(year),
            "date": f"{year}/{month:02}/{day:02}/",
            "type_of_work": "Recommendation",
            "issn": record["number"],  # SN: of a report its number
            "abstract": record["abstract"],
            "keywords": record["keyword"].split("; "),
            "notes": [f"Version {record['version']}, {words(record)}"],
            "language": record["language"],
            "urls": [record["URL"]],
        }


def words(record) -> str:
    numbers = record["custom"]["paragraphs"]
    return f"paragraphs {numbers[0]} and {numbers[1]}" if numbers[1:] else f"paragraph {numbers[0]}"


# --- citeproc --------------------------------------------------------------


def rendered() -> list[dict]:
    """Return what citeproc made of stored records; tests/trials/citeproc.mjs says how to make it
    again.
    """
    return json.loads((settings.BASE_DIR / "tests" / "trials" / "citeproc.json").read_text())


def html(reference: citations.Reference) -> str:
    return "".join(
        f"<i>{piece.text}</i>" if piece.is_italic else piece.text for piece in reference.pieces
    )


@pytest.mark.parametrize("case", rendered(), ids=lambda case: case["record"]["id"])
def test_we_print_what_citeproc_makes_of_our_record(case):
    assert html(citations.apa(case["record"])) == case["apa"]
    assert html(citations.chicago(case["record"])) == case["chicago-notes-bibliography"]


@pytest.mark.django_db
def test_the_stored_records_are_the_ones_we_give_away():
    stored = {case["record"]["id"]: case["record"] for case in rendered()}
    ours = {record["id"]: record for record in records()[:-1]}
    assert {code: stored[code] for code in ours} == ours
