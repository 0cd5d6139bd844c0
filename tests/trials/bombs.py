"""Bombs: hostile files, each uploaded to the real server by an editor.

Every one is answered in time with the intake, or with a page that says why not, and files at a
limit with the reason of just that limit; no answer is a server's error, no worker dies or grows,
the readers of files are held to their limits, no process, file or row is left. What was read is
also opened, hostile texts are made declarations, and texts pasted. Time is processor time, as a
machine may have more to do than this.
"""

import random
import re
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from tests.extraction_samples import page, pdf, prose, word, wrapped

from .parts import bomb_borders, bomb_files
from .parts.bomb_borders import ANY, DUE, READ
from .parts.children import Children, memory, seconds
from .parts.clients import meanwhile
from .parts.desk import LOST, Answer, Desk
from .parts.server import EDITORS, ROOT, Site, model, site, until
from .parts.trial import conduct, progress

FULL = {"bombs": 0, "cuts": 60, "flips": 100}
SECONDS = 30  # of the server's processor time for one file: the site gives an extraction 20
STUCK = "within 20 seconds"  # what is said of a file that took too long
TRIES = 3  # for a file that took too long on a busy machine
MEGABYTES = 600  # a worker may ever have
READER_MEGABYTES = 1024  # a reader of files may ever have
FORM = "application/x-www-form-urlencoded"
ADD = "/admin/recommendations/intake/add/"
TOLD = (
    'class="errorlist',
    "brought in the same file",
    "a shorter name",
)  # how the page says why not
STOLEN = "root:x:0:0"  # of the file that external entities name

SAMPLES = {
    "sample.pdf": pdf([wrapped(prose(1), 72, 700)]),
    "sample.docx": word(lambda document: document.add_paragraph(prose(1))),
    "sample.html": page(f"<article><h1>Sample declaration</h1><p>{prose(1)}</p></article>"),
    "sample.txt": (prose(1) + "\n\n" + prose(2)).encode(),
}

File = tuple[str, str, bytes]  # what it is, its name, its bytes
OWN = ("trial.sqlite3", "log")  # how names begin of what the site itself writes into


