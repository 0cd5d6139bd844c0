"""What changed between two texts, and between two versions of an entry. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

PARAGRAPH = re.compile(r"[^\n]+\n*|\n+")
# A word keeps the space behind it. In scripts without spaces each character is a word.
WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+[^\S\n]*|\n+|[^\S\n]+"
)
# pairs of equal words to weigh; texts that have more are shown as replaced as a whole
MOST = 3_000_000


class Kind(StrEnum):
    """What happened to a stretch of words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    OMITTED = "omitted"  # the same, and left out of a shortened comparison


@dataclass(frozen=True)
class Stretch:
    """Words that the old text, the new one or both hold."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Part:
    """One part of two snapshots compared."""

    name: str
    stretches: tuple[Stretch, ...]
    is_list: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether the two differ."""
        return any(stretch.kind is not Kind.SAME for stretch in self.stretches)


@dataclass(frozen=True)
class Comparison:
    """Two snapshots compared: the editors' changes, a correction of the source, and its data."""

    entry: tuple[Part, ...]
    source: tuple[Part, ...]  # empty where both were taken from the same text
    data: tuple[Part, ...] = ()

    @property
    def is_entry_changed(self) -> bool:
        """Whether the editors' words or choices differ."""
        return any(part.is_changed for part in self.entry)

    @property
    def is_source_changed(self) -> bool:
        """Whether the source's text was corrected between the two."""
        return bool(self.source)

    @property
    def is_data_changed(self) -> bool:
        """Whether title, date, issuers or other data of the source differ."""
        return bool(self.data)


def compare(old: str, new: str) -> tuple[Stretch, ...]:
    """Compare two texts: paragraphs first, then the words of those that differ."""
    stretches = []
    for kind, before, after in _matched(PARAGRAPH.findall(old), PARAGRAPH.findall(new)):
        if kind is Kind.SAME:
            stretches.append(Stretch(kind, before))
        else:
            stretches += [each for pair in _paired(before, after) for each in _words(*pair)]
    return tuple(_joined(stretches))


def compare_lists(old: Sequence[str], new: Sequence[str]) -> tuple[Stretch, ...]:
    """Compare two lists in any order: the new one's items, then what was removed."""
    stays = [Stretch(Kind.SAME if each in old else Kind.ADDED, each) for each in new]
    return (*stays, *(Stretch(Kind.REMOVED, each) for each in old if each not in new))


def compare_snapshots(old: dict, new: dict) -> Comparison:
    """Compare two snapshots of an entry, the editors' part apart from the source's."""
    quotes = _quotes(old, new)
    entry = [
        Part("Title", compare(old["title"], new["title"])),
        Part("Summary", compare(old["summary"], new["summary"])),
        *(_list(name, old[key], new[key]) for name, key in LISTS.items()),
    ]
    data = tuple(each for each in _data(old["source"], new["source"]) if each.is_changed)
    if old["source"]["sha256"] == new["source"]["sha256"]:
        return Comparison((entry[0], quotes, *entry[1:]), (), data)
    return Comparison(tuple(entry), (quotes, _places(old, new)), data)


def shorten(stretches: Iterable[Stretch], keep: int = 120) -> tuple[Stretch, ...]:
    """Leave out what is far from every change, but for some characters around each."""
    short = []
    for stretch in stretches:
        if stretch.kind is not Kind.SAME or len(stretch.text) <= 3 * keep:
            short.append(stretch)
            continue
        text = stretch.text
        cuts = (
            (Kind.SAME, text[:keep]),
            (Kind.OMITTED, text[keep:-keep]),
            (Kind.SAME, text[-keep:]),
        )
        short += [Stretch(kind, words) for kind, words in cuts]
    return tuple(short)


LISTS = {
    "Themes": "themes",
    "Tags": "tags",
    "Addressed to": "addressees",
    "Works referred to": "works",
}


