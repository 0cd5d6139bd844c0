"""Imports: a folder that comes twice, in disorder or at once is there once.

In each round a declaration's folder is loaded by several processes at once, each from a copy with its keys and lists in
another order; one of them may be killed. It is loaded again, cut short at a random statement, and sent with one thing
wrong. There is never a duplicate, the export has the same hash every time, and a folder with something wrong changes
nothing at all.
"""

import copy
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
import tomllib
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import tomli_w
from django.apps import apps
from django.db import connection, transaction

from .addresses import part
from .crash import letters
from .server import ROOT, model, site
from .trial import conduct, progress

FULL = {"rounds": 20}
PARIS = ROOT / "fixtures" / "paris-2025"
FREE = ("actors", "works", "recommendations", "tags", "issuers", "addressees")  # lists whose order says nothing
LONGEST = 200  # statements after which an import is cut short, at the latest
PROCESSES = 3


class CutShortError(BaseException):
    """What ends an import where no code of the site expects it, as a signal does."""


@dataclass
class Folder:
    """What a folder says, to be written in any order and with anything wrong."""

    text: str
    data: dict

    @classmethod
    def of(cls, number: int) -> "Folder":
        """Return a sample folder: that of Paris under another code, with things of its own to file it under."""
        data = tomllib.loads((PARIS / "declaration.toml").read_text())
        name = letters(number)
        data |= {"code": f"IMPORT{name}-2025", "short_title": f"Sample import {name}"}
        theme = {
            "slug": f"import-{number}",
            "label": f"Sample theme {number}",
            "definition": "Sample.",
            "sign": "cross",
        }
        data["themes"].append(
            {**theme, "sign": "cross", "position": 90 + number, "alternatives": [f"Sample name {number}"]}
        )
        data["actors"].append({"slug": f"import-{number}", "name": f"Sample actor {number}"})
        work = {key: data[key] for key in ("title", "language", "issuers", "issued_on")}
        work |= {"code": f"IMPORTWORK{name}-2024", "short_title": f"Sample work {number}", "kind": "report"}
        data.setdefault("works", []).append(work)
        entry = data["recommendations"][0]
        entry["themes"] = [*entry["themes"], theme["slug"]]
        entry["addressees"] = sorted([*entry.get("addressees", []), theme["slug"]])
        entry["tags"] = [*entry["tags"], f"Sample import tag {number}"]
        entry.setdefault("refers_to", []).append({"source": work["code"]})
        data["recommendations"][1]["withdrawn"] = {"reason": "Sample reason.", "replaced_by": 1}
        return cls((PARIS / "declaration.txt").read_bytes().decode(), data)

    def write(self, folder: Path, chance: random.Random | None = None) -> Path:
        """Write it, in disorder where there is a chance."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "declaration.txt").write_bytes(self.text.encode())
        data = shuffled(self.data, chance) if chance else self.data
        (folder / "declaration.toml").write_bytes(tomli_w.dumps(data).encode())
        return folder


def shuffled(value: object, chance: random.Random, name: str = "") -> object:
    """Return data with its keys, and the lists whose order says nothing, in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], chance, key) for key in chance.sample(list(value), len(value))}
    if isinstance(value, list):
        each = [shuffled(one, chance) for one in value]
        return chance.sample(each, len(each)) if name in FREE else each
    return value


def settled(value: object) -> object:
    """Return data with every list whose order says nothing in one order, to compare it."""
    if isinstance(value, dict):
        return {
            key: sorted(map(repr, map(settled, each))) if key in (*FREE, "themes") else settled(each)
            for key, each in sorted(value.items())
        }
    return [settled(each) for each in value] if isinstance(value, list) else value


# --- What can be wrong with a folder ---------------------------------------------------------------------------------


def wrongs(chance: random.Random) -> dict[str, Callable[[Folder], object]]:
    """Return ways to make a folder wrong, by name."""
    return {
        "a sign of a quote": lambda folder: other_quote(folder, chance),
        "a quote that stands twice": lambda folder: folder.data["recommendations"][2].update(quotes=["AI"]),
        "a word of the text": lambda folder: setattr(folder, "text", folder.text.replace("recommend", "recommend ", 1)),
        "a footnote sign off by one": lambda folder: folder.data["note_signs"][0].update(start=1251),
        "a theme that nobody describes": lambda folder: folder.data["recommendations"][3].update(themes=["zy-nothing"]),
        "an actor that nobody describes": lambda folder: folder.data["recommendations"][3].update(addressees=["zy"]),
        "a work that nobody describes": lambda folder: folder.data["recommendations"][3].update(
            refers_to=[{"source": "ZY-2020"}]
        ),
        "an unknown key": lambda folder: folder.data.update(sample=1),
        "a missing key": lambda folder: folder.data["recommendations"][-1].pop("title"),
        "a kind of value": lambda folder: folder.data["recommendations"][-1].update(number="1"),
        "no theme": lambda folder: folder.data["recommendations"][4].update(themes=[]),
        "no quote": lambda folder: folder.data["recommendations"][4].update(quotes=[]),
        "a code": lambda folder: folder.data.update(code="import-2025"),
        "a date": lambda folder: folder.data.update(issued_on="2025-02-30"),
        "a number twice": lambda folder: folder.data["recommendations"][5].update(
            number=folder.data["recommendations"][4]["number"]
        ),
    }


