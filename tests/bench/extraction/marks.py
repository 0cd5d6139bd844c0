"""Reads the benchmark's texts: their words, the passages marked in them, their vocabularies and
their sentences.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
FIXTURE = ROOT / "fixtures" / "paris-2025" / "declaration.toml"
PARTS = ("dev", "held_out")
NOTICE = "# Sample text written for this benchmark."

MARK = re.compile(r"⟦|⟧\{([a-z0-9, -]*)\}|⟧")
NEUTRAL = re.compile("[⟪⟫]")
LEAD = re.compile(r"\s*(?:(?:[•◦–-]|§ \d+|\(?(?:\d+|[a-z]|[A-Z]|[ivx]+|[IVX]+)[.)])\s+)*")
STOP = re.compile(r"[.!?…][\"”’)\]]*\s+(?=[\"“‘(\[]*[A-Z0-9])")
ABBREVIATED = re.compile(
    r"\b(?:(?:e\.g|i\.e|a\.m|p\.m|U\.S|U\.K|et al|cf|vs|incl|approx|Dr|Mr|Ms|Mrs|Prof|Para)\.\s+\S"
    r"|(?:No|no|Art|Fig|Sec|p|pp|para|Ref)\.\s+\d)$"
)

Span = tuple[int, int]


@dataclass(frozen=True)
class Passage:
    """Words that should be proposed as one recommendation, and the themes an editor would
    give it.
    """

    start: int
    end: int
    themes: frozenset[str]


@dataclass(frozen=True)
class Sample:
    """One text of the benchmark; `vocabulary` is the name of a file, or empty for the fixture's own
    themes.
    """

    part: str
    name: str
    vocabulary: str
    text: str
    passages: tuple[Passage, ...]
    language: str = "en"
    neutral: tuple[Span, ...] = ()  # what may be proposed or not, and counts neither way

    @property
    def style(self) -> str:
        return self.name.rpartition("-")[0]


@dataclass(frozen=True)
class Theme:
    slug: str
    labels: tuple[str, ...]
    definition: str
    signals: tuple[str, ...]


def unmark(marked: str) -> tuple[str, tuple[Passage, ...]]:
    """Take the marks out of a text; raise ValueError where one is not closed, not opened or without
    braces.
    """
    text, passages, opened, read = "", [], None, 0
    for mark in MARK.finditer(marked):
        text += marked[read : mark.start()]
        read = mark.end()
        if (mark[0] == "⟦") != (opened is None) or mark[0] == "⟧":
            raise ValueError(
                f"mark out of place near {marked[max(0, mark.start() - 40) : read + 20]!r}"
            )
        if mark[0] == "⟦":
            opened = len(text)
        else:
            themes = frozenset(slug.strip() for slug in mark[1].split(",") if slug.strip())
            passages.append(Passage(opened, len(text), themes))
            opened = None
    if opened is not None:
        raise ValueError(f"mark never closed: {text[opened : opened + 40]!r}")
    return text + marked[read:], tuple(passages)


def read_sample(path: Path) -> Sample:
    head, _, marked = path.read_text(encoding="utf-8").partition("\n\n")
    notice, *more = head.splitlines()
    if not notice.startswith(NOTICE):
        raise ValueError(f"{path.name} does not say that it is sample text")
    vocabulary = "".join(line.removeprefix("# vocabulary: ") for line in more)
    text, passages = unmark(marked)
    return Sample(path.parent.name, path.stem, vocabulary, text, passages)


def read_stranger(path: Path) -> Sample:
    """Read a marked text from elsewhere: a head of `# lang:` and others, and ⟪ ⟫ for neutral words."""
    head, _, marked = path.read_text(encoding="utf-8").partition("\n\n")
    language = "".join(re.findall(r"^# lang: *(\S+)", head, re.MULTILINE)) or "en"
    with_neutral, _passages = unmark(marked)
    text, passages = unmark(NEUTRAL.sub("", marked))
    at = [found.start() - place for place, found in enumerate(NEUTRAL.finditer(with_neutral))]
    neutral = tuple(zip(at[::2], at[1::2], strict=True))
    return Sample(path.parent.name, path.stem, "", text, passages, language, neutral)


def read_folder(folder: Path) -> list[Sample]:
    """Read every marked text of a folder, but for its README."""
    return [read_stranger(path) for path in sorted(folder.glob("*.txt"))]


def read_part(part: str) -> list[Sample]:
    return [read_sample(path) for path in sorted((HERE / part).glob("*.txt"))]


@cache
def read_themes(vocabulary: str) -> tuple[Theme, ...]:
    path = HERE / "vocabularies" / vocabulary if vocabulary else FIXTURE
    themes = tomllib.loads(path.read_text(encoding="utf-8"))["themes"]
    return tuple(
        Theme(
            t["slug"],
            (t["label"], *t["alternatives"]),
            t["definition"],
            tuple(t.get("signals", ())),
        )
        for t in themes
    )


def split_sentences(text: str) -> list[Span]:
    """Return the sentences line by line, without the bullets and numbers before them; a heading is
    one too.
    """
    spans = []
    for line in re.finditer(r"[^\n]+", text):
        start = line.start() + LEAD.match(line[0]).end()
        for stop in STOP.finditer(text, start, line.end()):
            if not ABBREVIATED.search(text[start : stop.end() + 1]):
                spans.append((start, stop.start() + len(stop[0].rstrip())))
                start = stop.end()
        spans.append((start, line.end()))
    return [(start, end) for start, end in spans if text[start:end].strip()]


def covered(sentence: Span, spans: list[Span]) -> bool:
    """Say whether more than half of a sentence lies in the spans, which may overlap each other."""
    inside = {
        at for start, end in spans for at in range(max(start, sentence[0]), min(end, sentence[1]))
    }
    return len(inside) * 2 > sentence[1] - sentence[0]
