"""Fits the weights of the features to dev and the fixture, by logistic regression.

.venv/bin/python tests/bench/extraction/fit.py            # writes languages/english_weights.py
.venv/bin/python tests/bench/extraction/fit.py --cross    # tells how well two authors predict the
third; writes nothing
"""

import argparse
import math
import sys
import textwrap
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from bench.extraction.marks import FIXTURE, ROOT, covered, read_part

from recommendations.ingest.detect.detector import read
from recommendations.ingest.detect.languages import LANGUAGES

TARGET = ROOT / "recommendations" / "ingest" / "detect" / "languages" / "english_weights.py"
HEAD = '''"""Weights of the English features, written by `tests/bench/extraction/fit.py`."""

from .language import weights_of

WEIGHTS = weights_of("""
{}
""")
'''
RIDGE = 2.0  # how strongly weights are kept near 0
ROUNDS = 12  # of Newton's method; it has settled by then
LEAST = 3  # texts in which a feature must occur
FIXTURE_COUNTS = 6.0  # what a sentence of the fixture counts, whose quotes must come out
LEANING = 0.4  # added to every score: F1 is best a little below even odds
AUTHORS = {
    "2": "second",
    "3": "third",
}  # by the first of three figures in the name; two figures are the first's


@dataclass(frozen=True)
class Row:
    """A sentence: who wrote it, in which text, its features, and whether it is marked."""

    author: str
    name: str
    features: dict[str, float]
    marked: bool
    counts: float


def author_of(name: str) -> str:
    number = name.rpartition("-")[2]
    return AUTHORS[number[0]] if len(number) == 3 else "first"


def rows() -> list[Row]:
    """Return the sentences of dev and of the fixture."""
    found = []
    for sample in read_part("dev"):
        spans = [(each.start, each.end) for each in sample.passages]
        found += rows_of(author_of(sample.name), sample.name, sample.text, spans)
    text = FIXTURE.with_suffix(".txt").read_text()
    quotes = [
        q for each in tomllib.loads(FIXTURE.read_text())["recommendations"] for q in each["quotes"]
    ]
    spans = [(text.index(quote), text.index(quote) + len(quote)) for quote in quotes]
    return found + rows_of("fixture", "fixture", text, spans)


def rows_of(author: str, name: str, text: str, spans: list[tuple[int, int]]) -> list[Row]:
    """Return the sentences of a text."""
    counts = FIXTURE_COUNTS if author == "fixture" else 1.0
    return [
        Row(
            author,
            name,
            {feature: amount for feature, (amount, _) in each.features.items()},
            covered((each.sentence.start, each.sentence.end), spans),
            counts,
        )
        for each in read(text, LANGUAGES["en"])
    ]


def common_features(data: list[Row]) -> list[str]:
    texts = defaultdict(set)
    for row in data:
        for feature in row.features:
            texts[feature].add(row.name)
    return sorted(feature for feature, names in texts.items() if len(names) >= LEAST)


def fit(data: list[Row]) -> dict[str, float]:
    """Return the weights that maximise the penalised likelihood, by Newton's method."""
    names = ["text: any", *common_features(data)]
    place = {name: at for at, name in enumerate(names)}
    given = [
        [(0, 1.0)] + [(place[s], v) for s, v in row.features.items() if s in place] for row in data
    ]
    weights = [0.0] * len(names)
    for _ in range(ROUNDS):
        step = solve(*slopes(data, given, weights))
        weights = [weight - change for weight, change in zip(weights, step, strict=True)]
    weights[0] += LEANING
    return dict(zip(names, weights, strict=True))


def slopes(
    data: list[Row], given: list, weights: list[float]
) -> tuple[list[list[float]], list[float]]:
    """Return the second and first derivatives of the penalised loss."""
    size = len(weights)
    ridge = [0.01] + [RIDGE] * (size - 1)
    second = [[ridge[i] if i == j else 0.0 for j in range(size)] for i in range(size)]
    first = [ridge[i] * weights[i] for i in range(size)]
    for row, features in zip(data, given, strict=True):
        chance = 1 / (1 + math.exp(-sum(weights[at] * amount for at, amount in features)))
        for i, amount in features:
            first[i] += row.counts * (chance - row.marked) * amount
            spread = row.counts * chance * (1 - chance) * amount
            for j, other in features:
                second[i][j] += spread * other
    return second, first


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve a positive definite system of linear equations by elimination."""
    size = len(right)
    lines = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for at, line in enumerate(lines):
        for below in lines[at + 1 :]:
            if below[at]:
                factor = below[at] / line[at]
                below[at:] = [b - factor * a for a, b in zip(line[at:], below[at:], strict=True)]
    found = [0.0] * size
    for at in reversed(range(size)):
        known = sum(lines[at][j] * found[j] for j in range(at + 1, size))
        found[at] = (lines[at][size] - known) / lines[at][at]
    return found


def f1(weights: dict[str, float], data: list[Row]) -> float:
    pairs = [
        (
            weights["text: any"] + sum(weights.get(s, 0.0) * v for s, v in row.features.items())
            > 0,
            row.marked,
        )
        for row in data
    ]
    return 2 * sum(a and b for a, b in pairs) / sum(a + b for a, b in pairs)


def written(weights: dict[str, float]) -> str:
    """Return the module that holds the weights, one line a kind of feature."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for name, weight in weights.items():
        kind, _, feature = name.partition(": ")
        if round(weight, 2):
            kinds[kind].append(f"{feature} {weight:.2f}")
    entries = (
        textwrap.fill(
            f"{kind}: {'; '.join(each)}", 98, subsequent_indent="    ", break_on_hyphens=False
        )
        for kind, each in sorted(kinds.items())
    )
    return HEAD.format("\n".join(entries))


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the weights of the features.")
    parser.add_argument("--cross", action="store_true")
    data = rows()
    if not parser.parse_args().cross:
        TARGET.write_text(written(fit(data)))
        return
    for left_out in ("first", "second", "third"):
        weights = fit([row for row in data if row.author != left_out])
        print(f"{left_out:8}{f1(weights, [row for row in data if row.author == left_out]):6.3f}")


if __name__ == "__main__":
    main()