def other_quote(folder: Folder, chance: random.Random) -> None:
    """Change one sign of one quote."""
    entry = chance.choice(folder.data["recommendations"])
    at = chance.randrange(len(entry["quotes"][0]))
    entry["quotes"][0] = f"{entry['quotes'][0][:at]}\u200b{entry['quotes'][0][at:]}"


# --- The trial -------------------------------------------------------------------------------------------------------


@dataclass
class Trial:
    """Rounds of imports; `environment` is that of the processes, and without one there are none."""

    chance: random.Random
    environment: dict | None = None
    most: int | None = None  # things that are wrong with a folder, each time
    ends: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def run(self, rounds: int) -> None:
        """Do so many rounds."""
        with tempfile.TemporaryDirectory(prefix="kb-imports-") as name:
            for number in range(rounds):
                self.round(number, Path(name) / str(number))
                progress(f"{number + 1}/{rounds} rounds", self.faults)

    def round(self, number: int, place: Path) -> None:
        """Import one declaration in every way."""
        folder = Folder.of(number)
        copies = [folder.write(place / f"copy-{n}", self.chance if n else None) for n in range(PROCESSES)]
        self.refuse(number, folder, place, "before it was ever loaded")
        self.cut_short(copies[0])
        if self.environment:
            self.at_once(copies, is_killing=number % 2 == 1)
        else:
            self.load(copies[1])
        self.load(copies[-1])
        first = self.exported(folder, place / "first")
        for copied in self.chance.sample(copies, len(copies)):
            self.cut_short(copied)
            self.load(copied, is_new=False, overwrite=self.chance.random() < 0.5)
        self.refuse(number, folder, place, "once it was loaded")
        if self.exported(folder, place / "again") != first:
            self.faults.append(f"round {number}: the export has another hash")
        self.load(place / "again", is_new=False)
        self.faults += [f"round {number}: {fault}" for fault in duplicates(folder)]

    def load(self, folder: Path, *, is_new: bool = True, overwrite: bool = False) -> None:
        """Load a folder that is right; where it was loaded before, it makes nothing and says so."""
        try:
            report = part("bundle.load")(folder, overwrite=overwrite)
        except part("bundle.BundleError") as error:
            self.faults.append(f"a right folder is refused: {error}")
            return
        self.ends["loaded"] += 1
        if not is_new and report.created:
            self.faults.append(f"{folder.name} makes {', '.join(report.created)} again")

    def at_once(self, copies: list[Path], is_killing: bool) -> None:
        """Load every copy in a process of its own, all at once; one may be killed somewhere on its way."""
        connection.close()
        command = [sys.executable, "manage.py", "loaddeclaration"]
        told = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": ROOT, "text": True}
        environment = self.environment | {"DJANGO_SETTINGS_MODULE": "tech7kb.settings"}
        children = [subprocess.Popen([*command, str(each)], env=environment, **told) for each in copies]
        if is_killing:
            time.sleep(self.chance.uniform(0.3, 2))
            children[0].kill()
        for child in children:
            said = child.communicate()[1].strip().splitlines()
            self.ends[
                "a process "
                + (
                    "ends well"
                    if not child.returncode
                    else "was killed"
                    if child.returncode < 0
                    else f"refuses: {said[-1][:80] if said else ''}"
                )
            ] += 1
            if child.returncode > 0:
                self.faults.append(f"a process that loads at once with others fails: {' / '.join(said[-2:])[:300]}")

    def cut_short(self, folder: Path) -> None:
        """End a loading after some statements; nothing of it must be left."""
        before, left = stored(), self.chance.randrange(1, LONGEST)

        def count(execute, sql, params, many, context):
            nonlocal left
            left -= 1
            if left < 0:
                raise CutShortError
            return execute(sql, params, many, context)

        with (
            suppress(CutShortError, part("bundle.BundleError")),
            transaction.atomic(),
            connection.execute_wrapper(count),
        ):
            part("bundle.load")(folder, overwrite=True)
            left = LONGEST
            raise CutShortError
        self.ends["cut short" if left < 0 else "taken back"] += 1
        if stored() != before:
            self.faults.append(f"a loading that was cut short left something: {differing(before, stored())}")

    def refuse(self, number: int, folder: Folder, place: Path, when: str) -> None:
        """Load a folder with each thing wrong in turn; each is refused whole."""
        before = stored()
        wrong = wrongs(self.chance)
        for what in self.chance.sample(sorted(wrong), self.most or len(wrong)):
            spoilt = copy.deepcopy(folder)
            wrong[what](spoilt)
            written = spoilt.write(place / "wrong", self.chance)
            self.refused(f"{what} wrong, {when}", written, before)
        for what, name, data in [*self.unreadable(folder)][: self.most]:
            written = folder.write(place / "wrong")
            (written / name).write_bytes(data)
            self.refused(f"{what}, {when}", written, before)

    def unreadable(self, folder: Folder) -> Iterator[tuple[str, str, bytes]]:
        """Yield files that cannot be what a folder holds."""
        toml, text = tomli_w.dumps(folder.data).encode(), folder.text.encode()
        yield "half the data", "declaration.toml", toml[: len(toml) // 2]
        yield "half the text", "declaration.txt", text[: len(text) // 2]
        yield "no text", "declaration.txt", b""
        yield "text in another code", "declaration.txt", folder.text.encode("utf-16")
        yield "text with a mark in front", "declaration.txt", b"\xef\xbb\xbf" + text
        yield "other line ends", "declaration.txt", text.replace(b"\n", b"\r\n")

    def refused(self, what: str, folder: Path, before: dict) -> None:
        """Demand that a folder is refused, and nothing of it is taken."""
        try:
            with transaction.atomic():
                part("bundle.load")(folder, overwrite=True)
        except part("bundle.BundleError"):
            self.ends["refused"] += 1
        else:
            self.faults.append(f"a folder is taken with {what}")
        now = stored()
        if now != before:
            self.faults.append(f"a folder with {what} changed {differing(before, now)}")
            before.clear()
            before.update(now)

    def exported(self, folder: Folder, place: Path) -> str:
        """Export the declaration; it must say what the folder says. Return the hash of both files."""
        part("bundle.export")(model("Source").objects.get(code=folder.data["code"]), place)
        files = [(place / name).read_bytes() for name in ("declaration.txt", "declaration.toml")]
        said = tomllib.loads(files[1].decode())
        if files[0] != folder.text.encode() or settled(said) != settled(folder.data):
            keys = [
                key
                for key in said | folder.data
                if settled({key: said.get(key)}) != settled({key: folder.data.get(key)})
            ]
            self.faults.append(f"the export of {folder.data['code']} differs in {keys or 'the text'}")
        return hashlib.sha256(b"\0".join(files)).hexdigest()

    def summary(self) -> str:
        """Say what was tried and found."""
        return ", ".join(f"{end} {count}" for end, count in sorted(self.ends.items()))


def stored() -> dict[str, str]:
    """Return a hash of the rows of every table that an import may write."""
    found = {}
    wanted = [
        *apps.get_app_config("recommendations").get_models(include_auto_created=True),
        *apps.get_app_config("taggit").get_models(),
    ]
    with connection.cursor() as cursor:
        for each in (*(one._meta.db_table for one in wanted), "recommendations_search"):
            cursor.execute(f'SELECT * FROM "{each}"')
            rows = sorted(map(repr, cursor.fetchall()))
            found[each] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def differing(before: dict[str, str], now: dict[str, str]) -> str:
    """Name the tables that differ."""
    return ", ".join(name for name in now if now[name] != before.get(name))


def duplicates(folder: Folder) -> Iterator[str]:
    """Yield what is there more than once, or not as often as the folder says."""
    data, listed = folder.data, folder.data["recommendations"]
    entries = model("Recommendation").objects.filter(source__code=folder.data["code"])
    wanted = {
        "declarations": (model("Source").objects.filter(title=data["title"], code=data["code"]).count(), 1),
        "entries": (entries.count(), len(listed)),
        "numbers": (
            sorted(entries.values_list("number", flat=True)),
            sorted(e["number"] for e in data["recommendations"]),
        ),
        "versions": (model("Version").objects.filter(recommendation__in=entries).count(), len(data["recommendations"])),
        "passages": (
            model("Citation").objects.filter(recommendation__in=entries, role="states").count(),
            sum(len(entry["quotes"]) for entry in listed),
        ),
        "tags": (
            model("Tagging").objects.filter(content_object__in=entries).count(),
            sum(len(entry["tags"]) for entry in listed),
        ),
        "names of themes": (
            model("ThemeLabel").objects.filter(theme__slug=data["themes"][-1]["slug"]).count(),
            len(data["themes"][-1]["alternatives"]),
        ),
        "published entries found": (found_by_search(entries), entries.published().count()),
    }
    yield from (f"{found} {what}, not {right}" for what, (found, right) in wanted.items() if found != right)
    names = [
        name.casefold() for name in model("Tagging").tag.field.related_model.objects.values_list("name", flat=True)
    ]
    yield from (f"the tag {name} is there {count} times" for name, count in Counter(names).items() if count > 1)


def found_by_search(entries) -> int:
    """Return how many rows the search has for some entries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid FROM recommendations_search")
        return len({row[0] for row in cursor.fetchall()} & set(entries.values_list("pk", flat=True)))


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--rounds", type=int, default=3)


def tried(given: Namespace, faults: list[str]) -> str:
    """Import, and return in words what was done."""
    with site(given.database) as made:
        trial = Trial(random.Random(given.seed), {**os.environ, **made.environment}, faults=faults)
        trial.run(given.rounds)
    return f"{given.rounds} rounds; {trial.summary()}"


if __name__ == "__main__":
    sys.exit(conduct("imports", __doc__, options, FULL, tried))
