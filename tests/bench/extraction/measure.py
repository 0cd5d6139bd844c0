"""Measures how well the proposer finds the recommendations of the benchmark's texts, and their
themes.

.venv/bin/python tests/bench/extraction/measure.py [FOLDER ...] [--part dev|held_out|all] [--misses]

Folders hold further marked texts, each measured for itself.
"""

import argparse
import re
import sys
from collections import defaultdict
from dataclasses import astuple, dataclass, field
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from bench.extraction.marks import (
    PARTS,
    Passage,
    Sample,
    covered,
    read_folder,
    read_part,
    read_themes,
    split_sentences,
)

COLUMNS = ("marked", "wrong", "P", "R", "F1", "exact", "thP", "thR", "thF1", "thF1*")


@dataclass
class Tally:
    """Counts of what was right, wrongly given and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, gold: set, given: set) -> None:
        self.right += len(gold & given)
        self.wrong += len(given - gold)
        self.missed += len(gold - given)

    @property
    def precision(self) -> float | None:
        return share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        return share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        return share(2 * self.right, 2 * self.right + self.wrong + self.missed)


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@dataclass
class Score:
    """The four measures: by sentence, by exact passage, themes of the passages found, themes of all
    passages.
    """

    sentences: Tally = field(default_factory=Tally)
    exact: Tally = field(default_factory=Tally)
    themes_found: Tally = field(default_factory=Tally)
    themes_all: Tally = field(default_factory=Tally)

    def __iadd__(self, other: "Score") -> "Score":
        for mine, theirs in zip(vars(self).values(), vars(other).values(), strict=True):
            mine.right, mine.wrong, mine.missed = map(
                sum, zip(astuple(mine), astuple(theirs), strict=True)
            )
        return self


def core(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out white space and a closing "; and", on which two careful readers may differ."""
    words = re.sub(r"(?:[\s;,.:]+(?:and|or)?)*$", "", text[start:end])
    return end - len(text[start:end].lstrip()), start + len(words)


def theme_pairs(sample: Sample, proposals: list, proposer) -> tuple[set, set, set]:
    """Return (passage, theme) pairs: marked in all, marked where a proposal overlaps, and given
    there.
    """
    themes = read_themes(sample.vocabulary)
    concepts = [
        proposer.Concept(
            key=t.slug, labels=list(t.labels), definition=t.definition, signals=t.signals
        )
        for t in themes
    ]
    vocabulary = proposer.Vocabulary(themes=concepts, tags=[], actors=[])
    marked, found, given = set(), set(), set()
    for passage in sample.passages:
        pairs = {(passage, theme) for theme in passage.themes}
        marked |= pairs
        best = max(proposals, key=lambda proposed: overlap(passage, proposed), default=None)
        if best and overlap(passage, best):
            found |= pairs
            given |= {
                (passage, theme)
                for theme in proposer.label(sample.text, best, vocabulary, sample.language).themes
            }
    return marked, found, given


def overlap(passage: Passage, proposed) -> int:
    return max(0, min(passage.end, proposed.end) - max(passage.start, proposed.start))


def score_sample(sample: Sample, proposer) -> tuple[Score, list[str]]:
    """Return the figures for one text, and a line for everything missed or wrongly given."""
    text, score = sample.text, Score()
    proposals = list(proposer.propose(text, sample.language))
    neutral = list(sample.neutral)
    sentences = [each for each in split_sentences(text) if not covered(each, neutral)]
    gold_spans = [(each.start, each.end) for each in sample.passages]
    given_spans = [(p.start, p.end) for p in proposals if not covered((p.start, p.end), neutral)]
    gold = {each for each in sentences if covered(each, gold_spans)}
    given = {each for each in sentences if covered(each, given_spans)}
    score.sentences.add(gold, given)
    score.exact.add(
        {core(text, *span) for span in gold_spans}, {core(text, *span) for span in given_spans}
    )
    marked, found, themes = theme_pairs(sample, proposals, proposer)
    score.themes_found.add(found, themes)
    score.themes_all.add(marked, themes)
    return score, misses(sample, gold, given, found, themes)


