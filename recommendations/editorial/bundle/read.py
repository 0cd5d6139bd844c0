"""Reading a declaration's folder: which files, keys and kinds of values there are."""

import datetime
import tomllib
from pathlib import Path

from ..record import MAYBE_WORK, ORGANISATION, THEME, WORDS, WORK

TEXT, DATA = "declaration.txt", "declaration.toml"

DECLARATION = WORK | {"organisations": list, "themes": list, "recommendations": list}
MAYBE_DECLARATION = MAYBE_WORK | {
    "retrieved_on": datetime.date,
    "note_signs": list,
    "contents": WORDS,
    "works": list,
    "left_out": list,
}
ENTRY = {"number": int, "title": str, "quotes": WORDS, "themes": WORDS, "tags": WORDS}
MAYBE_ENTRY = {"summary": str, "addressees": WORDS, "refers_to": list, "withdrawn": dict}
NUMBERED = ("recommendations", "left_out")
LINK, MAYBE_LINK = {"source": str}, {"note": str}


class BundleError(ValueError):
    """A folder that cannot be loaded; says where and why."""


def read(folder: Path) -> tuple[str, dict]:
    """Read a folder; raises BundleError with the file and the place of what cannot be read."""
    try:
        text = (folder / TEXT).read_bytes().decode()
        data = tomllib.loads((folder / DATA).read_bytes().decode())
    except OSError as error:
        raise BundleError(f"{error.filename}: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BundleError(f"{folder}: {error}") from error
    if not text.strip():
        raise BundleError(f"{folder}: {TEXT} is empty.")
    check(data, DATA, DECLARATION, MAYBE_DECLARATION)
    for key, named, needs, may in (
        ("organisations", "slug", ORGANISATION, {}),
        ("themes", "slug", THEME, {"alternatives": WORDS, "signals": WORDS}),
        ("works", "code", WORK, MAYBE_WORK),
        ("recommendations", "number", ENTRY, MAYBE_ENTRY),
        ("note_signs", "start", {"start": int, "sign": str}, {}),
        ("left_out", "number", {"number": int, "title": str}, {}),
    ):
        for position, item in enumerate(data.get(key, []), start=1):
            check(item, f"{key} {position}", needs, may)
        refuse_repeated(data.get(key, []), key, named)
    numbers = {item["number"] for key in NUMBERED for item in data.get(key, [])}
    for entry in data["recommendations"]:
        place = f"recommendation {entry['number']}"
        for link in entry.get("refers_to", []):
            check(link, place, LINK, MAYBE_LINK)
        other = entry.get("withdrawn", {}).get("replaced_by")
        if other and other not in numbers:
            raise BundleError(f"{place}: there is no recommendation {other} to replace it.")
    return text, data


def refuse_repeated(items: list[dict], place: str, named: str) -> None:
    """Raise BundleError where two items have the same identifying name."""
    names = [item[named] for item in items]
    for position, name in enumerate(names, start=1):
        if name in names[: position - 1]:
            raise BundleError(f"{place} {position}: {named} {name} is there already.")


def check(item: object, place: str, needs: dict[str, type], may: dict[str, type]) -> None:
    """Raise BundleError for a missing key, an unknown one or a value of the wrong kind."""
    if not isinstance(item, dict):
        raise BundleError(f"{place}: a table is wanted, not {item!r}.")
    known = needs | may
    for key in [key for key in needs if key not in item]:
        raise BundleError(f"{place}: {key} is missing.")
    for key, value in item.items():
        if key not in known:
            raise BundleError(f"{place}: unknown key {key}; known are {', '.join(known)}.")
        if not is_of_kind(value, known[key]):
            raise BundleError(f"{place}: {key} must be of kind {known[key]}, not {value!r}.")


def is_of_kind(value: object, kind: type) -> bool:
    """Tell whether a value is of a kind; of a list of strings each one is looked at."""
    if kind == WORDS:
        return isinstance(value, list) and all(isinstance(word, str) for word in value)
    return isinstance(value, kind)
