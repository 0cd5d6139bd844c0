"""Citing a recommendation: one record, and every form exactly as printed. No database."""

import json
from datetime import date
from types import SimpleNamespace as Fake

import pytest

from recommendations.formats import citations
from recommendations.formats.citations import Piece

LINK = "https://tech7.example/PARIS-2025-4"
HOSTILE = "AI & 100% of {all}} $5 #1 a_b ~x ^y \\end\r\nER  - \r\nTY  - JOUR\u2028é “ü” 日本語\x00"


def several(*things) -> Fake:
    """Stand in for a related manager."""
    return Fake(all=lambda: list(things))


def entry(
    *,
    paragraphs=(7,),
    names=("TECH7",),
    title="TECH7’s key recommendations for the Paris AI Action Summit",
    **more,
):
    """Stand in for a recommendation and its declaration."""
    source = {
        "title": title,
        "issued_on": date(2025, 2, 7),
        "issuers": several(*(Fake(name=name) for name in names)),
        "kind": "declaration",
        "occasion": "AI Action Summit, Paris",
        "language": "en",
    }
    return Fake(
        code="PARIS-2025-4",
        quote=more.pop("quote", "We call for prioritising digital fluency."),
        passages=[Fake(paragraph=paragraph) for paragraph in paragraphs],
        themes=several(Fake(label="Skills & workforce")),
        tags=several(Fake(name="Reskilling"), Fake(name="Education")),
        source=Fake(**(source | more)),
    )


def record(version: int | None = 2, **fields) -> citations.Record:
    return citations.csl(entry(**fields), LINK, version)


def test_the_record_says_what_the_data_say_and_is_pinned_to_its_version():
    assert record() == {
        "type": "report",
        "id": "PARIS-2025-4",
        "title": "TECH7’s key recommendations for the Paris AI Action Summit",
        "author": [{"literal": "TECH7"}],
        "issued": {"date-parts": [[2025, 2, 7]]},
        "genre": "Recommendation",
        "number": "PARIS-2025-4",
        "version": "2",
        "locator": "para. 7",
        "abstract": "We call for prioritising digital fluency.",
        "keyword": "Skills & workforce; Education; Reskilling",
        "language": "en",
        "URL": "https://tech7.example/PARIS-2025-4/v/2",
        "custom": {"kind": "declaration", "occasion": "AI Action Summit, Paris", "paragraphs": [7]},
    }


def test_what_the_data_do_not_say_is_left_out():
    bare = record(None, names=(), paragraphs=(), occasion="", quote="")
    assert sorted(bare) == [
        "URL",
        "custom",
        "genre",
        "id",
        "issued",
        "keyword",
        "language",
        "number",
        "title",
        "type",
    ]
    assert bare["URL"] == LINK
    assert bare["custom"] == {"kind": "declaration"}


def test_every_form_comes_from_the_record_alone_even_after_a_journey_as_json():
    assert citations.forms(json.loads(json.dumps(record()))) == citations.forms(record())


def test_the_sentence_names_institution_title_date_paragraph_and_version():
    assert citations.sentence(record()) == (
        "TECH7, TECH7’s key recommendations for the Paris AI Action Summit, declaration of 7 "
        "February 2025, paragraph 7"
        " (recommendation PARIS-2025-4, version 2). https://tech7.example/PARIS-2025-4/v/2"
    )


def test_the_sentence_of_several_institutions_and_paragraphs():
    told = citations.sentence(
        record(None, names=("A", "B", "C"), paragraphs=(9, 6, 9), title="T", kind="other")
    )
    assert (
        told == "A, B and C, T, 7 February 2025, paragraphs 6 and 9 (recommendation PARIS-2025-4). "
        f"{LINK}"
    )


def test_apa_has_the_title_in_italics_and_the_year_alone():
    assert citations.apa(record()).pieces == (
        Piece("TECH7. (2025). "),
        Piece("TECH7’s key recommendations for the Paris AI Action Summit", is_italic=True),
        Piece(" (Recommendation PARIS-2025-4; Version 2). https://tech7.example/PARIS-2025-4/v/2"),
    )


@pytest.mark.parametrize(
    ("count", "who"),
    [
        (1, "N1. (2025)"),
        (2, "N1 & N2. (2025)"),
        (3, "N1, N2, & N3. (2025)"),
        (20, ", ".join(f"N{n}" for n in range(1, 20)) + ", & N20. (2025)"),
        (21, ", ".join(f"N{n}" for n in range(1, 20)) + ", … N21. (2025)"),
    ],
)
def test_apa_lists_institutions_as_its_manual_says(count, who):
    names = [f"N{n}" for n in range(1, count + 1)]
    assert str(citations.apa(record(names=names, title="T"))).startswith(who)


def test_apa_without_an_author_begins_with_the_title():
    told = str(citations.apa(record(None, names=(), title="T")))
    assert told == f"T (Recommendation PARIS-2025-4). (2025). {LINK}"


def test_chicago_has_the_title_in_italics_and_capitals():
    assert citations.chicago(record()).pieces == (
        Piece("TECH7. "),
        Piece("TECH7’s Key Recommendations for the Paris AI Action Summit", is_italic=True),
        Piece(
            ". Recommendation PARIS-2025-4. Version 2. 2025. "
            "https://tech7.example/PARIS-2025-4/v/2."
        ),
    )


