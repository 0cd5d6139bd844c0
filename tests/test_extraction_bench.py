"""The benchmark of the proposer is sound: its marks can be read, its counts are large enough, its
sums are right.
"""

from types import SimpleNamespace

import pytest
from bench.extraction.marks import (
    PARTS,
    Sample,
    covered,
    read_part,
    read_themes,
    split_sentences,
    unmark,
)
from bench.extraction.measure import score_sample

SAMPLES = [sample for part in PARTS for sample in read_part(part)]
every_sample = pytest.mark.parametrize(
    "sample", SAMPLES, ids=lambda sample: f"{sample.part}/{sample.name}"
)


def spans(sample: Sample) -> list[tuple[int, int]]:
    return [(passage.start, passage.end) for passage in sample.passages]


@every_sample
def test_no_sign_of_a_mark_is_left_in_the_text(sample):
    assert not set("⟦⟧{}") & set(sample.text)


@every_sample
def test_a_passage_starts_and_ends_where_sentences_do(sample):
    starts, ends = zip(*split_sentences(sample.text), strict=True)
    astray = [sample.text[a:b] for a, b in spans(sample) if a not in starts or b not in ends]
    assert astray == []


@every_sample
def test_themes_are_in_the_vocabulary_of_the_text(sample):
    used = {theme for passage in sample.passages for theme in passage.themes}
    assert used <= {theme.slug for theme in read_themes(sample.vocabulary)}


@every_sample
def test_only_the_style_none_has_no_recommendation(sample):
    assert (sample.passages == ()) == (sample.style == "none")


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_large_and_varied(part):
    samples = [sample for sample in SAMPLES if sample.part == part]
    marked = [each for s in samples for each in split_sentences(s.text) if covered(each, spans(s))]
    assert len(samples) >= 20
    assert len(marked) >= 220
    assert len({sample.style for sample in samples}) >= 8
    assert sum(sample.style == "none" for sample in samples) >= 3
    assert sum(bool(sample.vocabulary) for sample in samples) >= 5


def test_the_parts_share_no_marked_sentence():
    dev, held_out = (
        {s.text[a:b] for s in SAMPLES if s.part == part for a, b in spans(s)} for part in PARTS
    )
    assert dev & held_out == set()


@pytest.mark.parametrize(
    "broken", ["⟦Open.", "Closed.⟧{}", "⟦One ⟦two.⟧{}⟧{}", "⟦No braces.⟧", "⟦Odd.⟧{Skills}"]
)
def test_a_broken_mark_is_refused(broken):
    with pytest.raises(ValueError, match="mark"):
        unmark(broken)


def test_abbreviations_decimals_and_signs_end_no_sentence():
    text = (
        "12. The U.S. spends 4.2 per cent, e.g. on No. 5 (Lind et al. 2024). “We must,” she "
        "said.\n  • Act now."
    )
    assert [text[start:end] for start, end in split_sentences(text)] == [
        "The U.S. spends 4.2 per cent, e.g. on No. 5 (Lind et al. 2024).",
        "“We must,” she said.",
        "Act now.",
    ]


def proposer(*phrases: str, themes: list[str]) -> SimpleNamespace:
    """Return a stand-in that proposes given words wherever they occur, always with the
    same themes.
    """

    def propose(text, language="en"):
        found = [(text.find(words), len(words)) for words in phrases]
        return [SimpleNamespace(start=at, end=at + length, cue="", why="") for at, length in found]

    labels = SimpleNamespace(themes=themes)
    return SimpleNamespace(
        propose=propose,
        label=lambda *_: labels,
        Concept=SimpleNamespace,
        Vocabulary=SimpleNamespace,
    )


def test_the_figures_are_those_counted_by_hand():
    text, passages = unmark(
        "Rain fell. ⟦Fund schools.⟧{skills} ⟦Fund roads. This needs tar.⟧{} Sun shone. Birds sang."
    )
    score, lines = score_sample(
        Sample("dev", "prose-00", "", text, passages),
        proposer("Fund schools", "Sun shone.", themes=["smes"]),
    )
    by_sentence, exact, found = score.sentences, score.exact, score.themes_found
    assert (by_sentence.right, by_sentence.wrong, by_sentence.missed) == (1, 1, 2)
    assert (exact.right, exact.wrong, exact.missed) == (1, 1, 1)
    assert (found.right, found.wrong, found.missed) == (0, 1, 1)
    assert lines[:2] == ["dev/prose-00 missed: Fund roads.", "dev/prose-00 missed: This needs tar."]
