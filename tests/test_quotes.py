"""Quotes are found exactly or not at all, and texts are cut without losing a code point."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.text import minimap, positions
from recommendations.text.positions import Passage, QuoteAmbiguous, QuoteNotFound

TEXT = (
    "Sample opening.\n\n  • We call for bread. We call for roses.\n  • We call for bread and "
    "jam.\nSample end."
)


def test_a_quote_that_occurs_once_is_found():
    assert positions.locate(TEXT, "We call for roses.") == (40, 58)
    assert TEXT[40:58] == "We call for roses."


def test_a_quote_that_is_absent_names_the_nearest_passage():
    with pytest.raises(QuoteNotFound) as caught:
        positions.locate(TEXT, "We call for noses.")
    assert caught.value.nearest == "We call for roses."
    assert "The nearest passage is: “We call for roses.”" in str(caught.value)


def test_a_quote_that_occurs_twice_names_the_places():
    with pytest.raises(QuoteAmbiguous) as caught:
        positions.locate(TEXT, "We call for bread")
    assert caught.value.places == [21, 63]
    assert "offset 21" in str(caught.value)


def test_overlapping_occurrences_count():
    with pytest.raises(QuoteAmbiguous):
        positions.locate("aaa", "aa")


@pytest.mark.parametrize(
    "quote",
    ["we call for roses.", "We call for  roses.", "We call for roses!", "", "We call\nfor roses."],
)
def test_nothing_is_matched_fuzzily(quote):
    with pytest.raises(QuoteNotFound):
        positions.locate(TEXT, quote)


def test_look_alikes_and_normal_forms_differ():
    with pytest.raises(QuoteNotFound):
        positions.locate("caf\u00e9", "cafe\u0301")
    with pytest.raises(QuoteNotFound):
        positions.locate("TECH7", "TE\u0421H7")


def test_paragraphs_are_the_lines_with_their_leads():
    found = positions.paragraphs(TEXT)
    assert [(p.number, p.lead, TEXT[p.start : p.end]) for p in found] == [
        (1, "", "Sample opening."),
        (2, "  • ", "We call for bread. We call for roses."),
        (3, "  • ", "We call for bread and jam."),
        (4, "", "Sample end."),
    ]
    assert positions.paragraph_at(TEXT, 40) == 2


def test_overlapping_and_adjacent_passages_become_runs():
    passages = [Passage(0, 6, "1"), Passage(4, 10, "2"), Passage(10, 12, "3")]
    found = positions.runs("abcdefghijklmn", 0, 14, passages)
    assert [("".join(p.text for p in run.fragments), run.labels, run.opens) for run in found] == [
        ("abcd", ("1",), ("1",)),
        ("ef", ("1", "2"), ("2",)),
        ("ghij", ("2",), ()),
        ("kl", ("3",), ("3",)),
        ("mn", (), ()),
    ]


def test_footnote_signs_are_pieces_of_their_own():
    found = positions.fragments("the TECH71 (sample)", 0, 19, [(9, 10)])
    assert [(piece.text, piece.is_note_marker) for piece in found] == [
        ("the TECH7", False),
        ("1", True),
        (" (sample)", False),
    ]


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6)


@given(st.text(min_size=1, max_size=60), spans, spans)
def test_cutting_never_loses_or_doubles_a_code_point(text, passages, signs):
    end = len(text)
    marked = [
        Passage(min(a, end), min(a + n, end), str(i))
        for i, (a, n) in enumerate(passages)
        if a < end
    ]
    found = positions.runs(
        text, 0, end, marked, [(a, min(a + n, end)) for a, n in signs if a < end]
    )
    assert "".join(piece.text for run in found for piece in run.fragments) == text


@given(st.text(max_size=200), st.data())
def test_every_slice_is_found_where_it_stands_or_named_ambiguous(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = text[start:end]
    occurrences = [at for at in range(len(text)) if quote and text.startswith(quote, at)]
    if len(occurrences) == 1:
        assert positions.locate(text, quote) == (start, end)
        return
    with pytest.raises(QuoteAmbiguous if occurrences else QuoteNotFound) as caught:
        positions.locate(text, quote)
    assert getattr(caught.value, "places", []) == occurrences


@given(st.text(max_size=400))
def test_the_picture_draws_every_text(text):
    picture = minimap.draw(text, [Passage(0, len(text), "1")])
    assert picture.width == 222
    assert picture.height >= minimap.LEADING


def test_the_picture_breaks_lines_at_spaces_and_highlights_the_passage():
    text = "word " * 30 + "ask here."
    picture = minimap.draw(text, [Passage(text.index("ask"), len(text), "PARIS-2025-1")])
    assert picture.path == "M0 0.5h222M0 7.5h222M0 14.5h27"
    assert [(h.label, h.path, h.y) for h in picture.highlights] == [
        ("PARIS-2025-1", "M0 14.5h27", 14)
    ]
