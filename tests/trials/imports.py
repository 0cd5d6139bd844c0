"""Imports: a folder that comes twice, in disorder or at once is there once.

In each round a declaration's folder is loaded by several processes at once, each from a copy with
its keys and lists in another order; one of them may be killed. It is loaded again, cut short at a
random statement, and sent with one thing wrong. What an editor changed stays, and what the folder
no longer says goes where overwriting is asked for. There is never a duplicate, the export is the
same to the byte wherever and however the folder came in, and a folder with something wrong changes
nothing at all.
"""

import copy
import hashlib
import io
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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from .parts.addresses import part
from .parts.folders import Folder, at_random, backwards, settled, unreadable, unsaid, wrongs
from .parts.publishing import correct, factories
from .parts.server import ROOT, model, site
from .parts.trial import conduct, progress

FULL = {"rounds": 20}
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK")  # statements that are no work
EDITED = "Sample words of an editor"


class CutShortError(BaseException):
    """What ends an import where no code of the site expects it, as a signal does."""


@contextmanager
def undone() -> Iterator[None]:
    """Take back what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def by_function(folder: Path, *, overwrite: bool = False) -> None:
    """Load a folder as the program does; raises BundleError."""
    part("editorial.bundle.load")(folder, overwrite=overwrite)


def by_command(folder: Path, *, overwrite: bool = False) -> None:
    """Load a folder as an operator does; raises BundleError."""
    try:
        call_command(
            "loaddeclaration",
            folder,
            overwrite=overwrite,
            stdout=io.StringIO(),
            stderr=io.StringIO(),
        )
    except CommandError as error:
        raise part("editorial.bundle.BundleError")(str(error)) from error


def statements(work: Callable[[], None], most: int | None = None) -> int:
    """Do some work, and return how many statements it sent; raises CutShortError before the one
    after `most`.
    """
    sent = 0

    def count(execute, sql, params, many, context):
        nonlocal sent
        sent += not sql.startswith(CONTROL)
        if sent - 1 == most and not sql.startswith(CONTROL):
            raise CutShortError
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        work()
    return sent


# --- The trial -------------------------------------------------------------


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
        orders = (None, backwards, at_random(self.chance))
        copies = [folder.write(place / f"copy-{n}", order) for n, order in enumerate(orders)]
        last = folder.data["recommendations"][-1]["number"]
        self.faults += [
            f"the sample folder lacks {each}" for each in unsaid(folder.but_for(last).data)
        ]
        self.refuse(folder, place, "before it was ever loaded")
        self.cut_short(copies[0])
        first = self.elsewhere(folder, copies, place / "elsewhere")
        self.leave_behind(folder, copies[0], place, last)
        self.withdraw(folder, copies[0], place)
        if self.environment:
            self.at_once(copies, is_killing=number % 2 == 1)
        else:
            self.load(copies[1])
        self.load(copies[-1], is_new=False)
        for copied in self.chance.sample(copies, len(copies)):
            self.cut_short(copied)
            self.load(copied, is_new=False, overwrite=self.chance.random() < 0.5)
        self.edit(folder, copies[1])
        self.shorten(folder, copies[1], place)
        self.refuse(folder, place, "once it was loaded")
        if self.exported(folder, place / "again") != first:
            self.faults.append(f"round {number}: the export differs from that of another site")
        self.load(place / "again", is_new=False)
        self.faults += [f"round {number}: {fault}" for fault in duplicates(folder)]

    def load(self, folder: Path, *, is_new: bool = True, overwrite: bool = False):
        """Load a folder that is right, and return the report; where it was loaded before, not a row
        is written.
        """
        before = None if is_new else stored()
        try:
            report = part("editorial.bundle.load")(folder, overwrite=overwrite)
        except part("editorial.bundle.BundleError") as error:
            self.faults.append(f"a right folder is refused: {error}")
            return part("editorial.bundle.Report")()
        self.ends["loaded"] += 1
        if before and (told := report.created + report.kept + report.overwritten):
            self.faults.append(
                f"{folder.name} comes again, and is told to differ in {', '.join(told)}"
            )
        if before and (written := differing(before, stored())):
            self.faults.append(f"{folder.name} comes again, and {written} changed")
        return report

    def elsewhere(self, folder: Folder, copies: list[Path], place: Path) -> str:
        """Load each copy where nothing of it is; all exports have the same hash, which is
        returned.
        """
        found = set()
        for copied in copies:
            with undone():
                self.load(copied)
                found.add(self.exported(folder, place))
        if len(found) != 1:
            self.faults.append(
                f"the export of {folder.data['code']} depends on the order in which it was loaded"
            )
        return found.pop()

    def leave_behind(self, folder: Folder, written: Path, place: Path, number: int) -> None:
        """Correct the text under a withdrawn entry; the export only names it, and its number is
        never given again.
        """
        entry = folder.data["recommendations"][-1]
        at = folder.text.index(entry["quotes"][0])
        left = replace(folder.but_for(number), text=f"{folder.text[:at]}#{folder.text[at + 1 :]}")
        with undone():
            self.load(written)
            source = model("Source").objects.get(code=folder.data["code"])
            signs, contents = source.note_signs, source.contents
            correct(source, left.text, signs, contents)
            self.exported(left, place / "left")
        with undone():
            report = self.load(place / "left")
            told = [f"{folder.data['code']}-{number}: {entry['title']} (not in the folder)"]
            if report.kept != told:
                self.faults.append(f"what is left out is told as {report.kept}, not {told}")
            self.exported(replace(left, data=left.data | {"left_out": []}), place / "without")
            given = model("Source").objects.get(code=folder.data["code"]).numbers_given
            if given < number:
                self.faults.append("the number of an entry that was left out is given again")

    def withdraw(self, folder: Folder, written: Path, place: Path) -> None:
        """Load a folder that withdraws what readers see; without overwriting it stays, and the
        report says so.
        """
        with undone():
            self.load(folder.shown().write(place / "shown"))
            titles = {
                each["number"]: each["title"]
                for each in folder.data["recommendations"]
                if "withdrawn" in each
            }
            names = [f"{folder.data['code']}-{number}: {title}" for number, title in titles.items()]
            self.keep(written, dict.fromkeys(names, "withdrawn"))
            self.overwrite(folder, written, sorted(names))

    def edit(self, folder: Folder, written: Path) -> None:
        """Let an editor change something of each kind; a load keeps and names all, an overwriting
        one puts it back.
        """
        with undone():
            changed = {str(thing): key for thing, key in edited(folder)}
            self.keep(written, changed)
            self.overwrite(folder, written, sorted(changed))

    def keep(self, written: Path, changed: dict[str, str]) -> None:
        """Load a folder that differs in a key of some things; each is kept and named."""
        before, told = stored(), sorted(f"{name} ({key})" for name, key in changed.items())
        if (kept := sorted(self.load(written).kept)) != told:
            self.faults.append(f"what differs is told as {kept}, not {told}")
        if written_to := differing(before, stored()):
            self.faults.append(f"a load that keeps what differs changed {written_to}")

    def shorten(self, folder: Folder, written: Path, place: Path) -> None:
        """Overwrite with a folder that says less, and with the first one again; the export says no
        more, and all.
        """
        lean = folder.leaner()
        with undone():
            self.overwrite(lean, lean.write(place / "lean"))
            self.overwrite(folder, written)

    def overwrite(self, folder: Folder, written: Path, expected: list[str] | None = None) -> None:
        """Load a folder over what differs: what readers see gets one version for itself and one for
        each source that it names, and it is all as the folder says.
        """
        before, named = versions(folder), sources(folder)
        overwritten = self.load(written, overwrite=True).overwritten
        if expected is not None and sorted(overwritten) != expected:
            self.faults.append(f"overwritten was {overwritten}, not {expected}")
        for code, count in versions(folder).items():
            own = any(each.startswith(f"{code}:") for each in overwritten)
            right = before[code] + own + len(named[code] & {*overwritten})
            if count != right and model("Recommendation").objects.filter(code=code).exists():
                self.faults.append(f"an overwriting load gave {code} {count} versions, not {right}")
        self.exported(folder, written.parent / "overwritten")
        self.load(written, is_new=False, overwrite=True)

    def at_once(self, copies: list[Path], is_killing: bool) -> None:
        """Load every copy in a process of its own, all at once; one may be killed somewhere on its
        way.
        """
        connection.close()
        command = [sys.executable, "manage.py", "loaddeclaration"]
        told = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": ROOT, "text": True}
        environment = self.environment | {"DJANGO_SETTINGS_MODULE": "tech7kb.settings"}
        children = [
            subprocess.Popen([*command, str(each)], env=environment, **told) for each in copies
        ]
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
                self.faults.append(
                    f"a process that loads at once with others fails: {' / '.join(said[-2:])[:300]}"
                )

    def cut_short(self, folder: Path) -> None:
        """End a loading before any of its statements; nothing of it must be left."""
        load = partial(self.chance.choice((by_function, by_command)), folder, overwrite=True)
        before = stored()
        with undone():
            last = statements(load)
        with undone():
            with suppress(CutShortError):
                statements(load, self.chance.randrange(last))
                self.faults.append("a loading was not cut short")
            self.ends["cut short"] += 1
            if left := differing(before, stored()):
                self.faults.append(f"a loading that was cut short left something: {left}")

    def refuse(self, folder: Folder, place: Path, when: str) -> None:
        """Load a folder with each thing wrong in turn; each is refused whole."""
        before = stored()
        wrong = wrongs(self.chance)
        for what in self.chance.sample(sorted(wrong), min(self.most or len(wrong), len(wrong))):
            spoilt = copy.deepcopy(folder)
            wrong[what](spoilt)
            written = spoilt.write(place / "wrong", at_random(self.chance))
            self.refused(f"{what} wrong, {when}", written, before)
        for what, name, data in [*unreadable(folder)][: self.most]:
            written = folder.write(place / "wrong")
            (written / name).write_bytes(data)
            self.refused(f"{what}, {when}", written, before)

    def refused(self, what: str, folder: Path, before: dict) -> None:
        """Demand that a folder is refused, and nothing of it is taken."""
        load = self.chance.choice((by_function, by_command))
        with undone():
            try:
                load(folder, overwrite=True)
            except part("editorial.bundle.BundleError"):
                self.ends["refused"] += 1
            else:
                self.faults.append(f"a folder is taken with {what}")
            if changed := differing(before, stored()):
                self.faults.append(f"a folder with {what} changed {changed}")

    def exported(self, folder: Folder, place: Path) -> str:
        """Export the declaration; it must say what the folder says. Return the hash of
        both files.
        """
        part("editorial.bundle.export")(
            model("Source").objects.get(code=folder.data["code"]), place
        )
        files = [(place / name).read_bytes() for name in ("declaration.txt", "declaration.toml")]
        said = tomllib.loads(files[1].decode())
        said, wanted = (
            {key: each for key, each in data.items() if each != []} for data in (said, folder.data)
        )
        if files[0] != folder.text.encode() or settled(said) != settled(wanted):
            keys = [
                key
                for key in said | wanted
                if settled({key: said.get(key)}) != settled({key: wanted.get(key)})
            ]
            self.faults.append(
                f"the export of {folder.data['code']} differs in {keys or 'the text'}"
            )
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


def entries_of(folder: Folder):
    """Return the entries of a folder's declaration."""
    return model("Recommendation").with_withdrawn.filter(source__code=folder.data["code"])