def misses(sample: Sample, gold: set, given: set, found: set, themes: set) -> list[str]:
    where, text = f"{sample.part}/{sample.name}", sample.text
    lines = [f"{where} missed: {text[start:end]}" for start, end in sorted(gold - given)]
    lines += [f"{where} wrong: {text[start:end]}" for start, end in sorted(given - gold)]
    for name, pairs in (("theme missed", found - themes), ("theme wrong", themes - found)):
        ordered = sorted(pairs, key=lambda pair: (pair[0].start, pair[1]))
        lines += [
            f"{where} {name}: {theme}: {text[each.start : each.end]}" for each, theme in ordered
        ]
    return lines


def score_samples(
    samples: list[Sample], proposer, group: str = "style"
) -> tuple[dict[str, Score], list[str]]:
    """Return the figures by style or name, with those of the whole as "all", and lines of misses."""
    grouped, lines = defaultdict(Score), []
    for sample in samples:
        score, missed = score_sample(sample, proposer)
        grouped[getattr(sample, group)] += score
        lines += missed
    whole = Score()
    for name in sorted(grouped):
        whole += grouped[name]
    return {**dict(sorted(grouped.items())), "all": whole}, lines


def cells(score: Score | None) -> str:
    if score is None:
        return " " * 6 * len(COLUMNS)
    by_sentence, themes = score.sentences, score.themes_found
    counts = f"{by_sentence.right + by_sentence.missed:6}{by_sentence.wrong:6}"
    figures = (by_sentence.precision, by_sentence.recall, by_sentence.f1, score.exact.f1)
    figures += (themes.precision, themes.recall, themes.f1, score.themes_all.f1)
    return counts + "".join("     –" if figure is None else f"{figure:6.2f}" for figure in figures)


def table(parts: dict[str, dict[str, Score]]) -> str:
    """Return one row for each style, the parts side by side."""
    styles = list(
        dict.fromkeys(style for scores in parts.values() for style in scores if style != "all")
    ) + ["all"]
    width = 6 * len(COLUMNS)
    rows = [" " * 30 + " |".join(f"{part:^{width}}" for part in parts)]
    rows.append(" " * 30 + " |".join("".join(f"{name:>6}" for name in COLUMNS) for _ in parts))
    rows += [
        f"{style[:30]:30}" + " |".join(cells(scores.get(style)) for scores in parts.values())
        for style in styles
    ]
    return "\n".join(rows)


def themeless(samples: list[Sample], proposer) -> Tally:
    """Count the passages that no theme fits: right where they were left without one."""
    tally = Tally()
    for sample in samples:
        _marked, _found, given = theme_pairs(
            sample, list(proposer.propose(sample.text, sample.language)), proposer
        )
        filed = {passage for passage, _theme in given}
        free = {passage for passage in sample.passages if not passage.themes}
        tally.right += len(free - filed)
        tally.missed += len(free & filed)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the proposer of recommendations.")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--part", choices=[*PARTS, "all"], default="all")
    parser.add_argument(
        "--misses",
        action="store_true",
        help="list the errors; those of held_out only if it is named",
    )
    options = parser.parse_args()
    proposer = import_module("recommendations.ingest.detect")
    for folder in options.folders:
        samples = read_folder(folder)
        scores, lines = score_samples(samples, proposer, "name")
        free = themeless(samples, proposer)
        print(table({folder.name: scores}))
        print(f"left without a theme where none fits: {free.right} of {free.right + free.missed}")
        if options.misses:
            print("", *lines, sep="\n")
    if options.folders:
        return
    parts = PARTS if options.part == "all" else [options.part]
    results = {part: score_samples(read_part(part), proposer) for part in parts}
    print(table({part: scores for part, (scores, _) in results.items()}))
    if options.misses:
        print("", *results["dev" if options.part == "all" else options.part][1], sep="\n")


if __name__ == "__main__":
    main()
