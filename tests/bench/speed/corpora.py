"""Makes a corpus in a database, for all the sites that are compared; one that was made already is
used again.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import monotonic

import server_databases
from fill_datasette import fill

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PATHS = os.pathsep.join(str(path) for path in (ROOT, HERE, HERE / "answering"))
FIXTURE = ROOT / "fixtures" / "paris-2025"
KIND = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Corpus:
    """A made-up corpus of a size and seed in one kind of database, below a folder or on a
    server.
    """

    kind: str
    size: int
    seed: int
    folder: Path
    server: str = ""  # the address of PostgreSQL, without a database's name

    @property
    def name(self) -> str:
        """What its database is called."""
        return f"speed_{self.size}_{self.seed}"

    @property
    def file(self) -> Path:
        """Where SQLite keeps it."""
        return self.folder / f"{self.name}.sqlite3"

    @property
    def flat(self) -> Path:
        """What Datasette is given; its name is that of the database in Datasette's addresses."""
        return self.folder / f"{self.name}-flat" / "flat.sqlite3"

    @property
    def mark(self) -> Path:
        """Written when the corpus is whole: how long it took, and the questions."""
        return self.folder / f"{self.name}-{self.kind}.json"

    @cached_property
    def environment(self) -> dict[str, str]:
        """The environment of a process that uses the corpus."""
        url = (
            f"{self.server}/{self.name}" if self.kind == "postgresql" else f"sqlite:///{self.file}"
        )
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in ("PATH", "HOME", "LANG", "TMPDIR")
        }
        mine = {
            "DATABASE_URL": url,
            "VAR_DIR": str(self.folder / "var"),
            "SECRET_KEY": "of-the-speed-benchmark",
        }
        return kept | mine | {"PYTHONPATH": PATHS, "DJANGO_SETTINGS_MODULE": "tech7kb.settings"}

    @property
    def told(self) -> dict:
        """What the mark says."""
        return json.loads(self.mark.read_text())


def make(corpus: Corpus) -> None:
    """Make a corpus that is not there, bring an older one's tables up to date, and choose the
    questions.
    """
    (corpus.folder / "var").mkdir(parents=True, exist_ok=True)
    if corpus.mark.exists():
        call(corpus, ROOT / "manage.py", "prepare")
        return
    start = monotonic()
    if corpus.kind == "postgresql":
        server_databases.create(corpus.server, corpus.name)
    else:
        for path in corpus.folder.glob(f"{corpus.file.name}*"):
            path.unlink()
    call(corpus, ROOT / "manage.py", "prepare")
    began = monotonic()
    call(
        corpus,
        ROOT / "manage.py",
        "makecorpus",
        "--size",
        str(corpus.size),
        "--seed",
        str(corpus.seed),
        "-v",
        "0",
    )
    took = monotonic() - began
    call(corpus, HERE / "start.py", "fill_naive", settings="naive.settings")
    if corpus.kind == "sqlite":
        corpus.flat.parent.mkdir(exist_ok=True)
        fill(corpus.file, corpus.flat)
    questions = json.loads(call(corpus, HERE / "start.py", "questions", str(corpus.seed)))
    told = {"makecorpus": took, "everything": monotonic() - start, "questions": questions}
    corpus.mark.write_text(json.dumps(told))


def call(corpus: Corpus, *command: str | Path, settings: str = "tech7kb.settings") -> str:
    """Run a Python program on a corpus and return what it printed."""
    environment = corpus.environment | {"DJANGO_SETTINGS_MODULE": settings}
    done = subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed on {KIND[corpus.kind]}:\n{done.stderr}")
    return done.stdout