def versions(folder: Folder) -> dict[str, int]:
    """Return how many versions each entry of a folder's declaration has, by its code."""
    return {entry.code: entry.versions.count() for entry in entries_of(folder)}


def sources(folder: Folder) -> dict[str, set[str]]:
    """Return the titles of the declaration and the works that each entry names, by its code."""
    found = entries_of(folder).for_snapshots()
    return {
        entry.code: {str(entry.source), *(str(work.source) for work in entry.works)}
        for entry in found
    }


def edited(folder: Folder) -> Iterator[tuple[object, str]]:
    """Change something of each kind as an editor does; yields each thing with the key that now
    differs.
    """
    last = [folder.data[kind][-2] for kind in ("organisations", "themes", "works")]
    theme, source = (
        model("Theme").objects.get(slug=last[1]["slug"]),
        model("Source").objects.get(code=last[2]["code"]),
    )
    for thing, key in (
        (model("Organisation").objects.get(slug=last[0]["slug"]), "name"),
        (theme, "definition"),
        (source, "short_title"),
        (model("Source").objects.get(code=folder.data["code"]), "title"),
    ):
        factories().renamed(thing, **{key: EDITED})
        thing.refresh_from_db()
        yield thing, key
    for place, key, field_name, change in (
        (0, "title", "title", lambda said: EDITED),
        (2, "tags", "tags", lambda said: [*said.tags, EDITED]),
        (3, "summary", "summary", lambda said: EDITED),
        (4, "quotes", "passages", lambda said: said.passages[1:]),
        (5, "addressees", "addressees", lambda said: ["oecd"]),
        (7, "themes", "themes", lambda said: [*said.themes, theme.slug]),
        (8, "refers_to", "works", lambda said: [*said.works, ("refers to", source.code, "")]),
    ):
        entry = entries_of(folder).get(number=folder.data["recommendations"][place]["number"])
        said = part("editorial.content.Content").of(entry)
        factories().changed(entry, **{field_name: change(said)})
        entry.refresh_from_db()
        yield entry, key


