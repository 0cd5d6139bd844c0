"""Bombs: hostile files, each uploaded to the real server by an editor.

Every one is answered in time with the intake, or with a page that says why not; no answer is a server's error, no
worker dies or grows, no process and no file is left. What was read is also opened, and hostile texts are made
declarations.
"""

import random
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.extraction_samples import page, pdf, prose, word, wrapped

from . import bomb_files
from .desk import LOST, Desk
from .server import EDITORS, Site, model, site, until
from .trial import conduct, progress

FULL = {"bombs": 0, "cuts": 60, "flips": 100}
SECONDS = 30  # for one file: the site gives an extraction 20
MEGABYTES = 600  # a worker may ever have
ADD = "/admin/recommendations/intake/add/"
TOLD = ('class="errorlist', "brought in the same file")  # how the page says why not
STOLEN = "root:x:0:0"  # of the file that external entities name

SAMPLES = {
    "sample.pdf": pdf([wrapped(prose(1), 72, 700)]),
    "sample.docx": word(lambda document: document.add_paragraph(prose(1))),
    "sample.html": page(f"<article><h1>Sample declaration</h1><p>{prose(1)}</p></article>"),
    "sample.txt": (prose(1) + "\n\n" + prose(2)).encode(),
}

File = tuple[str, str, bytes]  # what it is, its name, its bytes


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
    for trap in ("../../etc/passwd", "a" * 5000 + ".txt", "\u202etxt.exe", ".txt", "sample.txt;.pdf", "con\x01.txt"):
        yield f"named {trap[:20]!a}", trap, SAMPLES["sample.txt"] + trap.encode()


@dataclass
class Trial:
    """What was uploaded and how it was answered."""

    site: Site
    ends: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0, "")

    def run(self, files: list[File], texts: list[File]) -> None:
        """Upload everything, two files at a time."""
        self.site.start()
        workers, left = set(self.site.group()), self.left()
        desks = [Desk(self.site.port, name) for name in EDITORS]
        with ThreadPoolExecutor(len(desks)) as pool:
            mine = [(desk, files[place :: len(desks)], texts[place :: len(desks)]) for place, desk in enumerate(desks)]
            list(pool.map(self.upload_all, *zip(*mine, strict=True)))  # what one of them raises is raised here
        self.memory = max(memory(pid) for pid in self.site.group())
        try:
            until(lambda: set(self.site.group()) == workers, "", 10)
        except TimeoutError:
            self.faults.append(f"processes before: {sorted(workers)}, after: {sorted(self.site.group())}")
        if self.left() != left:
            self.faults.append(f"files are left: {sorted(self.left() - left)}")
        if self.memory > MEGABYTES:
            self.faults.append(f"a worker took {self.memory:.0f} MB")
        self.faults += self.site.complaints()

    def left(self) -> set[Path]:
        """Return the files in the folder for temporary ones."""
        return set((self.site.folder / "tmp").rglob("*"))

    def upload_all(self, desk: Desk, files: list[File], texts: list[File]) -> None:
        """Upload one after another, as one editor."""
        desk.get(ADD)
        for what, name, data in (*files, *texts):
            began = time.monotonic()
            try:
                self.upload(desk, what, name, data, (what, name, data) in texts)
            except (*LOST, RuntimeError) as error:
                self.faults.append(f"{what}: {error!r}")
            self.slowest = max(self.slowest, (time.monotonic() - began, what))
            progress(f"{self.ends.total()} answers", self.faults)

    def upload(self, desk: Desk, what: str, name: str, data: bytes, is_text: bool) -> None:
        """Upload a file, open what was read of it, and make a declaration of a text."""
        began = time.monotonic()
        answer = desk.upload(ADD, name, data)
        took = time.monotonic() - began
        self.ends[answer.status] += 1
        if took > SECONDS:
            self.faults.append(f"{what}: answered after {took:.0f} s")
        if answer.status not in (200, 302, 400, 413):
            self.faults.append(f"{what}: answered {answer.status}")
        elif not answer.is_done and not any(told in answer.text for told in TOLD):
            self.faults.append(f"{what}: answered {answer.status} without a reason")
        elif answer.is_done:
            self.open(desk, what, answer.location, is_text)

    def open(self, desk: Desk, what: str, address: str, is_text: bool) -> None:
        """Open an intake, and make it a declaration."""
        began = time.monotonic()
        shown = desk.get(address)
        if shown.status != 200 or STOLEN in shown.text:
            self.faults.append(
                f"{what}: its intake answers {shown.status}, with{'' if STOLEN in shown.text else 'out'} loot"
            )
        if is_text:
            number = address.split("/")[-3]
            code = "".join(chr(ord("A") + int(digit)) for digit in number)
            said = {"code": f"BOMB{code}-2025", "title": "Sample", "short_title": "Sample", "issued_on": "2025-05-12"}
            made = desk.send(address, "seen_revision", said | {"accept": "1"})
            self.ends[f"declaration {made.status}"] += 1
            if made.status not in (200, 302):
                self.faults.append(f"{what}: making a declaration answers {made.status}")
            if made.is_done and (review := desk.get(made.location)).status != 200:
                self.faults.append(f"{what}: its review answers {review.status}")
        if (took := time.monotonic() - began) > SECONDS:
            self.faults.append(f"{what}: opened and made a declaration in {took:.0f} s")


def memory(pid: int) -> float:
    """Return the most memory that a process ever had, in MB (proc(5), VmHWM)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def options(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--cuts", type=int, default=1, help="lengths at which each sample is cut off")
    parser.add_argument("--flips", type=int, default=1, help="times that bytes of each sample are changed")
    parser.add_argument("--bombs", type=int, default=4, help="how many of the made files; 0 for all")


def tried(given: Namespace, faults: list[str]) -> str:
    """Upload, and return in words how it was answered."""
    chance = random.Random(given.seed)
    files, texts = [*bomb_files.files(), *misnamed()], list(bomb_files.texts())
    if given.bombs:
        files, texts = chance.sample(files, given.bombs), chance.sample(texts, 1)
    files += [*cut(given.cuts), *flipped(given.flips, chance)]
    with site(given.database) as made:
        trial = Trial(made, faults=faults)
        trial.run(files, texts)
        kept = model("Intake").objects.count()
    ends = ", ".join(f"{count} answered {end}" for end, count in sorted(trial.ends.items(), key=str))
    return (
        f"{len(files) + len(texts)} files; {ends}; {kept} intakes; slowest {trial.slowest[1]} with"
        f" {trial.slowest[0]:.1f} s; workers at most {trial.memory:.0f} MB"
    )


if __name__ == "__main__":
    sys.exit(conduct("bombs", __doc__, options, FULL, tried))
