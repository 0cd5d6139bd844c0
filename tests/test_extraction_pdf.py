"""What is read from a PDF: lines into paragraphs, columns in order, what repeats and
footnotes off.
"""

from datetime import date

import pytest
from extraction_samples import LEADING, locked_pdf, long_pdf, pdf, prose, scanned_pdf, wrapped

from recommendations.ingest.extract import Unreadable, compose
from recommendations.ingest.extract.readers import read

FULL = "every region of the seven countries, in towns and in the country, for the young and the"


def of(*pages, title=""):
    return read(pdf(list(pages), title), "sample.pdf")


def kept(document):
    return [(piece.kind, piece.text) for piece in document.pieces if piece.kept]


def off(document):
    return [(piece.page, piece.text, piece.reason) for piece in document.pieces if not piece.kept]


def lines(*words, x=72, y=700, size=11):
    return [(x, y - n * LEADING, size, each) for n, each in enumerate(words)]


def test_lines_become_paragraphs_at_gaps():
    first, second = wrapped(prose(1), 72, 700), wrapped(prose(2), 72, 600)
    assert kept(of(first + second)) == [("paragraph", prose(1)), ("paragraph", prose(2))]


def test_lines_become_paragraphs_at_indents():
    first, second = (
        wrapped(prose(1), 72, 700),
        wrapped(prose(2), 72, 700 - len(wrapped(prose(1), 72, 700)) * LEADING),
    )
    page = [(90, *first[0][1:]), *first[1:], (90, *second[0][1:]), *second[1:]]
    assert kept(of(page)) == [("paragraph", prose(1)), ("paragraph", prose(2))]


def test_a_word_parted_at_the_end_of_a_line_is_joined():
    page = lines(
        f"We call on the sample governments for co-\noperation in {FULL}".split("\n")[0],
        f"operation in {FULL} old.",
    )
    assert kept(of(page)) == [
        ("paragraph", f"We call on the sample governments for cooperation in {FULL} old.")
    ]


def test_a_compound_known_from_elsewhere_keeps_its_hyphen():
    page = lines(
        f"A public-private sample is good in {FULL} old, and a public-",
        f"private one is better in {FULL} old.",
    )
    assert kept(of(page)) == [
        (
            "paragraph",
            f"A public-private sample is good in {FULL} old, and a public-private one is better "
            f"in {FULL} old.",
        )
    ]


def test_a_compound_of_words_known_from_elsewhere_keeps_its_hyphen():
    page = lines(
        f"A public sample and a private one in {FULL} old, and a public-",
        f"private one in {FULL} old.",
    )
    assert "and a public-private one in every" in kept(of(page))[0][1]


def test_a_hyphen_before_a_capital_or_standing_for_a_word_is_kept():
    page = lines(
        "We call for good AI-",
        f"Systems in {FULL} old, for short-",
        f"and long-term aims in {FULL} old.",
    )
    assert kept(of(page)) == [
        (
            "paragraph",
            f"We call for good AI-Systems in {FULL} old, for short- and long-term aims in {FULL} "
            "old.",
        )
    ]


def running(number: int, total: int) -> list[tuple]:
    """Return a running head, a running foot and a page number."""
    return [
        (72, 805, 9, "Sample declaration of associations"),
        (72, 30, 9, f"Sample Association, edition {number}"),
        (500, 30, 9, f"Page {number} of {total}"),
    ]


def test_running_heads_feet_and_page_numbers_are_off():
    document = of(*(running(n, 4) + wrapped(prose(n), 72, 700) for n in range(1, 5)))
    assert kept(document) == [("paragraph", prose(n)) for n in range(1, 5)]
    assert off(document)[:2] == [
        (1, "Sample declaration of associations", "running head"),
        (1, "Sample Association, edition 1 Page 1 of 4", "running foot"),
    ]
    assert len(off(document)) == 8


def test_a_lone_number_at_the_foot_is_a_page_number_even_on_one_page():
    assert off(of([*wrapped(prose(1), 72, 700), (300, 30, 9, "7")])) == [(1, "7", "page number")]


def test_lines_of_the_body_that_differ_in_numbers_are_no_running_heads():
    pages = [wrapped(prose(n, 20), 72, 810) for n in range(1, 5)]
    assert kept(of(*pages)) == [("paragraph", prose(n, 20)) for n in range(1, 5)]


def test_a_paragraph_over_a_page_break_is_one_piece():
    words = wrapped(prose(1, 6), 72, 200)
    pages = [
        [*words[:3], *running(1, 2)],
        [(*line[:1], 900 - LEADING * n, *line[2:]) for n, line in enumerate(words[3:], 10)],
    ]
    document = of(pages[0], pages[1] + running(2, 2))
    assert kept(document) == [("paragraph", prose(1, 6))]