def duplicates(folder: Folder) -> Iterator[str]:
    """Yield what is there more than once, or not as often as the folder says."""
    data, listed = folder.data, folder.data["recommendations"]
    entries = entries_of(folder)
    wanted = {
        "declarations": (
            model("Source").objects.filter(title=data["title"], code=data["code"]).count(),
            1,
        ),
        "numbers": (
            sorted(entries.values_list("number", flat=True)),
            sorted(each["number"] for each in listed),
        ),
        "versions": (
            model("Version").objects.filter(recommendation__in=entries).count(),
            len(listed),
        ),
        "passages": (count_cited(entries, "states"), sum(len(each["quotes"]) for each in listed)),
        "works": (
            count_cited(entries, "refers to"),
            sum(len(each.get("refers_to", [])) for each in listed),
        ),
        "tags": (
            model("Tagging").objects.filter(content_object__in=entries).count(),
            sum(len(entry["tags"]) for entry in listed),
        ),
        "names of themes": (
            model("ThemeLabel").objects.filter(theme__slug=data["themes"][-1]["slug"]).count(),
            len(data["themes"][-1]["alternatives"]),
        ),
        "published entries found": (
            sorted(found_by_search(entries)),
            sorted(entries.filter(status="published").values_list("pk", flat=True)),
        ),
    }
    yield from (
        f"{found} {what}, not {right}" for what, (found, right) in wanted.items() if found != right
    )
    names = [
        name.casefold()
        for name in model("Tagging").tag.field.related_model.objects.values_list("name", flat=True)
    ]
    yield from (
        f"the tag {name} is there {count} times"
        for name, count in Counter(names).items()
        if count > 1
    )


def count_cited(entries, role: str) -> int:
    """Return how many citations of a role entries have."""
    return model("Citation").objects.filter(recommendation__in=entries, role=role).count()


def found_by_search(entries) -> set[int]:
    """Return the keys of the entries that the search has rows for, of some entries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid FROM recommendations_search")
        return {row[0] for row in cursor.fetchall()} & set(entries.values_list("pk", flat=True))


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