@pytest.mark.parametrize(
    ("count", "who"),
    [
        (2, "N1 and N2. T"),
        (3, "N1, N2, and N3. T"),
        (6, "N1, N2, N3, N4, N5, and N6. T"),
        (7, "N1, N2, N3, et al. T"),
    ],
)
def test_chicago_lists_institutions_as_its_manual_says(count, who):
    names = [f"N{n}" for n in range(1, count + 1)]
    assert str(citations.chicago(record(names=names, title="T"))).startswith(who)


def test_no_stop_is_doubled():
    question = record(None, names=("Numeum e.V.",), title="Is it so?")
    assert (
        str(citations.chicago(question))
        == f"Numeum e.V. Is It So? Recommendation PARIS-2025-4. 2025. {LINK}."
    )
    assert (
        str(citations.apa(question))
        == f"Numeum e.V. (2025). Is it so? (Recommendation PARIS-2025-4). {LINK}"
    )


@pytest.mark.parametrize(
    ("title", "language", "shown"),
    [
        (
            "public-private work on state-of-the-art AI: the way over iPhones",
            "en",
            "Public-Private Work on State-of-the-Art AI: The Way over iPhones",
        ),
        ("éire’s ‘new’ plan, and what it is for", "en-GB", "Éire’s ‘New’ Plan, and What It Is For"),
        ("une déclaration pour le sommet", "fr", "une déclaration pour le sommet"),
    ],
)
def test_only_english_titles_get_capitals(title, language, shown):
    assert citations.headline(title, language) == shown


def test_bibtex_word_for_word():
    assert citations.bibtex(record()) == (
        "@techreport{PARIS-2025-4,\n"
        "  author      = {{TECH7}},\n"
        "  title       = {{TECH7’s key recommendations for the Paris AI Action Summit}},\n"
        "  institution = {{TECH7}},\n"
        "  type        = {Recommendation},\n"
        "  number      = {PARIS-2025-4},\n"
        "  year        = {2025},\n"
        "  month       = feb,\n"
        "  day         = {7},\n"
        "  note        = {Version 2, paragraph 7},\n"
        "  url         = {https://tech7.example/PARIS-2025-4/v/2}\n"
        "}\n"
    )


def test_bibtex_escapes_what_latex_would_act_on_and_keeps_its_braces_in_balance():
    lines = citations.bibtex(record(title=HOSTILE, names=("Bund & Länder", "A and B"))).splitlines()
    assert lines[1] == r"  author      = {{Bund \& Länder} and {A and B}},"
    assert lines[2] == (
        r"  title       = {{AI \& 100\% of \textbraceleft{}all\textbraceright{}\textbraceright{} \$5 \#1 a\_b "
        r"\textasciitilde{}x \textasciicircum{}y \textbackslash{}end ER - TY - JOUR é “ü” 日本語}},"
    )
    assert all(line.count("{") == line.count("}") for line in lines[1:-1])


def test_an_address_cannot_end_its_bibtex_field():
    hostile = citations.bibtex(
        citations.csl(entry(), "https://tech7.example/~a_b/x}\n@misc{", None)
    )
    assert "  url         = {https://tech7.example/~a_b/x%7D%0A@misc%7B}\n" in hostile


def test_ris_word_for_word():
    assert citations.ris(record()) == (
        "TY  - RPRT\r\n"
        "ID  - PARIS-2025-4\r\n"
        "AU  - TECH7\r\n"
        "TI  - TECH7’s key recommendations for the Paris AI Action Summit\r\n"
        "PY  - 2025\r\n"
        "DA  - 2025/02/07/\r\n"
        "M3  - Recommendation\r\n"
        "SN  - PARIS-2025-4\r\n"
        "AB  - We call for prioritising digital fluency.\r\n"
        "KW  - Skills & workforce\r\n"
        "KW  - Education\r\n"
        "KW  - Reskilling\r\n"
        "N1  - Version 2, paragraph 7\r\n"
        "LA  - en\r\n"
        "UR  - https://tech7.example/PARIS-2025-4/v/2\r\n"
        "ER  - \r\n"
    )


def test_no_value_can_begin_a_line_of_ris():
    whole = citations.ris(record(title=HOSTILE, names=(HOSTILE,), quote=HOSTILE, occasion=HOSTILE))
    tags = " ".join(line[:2] for line in whole.splitlines())
    assert tags == "TY ID AU TI PY DA M3 SN AB KW KW KW N1 LA UR ER"
    assert (
        "TI  - AI & 100% of {all}} $5 #1 a_b ~x ^y \\end ER - TY - JOUR é “ü” 日本語\r\n" in whole
    )


def test_a_comma_does_not_split_an_institution_in_ris():
    assert "AU  - Numeum Syntec and others\r\n" in citations.ris(
        record(names=("Numeum, Syntec and others",))
    )


def test_a_semicolon_does_not_split_a_keyword():
    hostile = entry()
    hostile.tags = several(Fake(name="one; two"))
    assert "KW  - one, two\r\n" in citations.ris(citations.csl(hostile, LINK, 2))