DATA = {
    "Declaration": "title",
    "Kind": "kind",
    "Issued on": "issued_on",
    "Occasion": "occasion",
    "Address of the original": "url",
    "Language": "language",
}


def _list(name: str, old: list, new: list) -> Part:
    """Compare lists of things that snapshots keep: a new name of the same thing is no change."""
    before, after = ({_key(each): _named(each) for each in kept} for kept in (old, new))
    stays = [
        Stretch(Kind.SAME if key in before else Kind.ADDED, named) for key, named in after.items()
    ]
    gone = [Stretch(Kind.REMOVED, named) for key, named in before.items() if key not in after]
    return Part(name, (*stays, *gone), is_list=True)


def _key(kept: list[str] | dict) -> tuple:
    return (kept["code"], kept["note"]) if isinstance(kept, dict) else (kept[0],)


def _named(kept: list[str] | dict) -> str:
    if isinstance(kept, dict):
        return f"{kept['title']} ({kept['note']})" if kept["note"] else kept["title"]
    return kept[1]


def _data(old: dict, new: dict) -> Iterable[Part]:
    """Compare the data of a source, as two snapshots keep them."""
    for name, key in DATA.items():
        yield Part(name, compare(old[key], new[key]))
    yield _list("Issued by", old["issuers"], new["issuers"])


def _quotes(old: dict, new: dict) -> Part:
    before, after = (
        "\n".join(passage["quote"] for passage in each["passages"]) for each in (old, new)
    )
    return Part("Words quoted", compare(before, after))


def _places(old: dict, new: dict) -> Part:
    before, after = ([_place(passage) for passage in each["passages"]] for each in (old, new))
    return Part("Their place", compare_lists(before, after), is_list=True)


def _place(passage: dict) -> str:
    return (
        f"paragraph {passage['paragraph']}, characters {passage['start'] + 1} to {passage['end']}"
    )


def _matched(old: list[str], new: list[str]) -> list[tuple[Kind, str, str]]:
    """Match two lists of tokens; what differs between two matches is joined."""
    first = _common(old, new)
    last = min(_common(old[::-1], new[::-1]), min(len(old), len(new)) - first)
    middle_old, middle_new = old[first : len(old) - last], new[first : len(new) - last]
    start, end = "".join(old[:first]), "".join(old[len(old) - last :])
    found = [(Kind.SAME, start, start)]
    for tag, a, b, c, d in _opcodes(middle_old, middle_new):
        kind = Kind.SAME if tag == "equal" else Kind.REMOVED
        found.append((kind, "".join(middle_old[a:b]), "".join(middle_new[c:d])))
    return [*found, (Kind.SAME, end, end)]


def _opcodes(old: list[str], new: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """Return difflib's steps, or a single replacement where they would take too long."""
    counts = Counter(new)
    if sum(counts[token] for token in old) > MOST:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _common(old: list[str], new: list[str]) -> int:
    """Count the tokens with which both begin."""
    for count, (before, after) in enumerate(zip(old, new, strict=False)):
        if before != after:
            return count
    return min(len(old), len(new))


def _paired(old: str, new: str) -> list[tuple[str, str]]:
    """Pair paragraphs that replaced each other; unequal numbers are compared together."""
    before, after = PARAGRAPH.findall(old), PARAGRAPH.findall(new)
    return list(zip(before, after, strict=True)) if len(before) == len(after) else [(old, new)]


def _words(old: str, new: str) -> Iterable[Stretch]:
    for kind, before, after in _matched(WORD.findall(old), WORD.findall(new)):
        if kind is Kind.SAME:
            yield Stretch(kind, before)
        else:
            yield from (Stretch(Kind.REMOVED, before), Stretch(Kind.ADDED, after))


def _joined(stretches: Iterable[Stretch]) -> Iterable[Stretch]:
    """Join neighbours of a kind, and drop what is empty."""
    for kind, group in groupby(
        (each for each in stretches if each.text), key=lambda each: each.kind
    ):
        yield Stretch(kind, "".join(each.text for each in group))
