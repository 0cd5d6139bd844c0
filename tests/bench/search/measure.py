"""Measures how well searches that a reader would type find what they should: nDCG@5 and dead ends.

.venv/bin/python tests/bench/search/measure.py [FILE] [--misses]

A line of the file is "words | numbers of PARIS-2025, best first", or "-" for none. A fresh database
holds the fixture alone.
"""

import argparse
import math
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2]))
DEPTH = 5


def read(path: Path) -> list[tuple[str, list[str]]]:
    """Return each query with the codes that should come first."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    pairs = [[part.strip() for part in line.rsplit("|", 1)] for line in lines]
    return [
        (words, [f"PARIS-2025-{number}" for number in wanted.split() if number != "-"])
        for words, wanted in pairs
    ]


def ndcg(found: list[str], wanted: list[str]) -> float:
    """Return nDCG@5: entries that should be found gain 1, each discounted by its place."""
    gains = (1 / math.log2(place + 2) for place, code in enumerate(found) if code in wanted)
    ideal = sum(1 / math.log2(place + 2) for place in range(min(len(wanted), DEPTH)))
    return sum(gains) / ideal


def main() -> None:
    """Print the figures and, if asked, the queries below 1."""
    parser = argparse.ArgumentParser(description="Measure the search.")
    parser.add_argument("file", nargs="?", type=Path, default=HERE / "queries.txt")
    parser.add_argument("--misses", action="store_true", help="list the queries below 1")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "SECRET_KEY": "bench", "DATABASE_URL": ""}
        os.environ["DJANGO_SETTINGS_MODULE"] = "tech7kb.settings"
        import_module("django").setup()
        call = import_module("django.core.management").call_command
        call("migrate", verbosity=0)
        call("loaddeclaration", str(HERE.parents[2] / "fixtures" / "paris-2025"), verbosity=0)
        report(read(options.file), options.misses)


def report(queries: list[tuple[str, list[str]]], misses: bool) -> None:
    """Search for each query as the page does, and print how well it went."""
    scores, empty, dead = [], [], []
    for words, wanted in queries:
        found, leads = searched(words)
        if wanted:
            scores.append((ndcg(found, wanted), words, found))
        if not found:
            empty.append(words)
        if not found and not leads:
            dead.append(words)
    mean = sum(score for score, _words, _found in scores) / len(scores)
    print(f"{len(queries)} queries, {len(scores)} with entries to find: nDCG@5 {mean:.3f}")
    print(f"no entry: {len(empty)} ({len(empty) / len(queries):.0%}); dead ends: {len(dead)}")
    if misses:
        for score, words, found in sorted(scores):
            if score < 0.999:
                print(f"{score:.2f} {words}: {' '.join(each.rpartition('-')[2] for each in found)}")
        print("no entry:", "; ".join(empty))
        print("dead ends:", "; ".join(dead))


def searched(words: str) -> tuple[list[str], bool]:
    """Return the codes of the first results, and whether an empty page leads on."""
    query = import_module("django.http").QueryDict(mutable=True)
    query["q"] = words
    chosen = import_module("recommendations.search.selection").read_selection(query)
    if chosen.exact_match:
        return [chosen.exact_match.strip("/")], True
    helps = chosen.partial_matches or chosen.respelled[0] or chosen.in_declarations
    return chosen.codes[:DEPTH], bool(helps)


if __name__ == "__main__":
    main()