def test_two_columns_are_read_one_after_the_other():
    left, right = wrapped(prose(1, 4), 60, 650, 10, 40), wrapped(prose(2, 4), 320, 650, 10, 40)
    side_by_side = [line for pair in zip(left, right, strict=True) for line in pair]
    for page in (left + right, side_by_side):
        heading = (60, 700, 18, "A sample heading over the whole width of the page")
        assert kept(of([heading, *page, *wrapped(prose(3), 60, 300, 10, 95)])) == [
            ("paragraph", prose(1, 4)),
            ("paragraph", prose(2, 4)),
            ("paragraph", prose(3)),
        ]


def test_cells_of_a_table_stay_in_their_rows():
    rows = [
        cell
        for n in range(6)
        for cell in ((72, 600 - 20 * n, 11, f"Aim {n}"), (300, 600 - 20 * n, 11, f"203{n}"))
    ]
    document = of([*wrapped(prose(1), 72, 700), *rows, *wrapped(prose(2), 72, 400)])
    assert kept(document)[1:-1] == [("paragraph", f"Aim {n} 203{n}") for n in range(6)]


def test_headings_are_known_by_size_or_weight():
    page = [
        (72, 740, 15, "Skills for all"),
        *wrapped(prose(1), 72, 700),
        (72, 620, 11, "Standards", "bold"),
        *wrapped(prose(2), 72, 600),
    ]
    document = of([(72, 790, 22, "Sample declaration of associations"), *page])
    assert document.title == "Sample declaration of associations"
    assert [text for kind, text in kept(document) if kind == "heading"] == [
        "Skills for all",
        "Standards",
    ]


def test_weight_makes_no_heading_where_all_is_bold():
    page = [
        (*line, "bold")
        for line in [*wrapped(prose(1), 72, 700), (72, 620, 11, "An aim without a stop")]
    ]
    document = of([(72, 790, 22, "Sample declaration of associations", "bold"), *page])
    assert [kind for kind, _text in kept(document)] == ["paragraph", "paragraph"]


def test_points_and_numbers_are_pieces_of_their_own():
    page = wrapped(prose(1), 72, 700)
    for n, sign in enumerate(["•", "–", "o", "1.", "(b)"]):
        page += [
            (80, 600 - 30 * n, 11, sign),
            (100, 600 - 30 * n, 11, f"Sample point {n} in {FULL}"),
        ]
        page += [(100, 600 - 30 * n - LEADING, 11, "old of the land")]
    assert kept(of(page))[1:] == [
        *(
            ("bullet", f"Sample point {n} in {FULL} old of the land".replace("  ", " "))
            for n in range(3)
        ),
        ("numbered", f"1. Sample point 3 in {FULL} old of the land"),
        ("numbered", f"(b) Sample point 4 in {FULL} old of the land"),
    ]


def test_raised_signs_and_footnotes_are_found():
    page = [
        *wrapped(prose(1), 72, 700),
        (72, 600, 11, "We met in the sample town"),
        (202, 604, 6.5, "1"),
        (208, 600, 11, "and left it again."),
        (72, 90, 6, "1"),
        (77, 87, 8.5, "The sample town is made up, and so is"),
        (72, 76, 8.5, "everything else here."),
        (300, 30, 9, "1"),
    ]
    document = of(page)
    assert kept(document)[1:] == [("paragraph", "We met in the sample town1 and left it again.")]
    text, [[start, end]] = compose(document.pieces)
    assert text[start - 4 : end] == "town1"
    assert (1, "1 The sample town is made up, and so is everything else here.", "footnote") in off(
        document
    )


def test_title_date_and_language_are_proposed():
    document = of(
        [(72, 740, 11, "Ottawa, 12 May 2026"), *wrapped(prose(1), 72, 700)],
        title="Sample declaration",
    )
    assert (document.title, document.issued_on, document.language) == (
        "Sample declaration",
        date(2026, 5, 12),
        "en-GB",
    )
    assert of(wrapped(prose(1), 72, 700), title="Microsoft Word - sample.docx").title == ""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (scanned_pdf(), "pictures of text only"),
        (locked_pdf(), "locked with a password"),
        (b"%PDF-1.7 and nothing more", "damaged"),
        (pdf([wrapped(prose(1), 72, 700)])[:300], "damaged|pictures"),
        (pdf([[(300, 30, 9, "1")]]), "no text"),
        (pdf([[]] * 301), "more than 300 pages"),
    ],
)
def test_a_pdf_without_text_says_what_to_do(data, reason):
    with pytest.raises(Unreadable, match=reason):
        read(data, "sample.pdf")


def test_sixty_pages_are_read():
    document = read(long_pdf(60), "sample.pdf")
    assert len(kept(document)) == 240
    assert [piece.page for piece in document.pieces if piece.reason == "page number"] == list(
        range(1, 61)
    )