def cut(most: int) -> Iterator[File]:
    """Yield the samples cut off at so many lengths each, evenly spread."""
    for name, data in SAMPLES.items():
        for length in range(0, len(data), max(1, -(-len(data) // most))) if most else ():
            yield f"{name} cut at {length}", name, data[:length]


def flipped(number: int, chance: random.Random) -> Iterator[File]:
    """Yield the samples with some bytes changed."""
    for turn in range(number):
        for name, data in SAMPLES.items():
            changed = bytearray(data)
            for _ in range(chance.choice((1, 3, 30))):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            yield f"{name} flipped {turn}", name, bytes(changed)


def misnamed() -> Iterator[File]:
    """Yield the samples under each other's names, and under names that are traps."""
    for name, data in SAMPLES.items():
        for other in SAMPLES:
            if other != name:
                yield f"{name} as {other}", other, data
    traps = (
        "../../etc/passwd",
        "a" * 5000 + ".txt",
        "\u202etxt.exe",
        ".txt",
        "sample.txt;.pdf",
        "con\x01.txt",
    )
    for trap in (
        *traps,
        "a" * 300 + ".txt",
        "sample\0.txt",
        "&#0;.txt",
        "sample\0.txt\0",
        "\ud800.txt",
        "C:\\a.txt",
        ".",
    ):
        yield f"named {trap[:20]!a}", trap, SAMPLES["sample.txt"] + ascii(trap).encode()


@dataclass
class Trial:
    """What was uploaded and how it was answered."""

    site: Site
    ends: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0, "")
    due: dict[str, str] = field(default_factory=lambda: dict(DUE))
    intakes: set[int] = field(default_factory=set)  # that editors were led to

    def run(self, files: list[File], texts: list[File], is_whole: bool) -> None:
        """Upload the files, two at a time, then each text alone; where all are, paste and get stuck
        too.
        """
        self.site.start()
        self.workers, left = set(self.site.group()), self.left()
        self.children = Children(self.site, self.workers)
        desks = [Desk(self.site.port, name) for name in EDITORS]
        with meanwhile(self.children.watch):
            self.at_once = len(desks)
            with ThreadPoolExecutor(len(desks)) as pool:
                mine = [
                    (desk, files[place :: len(desks)], False) for place, desk in enumerate(desks)
                ]
                list(
                    pool.map(self.upload_all, *zip(*mine, strict=True))
                )  # what one of them raises is raised here
            self.at_once = 1
            self.upload_all(desks[0], texts, True)
            if is_whole:
                self.paste_all(desks[0])
                self.get_stuck(desks[0])
        self.memory, self.spent = (
            max(memory(pid) for pid in self.site.group()),
            seconds(*self.workers),
        )
        self.faults += sorted(self.children.faults)
        self.look_after(left)

    def look_after(self, left: set[Path]) -> None:
        """Look for what is left behind."""
        try:
            until(lambda: set(self.site.group()) == self.workers, "", 10)
        except TimeoutError:
            self.faults.append(
                f"processes before: {sorted(self.workers)}, after: {sorted(self.site.group())}"
            )
        if self.left() != left:
            self.faults.append(f"files are left: {sorted(self.left() - left)[:9]}")
        kept = set(model("Intake").objects.values_list("pk", flat=True))
        if kept != self.intakes:
            self.faults.append(
                f"intakes {sorted(kept ^ self.intakes)[:9]} were not told of, or are not there"
            )
        if self.memory > MEGABYTES:
            self.faults.append(f"a worker took {self.memory:.0f} MB")
        if self.children.memory > READER_MEGABYTES:
            self.faults.append(f"a reader of files took {self.children.memory:.0f} MB")
        self.faults += self.site.complaints()

    def left(self) -> set[Path]:
        """Return the files of the site, and those in the folder that it runs in, besides what it
        writes into.
        """
        inside = {each for each in self.site.folder.rglob("*") if not each.name.startswith(OWN)}
        return inside | {each for each in ROOT.iterdir() if not each.name.startswith(".")}

    def upload_all(self, desk: Desk, files: list[File], is_text: bool) -> None:
        """Upload one after another, as one editor."""
        desk.get(ADD)
        for what, name, data in files:
            try:
                self.upload(desk, what, name, data, is_text)
            except (*LOST, RuntimeError) as error:
                self.faults.append(f"{what}: {error!r}")
            progress(f"{self.ends.total()} answers", self.faults)

    def upload(self, desk: Desk, what: str, name: str, data: bytes, is_text: bool) -> None:
        """Upload a file, open what was read of it, and make a declaration of a text."""
        due = self.due.get(what, ANY)
        for _ in range(TRIES if due else 1):
            with self.in_time(what, "answered"):
                answer = desk.upload(ADD, name, data)
            if STUCK not in answer.text:
                break
        self.judge(what, answer, due)
        if answer.is_done:
            self.open(desk, what, answer.location, is_text)

    def judge(self, what: str, answer: Answer, due: str) -> None:
        """Compare an answer with what is due."""
        self.ends[answer.status] += 1
        if answer.is_done:
            self.intakes.add(int(answer.location.split("/")[-3]))
        if answer.status not in (200, 302, 400, 413):
            self.faults.append(f"{what}: answered {answer.status}")
        elif not answer.is_done and not any(told in answer.text for told in TOLD):
            self.faults.append(f"{what}: answered {answer.status} without a reason")
        elif due and not (answer.is_done if due == READ else due in answer.text):
            self.faults.append(f"{what}: due is “{due}”, but it is {said(answer)}")

    @contextmanager
    def in_time(self, what: str, done: str) -> Iterator[None]:
        """Judge how long something takes: by the clock, or by the processor time that the server
        had meanwhile.
        """
        began, spent = time.monotonic(), seconds(*self.workers)
        yield
        took, spent = time.monotonic() - began, seconds(*self.workers) - spent
        self.slowest = max(self.slowest, (min(took, spent), what))
        if min(took, spent) > SECONDS * self.at_once:
            self.faults.append(
                f"{what}: {done} after {took:.0f} s, {spent:.0f} s of processor time"
            )

    def paste_all(self, desk: Desk) -> None:
        """Paste texts at the limits."""
        for what, text, due in bomb_borders.pasted():
            body = (
                b"csrfmiddlewaretoken="
                + quote(desk.cookies["csrftoken"]).encode()
                + b"&text="
                + text
            )
            try:
                self.judge(f"pasted: {what}", desk.request("POST", ADD, body, FORM), due)
            except LOST as error:
                self.faults.append(f"pasted: {what}: {error!r}")

    def get_stuck(self, desk: Desk) -> None:
        """Stop the process that reads a file: its editor must be told in time all the same."""
        self.children.to_stop.set()
        data = b"".join(
            b"Sample companies act on sample %d.\n\n" % number for number in range(15_000)
        )
        try:
            self.judge("a reader that got stuck", desk.upload(ADD, "stuck.txt", data), STUCK)
        except LOST as error:
            self.faults.append(f"a reader that got stuck is waited for: {error!r}")
        if self.children.to_stop.is_set():
            self.faults.append("no reader could be stopped: what happens then was not tried")

    def open(self, desk: Desk, what: str, address: str, is_text: bool) -> None:
        """Open an intake, and make it a declaration."""
        with self.in_time(what, "opened and made a declaration"):
            shown = desk.get(address)
            if shown.status != 200 or STOLEN in shown.text:
                loot = f"with{'' if STOLEN in shown.text else 'out'} loot"
                self.faults.append(f"{what}: its intake answers {shown.status}, {loot}")
            if is_text:
                self.declare(desk, what, address)

    def declare(self, desk: Desk, what: str, address: str) -> None:
        """Make an intake a declaration."""
        code = "".join(chr(ord("A") + int(digit)) for digit in address.split("/")[-3])
        said = {
            "code": f"BOMB{code}-2025",
            "title": "Sample",
            "short_title": "Sample",
            "issuer": "TECH7",
            "issued_on": "2025-05-12",
        }
        made = desk.send(address, "seen_revision", said | {"accept": "1"})
        self.ends[f"declaration {made.status}"] += 1
        if made.status not in (200, 302):
            self.faults.append(f"{what}: making a declaration answers {made.status}")
        if made.is_done and (review := desk.get(made.location)).status != 200:
            self.faults.append(f"{what}: its review answers {review.status}")


def said(answer: Answer) -> str:
    """Return how an upload was answered, in words."""
    found = re.search(
        r'class="errorlist[^>]*>(.*?)</ul>|role="alert">(.*?)</p>', answer.text, re.DOTALL
    )
    words = re.sub(r"<[^>]*>|\s+", " ", found[0].partition(">")[2]) if found else "no reason"
    return READ if answer.is_done else f"{answer.status}: {words.strip()}"


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument(
        "--cuts", type=int, default=1, help="lengths at which each sample is cut off"
    )
    parser.add_argument(
        "--flips", type=int, default=0, help="times that bytes of each sample are changed"
    )
    parser.add_argument(
        "--bombs", type=int, default=1, help="how many of the made files; 0 for all"
    )


def tried(given: Namespace, faults: list[str]) -> str:
    """Upload, and return in words how it was answered."""
    chance = random.Random(given.seed)
    borders = list(bomb_borders.borders())
    files, texts = (
        [*bomb_files.files(), *misnamed(), *(each[:3] for each in borders)],
        list(bomb_files.texts()),
    )
    if given.bombs:
        files, texts = chance.sample(files, given.bombs), chance.sample(texts, 1)
    files += [*cut(given.cuts), *flipped(given.flips, chance)]
    with site(given.database) as made:
        trial = Trial(made, faults=faults)
        trial.due |= {what: due for what, _name, _data, due in borders}
        trial.run(files, texts, is_whole=not given.bombs)
        kept = model("Intake").objects.count()
    ends = ", ".join(
        f"{count} answered {end}" for end, count in sorted(trial.ends.items(), key=str)
    )
    slowest = (
        f"slowest {trial.slowest[1]} with {trial.slowest[0]:.1f} s of {trial.spent:.0f} s of "
        "processor time"
    )
    readers = (
        f"readers {trial.children.memory:.0f} MB, {len(trial.children.judged)} of them looked at"
    )
    held = f"workers at most {trial.memory:.0f} MB, {readers}"
    return f"{len(files) + len(texts)} files; {ends}; {kept} intakes; {slowest}; {held}"


if __name__ == "__main__":
    sys.exit(conduct("bombs", __doc__, options, FULL, tried, seed=2))
