"""Sample folders of a declaration: one that says all that a folder can, in any order, with less, or
wrong.
"""

import copy
import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from .addresses import part
from .cycle import letters
from .server import ROOT

PARIS = ROOT / "fixtures" / "paris-2025"
FREE = (
    "organisations",
    "themes",
    "works",
    "recommendations",
    "tags",
    "issuers",
    "addressees",
)  # their order says nothing
SHORTENED = (
    "alternatives",
    "signals",
    "issuers",
    "contents",
    "note_signs",
    "quotes",
)  # lists that keep one thing less
LEFT_OUT = ("occasion", "url", "retrieved_on", "summary", "addressees", "refers_to")
MARKS = (
    "sample-x",
    "sample-n",
    "sample-a",
)  # what a folder adds of each kind, in no order that a list could be in

Order = Callable[[list], list]


def backwards(each: list) -> list:
    """Return a list from its end."""
    return each[::-1]


def at_random(chance: random.Random) -> Order:
    """Return what brings a list into any order."""
    return lambda each: chance.sample(each, len(each))


@dataclass
class Folder:
    """What a folder says, to be written in any order and with anything wrong."""

    text: str
    data: dict

    @classmethod
    def of(cls, number: int) -> "Folder":
        """Return a sample folder: that of Paris under another code, with things of its own, and
        every key there is.
        """
        paris = tomllib.loads((PARIS / "declaration.toml").read_text())
        data, name = copy.deepcopy(paris), letters(number)
        data |= {"code": f"IMPORT{name}-2025", "short_title": f"Sample import {name}"}
        own = [f"{mark}{number}" for mark in MARKS]
        data["organisations"] += [
            {"slug": slug, "name": f"Sample organisation {slug}"} for slug in own
        ]
        data["themes"] += [theme(slug, 90 + place // 2) for place, slug in enumerate(own)]
        data["works"] += [work(slug, data) for slug in own]
        data["works"].append(
            {
                key: paris[key]
                for key in part("editorial.bundle.read.WORK")
                | part("editorial.bundle.read.MAYBE_WORK")
            }
        )
        data["issuers"] += own[1:]
        use(data, own)
        return cls((PARIS / "declaration.txt").read_bytes().decode(), described(data))

    def write(self, folder: Path, order: Order | None = None) -> Path:
        """Write it, in another order where one is given."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "declaration.txt").write_bytes(self.text.encode())
        data = ordered(self.data, order) if order else self.data
        (folder / "declaration.toml").write_bytes(tomli_w.dumps(data).encode())
        return folder

    def leaner(self) -> "Folder":
        """Return it with less: each list is shorter, and what may be left out is; what was withdrawn
        stays as it is, since nothing changes it.
        """
        data = lean(self.data)
        pairs = zip(self.data["recommendations"], data["recommendations"], strict=True)
        data["recommendations"] = [each if "withdrawn" in each else less for each, less in pairs]
        return Folder(self.text, described(copy.deepcopy(data)))

    def shown(self) -> "Folder":
        """Return it with nothing withdrawn."""
        data = copy.deepcopy(self.data)
        for entry in data["recommendations"]:
            entry.pop("withdrawn", None)
        return Folder(self.text, data)

    def but_for(self, number: int) -> "Folder":
        """Return it without one entry, which is named only."""
        left = [each for each in self.data["recommendations"] if each["number"] == number]
        kept = [each for each in self.data["recommendations"] if each["number"] != number]
        told = [{"number": each["number"], "title": each["title"]} for each in left]
        return Folder(self.text, described(self.data | {"recommendations": kept, "left_out": told}))


def theme(slug: str, position: int) -> dict:
    """Describe a theme of one's own."""
    lists = {
        "alternatives": [f"Sample {slug}", f"Other {slug}"],
        "signals": [f"zig {slug}", f"zag {slug}"],
    }
    return {
        "slug": slug,
        "label": f"Label {slug}",
        "definition": "Sample.",
        "sign": "cross",
        "position": position,
    } | lists


def work(slug: str, data: dict) -> dict:
    """Describe a work of one's own."""
    said = {key: data[key] for key in ("title", "issued_on")} | {
        "issuers": ["tech7", slug],
        "language": "fr",
    }
    said |= {"code": f"{slug.upper()}-2024", "short_title": f"Sample work {slug}", "kind": "report"}
    return said | {"occasion": f"Sample {slug}", "url": f"https://example.org/{slug}"}


def use(data: dict, own: list[str]) -> None:
    """Let the entries name what is the folder's own, and be in every state."""
    first, second, _third, fourth, fifth, sixth, *_, last = data["recommendations"]
    for entry in (first, fourth, sixth, last):
        entry["themes"] += own
        entry["addressees"] += own
        entry["tags"] += [f"Tag {slug}" for slug in own]
        entry["refers_to"] = [
            {"source": f"{slug.upper()}-2024", "note": f"Note {slug}"} for slug in own
        ]
        entry["summary"] = f"Sample summary of {entry['title']}"
    fifth["quotes"] = [first["quotes"][0][:60], *fifth["quotes"]]
    second["withdrawn"] = {"reason": "Sample reason.", "replaced_by": first["number"]}
    last["withdrawn"] = {"reason": "Sample reason without another."}


def described(data: dict) -> dict:
    """Return data that describes nothing but what its entries, and the works of these, name."""
    entries = data["recommendations"]
    cited = {link["source"] for link in links(data)}
    works = [each for each in data["works"] if each["code"] in cited]
    filed = {slug for each in entries for slug in each["themes"]}
    themes = [each for each in data["themes"] if each["slug"] in filed]
    named = {
        slug
        for each in (*entries, *works, data)
        for key in ("addressees", "issuers")
        for slug in each.get(key, ())
    }
    return data | {
        "organisations": [each for each in data["organisations"] if each["slug"] in named],
        "themes": themes,
        "works": works,
    }


def lean(value: object, name: str = "") -> object:
    """Return data with less in it."""
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if key not in LEFT_OUT}
        return {key: lean(each, key) for key, each in kept.items()}
    if not isinstance(value, list) or not value:
        return value
    is_of_slugs = name in ("themes", "tags") and isinstance(value[0], str)
    each = value[:-1] if value[1:] and (is_of_slugs or name in SHORTENED) else value
    return [lean(one) for one in each]


def ordered(value: object, order: Order, name: str = "") -> object:
    """Return data with its keys, and the lists whose order says nothing, in another order."""
    if isinstance(value, dict):
        return {key: ordered(value[key], order, key) for key in order(list(value))}
    if isinstance(value, list):
        each = [ordered(one, order) for one in value]
        return order(each) if name in FREE else each
    return value


def settled(value: object) -> object:
    """Return data with every list whose order says nothing in one order, to compare it."""
    if isinstance(value, dict):
        return {
            key: sorted(map(repr, map(settled, each))) if key in FREE else settled(each)
            for key, each in sorted(value.items())
        }
    return [settled(each) for each in value] if isinstance(value, list) else value


def unsaid(data: dict) -> Iterator[str]:
    """Yield the keys of a folder that a sample has nothing for: what is not there cannot be seen to
    get lost.
    """
    for place, items, keys in (
        ("the declaration", [data], ("DECLARATION", "MAYBE_DECLARATION")),
        ("works", data["works"], ("WORK", "MAYBE_WORK")),
        ("organisations", data["organisations"], ("ORGANISATION",)),
        ("themes", data["themes"], ("THEME",)),
        ("recommendations", data["recommendations"], ("ENTRY", "MAYBE_ENTRY")),
        ("refers_to", links(data), ("LINK", "MAYBE_LINK")),
    ):
        known = {key for each in keys for key in part(f"editorial.bundle.read.{each}")}
        yield from (
            f"{key} of {place}" for key in sorted(known) if not any(item.get(key) for item in items)
        )


def links(data: dict) -> list[dict]:
    """Return the links to works of all entries."""
    return [link for entry in data["recommendations"] for link in entry.get("refers_to", [])]


# --- What can be wrong with a folder ---------------------------------------


def wrongs(chance: random.Random) -> dict[str, Callable[[Folder], object]]:
    """Return ways to make a folder wrong, by name."""

    def entry(place: int, /, **values) -> Callable[[Folder], object]:
        return lambda folder: folder.data["recommendations"][place].update(values)

    return {
        "a sign of a quote": lambda folder: other_quote(folder, chance),
        "a quote that stands twice": entry(2, quotes=["AI"]),
        "a word of the text": lambda folder: setattr(
            folder, "text", folder.text.replace("recommend", "recommend ", 1)
        ),
        "a footnote sign off by one": lambda folder: folder.data["note_signs"][0].update(
            start=1251
        ),
        "a theme that nobody describes": entry(3, themes=["zy-nothing"]),
        "an organisation that nobody describes": entry(3, addressees=["zy"]),
        "a work that nobody describes": entry(3, refers_to=[{"source": "ZY-2020"}]),
        "an unknown key": lambda folder: folder.data.update(sample=1),
        "a missing key": lambda folder: folder.data["recommendations"][-1].pop("title"),
        "a kind of value": entry(-1, number="1"),
        "no quote": entry(4, quotes=[]),
        "no entry to replace one": entry(1, withdrawn={"reason": "Sample.", "replaced_by": 99}),
        "a code": lambda folder: folder.data.update(code="import-2025"),
        "a date": lambda folder: folder.data.update(issued_on="2025-02-30"),
        "a number twice": lambda folder: entry(
            5, number=folder.data["recommendations"][4]["number"]
        )(folder),
    }


def other_quote(folder: Folder, chance: random.Random) -> None:
    """Change one sign of one quote."""
    entry = chance.choice(folder.data["recommendations"])
    at = chance.randrange(len(entry["quotes"][0]))
    entry["quotes"][0] = f"{entry['quotes'][0][:at]}\u200b{entry['quotes'][0][at:]}"


def unreadable(folder: Folder) -> Iterator[tuple[str, str, bytes]]:
    """Yield files that cannot be what a folder holds."""
    toml, text = tomli_w.dumps(folder.data).encode(), folder.text.encode()
    yield "half the data", "declaration.toml", toml[: len(toml) // 2]
    yield "half the text", "declaration.txt", text[: len(text) // 2]
    yield "no text", "declaration.txt", b""
    yield "text in another code", "declaration.txt", folder.text.encode("utf-16")
    yield "text with a mark in front", "declaration.txt", b"\xef\xbb\xbf" + text
    yield "other line ends", "declaration.txt", text.replace(b"\n", b"\r\n")
