"""What is compared: each in a process of its own, asked over a pipe and kept."""

import json
import subprocess
import sys
import venv
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from corpora import HERE, KIND, Corpus

FIRST = "/recommendations/"


@dataclass
class Subject:
    """A site on a corpus: its command, the ways it is asked a question, and what it took by
    question and way.
    """

    name: str
    command: list[str]
    environment: dict[str, str]
    ways: tuple[str, ...] = ("new",)
    path: str = ""  # asked in place of every question, of the empty view
    times: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    told: dict = field(default_factory=dict)
    process: subprocess.Popen | None = None

    def begin(self) -> None:
        """Start the process and ask for the first page."""
        start = perf_counter()
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdin=pipe, stdout=pipe, text=True
        )
        self.ask("memory")
        ready = perf_counter() - start
        self.get(FIRST, "new")
        self.told |= {
            "ready": ready,
            "first_page": perf_counter() - start,
            "memory_before": self.ask("memory")["now"],
        }

    def ask(self, do: str, **about) -> dict:
        """Have a command answered; ends the run with what the process says of it where it fails."""
        self.process.stdin.write(json.dumps({"do": do, **about}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended when asked {do} {about}; the reason is above.")
        return json.loads(line)

    def get(self, path: str, way: str) -> float | None:
        """Ask for a page and return what it took in ms; None where the site has no such page."""
        answer = self.ask("get", path=self.path or path, mode=way)
        if answer["ms"] is None:
            return None
        expected = 304 if way == "same" else 200
        if answer["status"] != expected:
            sys.exit(
                f"{self.name} answered {path} ({way}) with {answer['status']} in place of "
                f"{expected}."
            )
        return answer["ms"]

    def end(self) -> None:
        """Note the memory, close the pipe and wait."""
        if self.process:
            self.process.stdin.close()
            self.process.wait(30)
            self.process.stdout.close()
            self.process = None


def subjects(corpora: list[Corpus], datasette: str) -> list[Subject]:
    """Return all that is compared, the empty view first."""
    found = [
        django(
            "empty view",
            "naive_site",
            corpora[0],
            "naive.settings",
            ways=("new", "bare"),
            path="/empty",
        )
    ]
    for corpus in corpora:
        name = KIND[corpus.kind]
        found.append(
            django(
                f"this site, {name}",
                "this_site",
                corpus,
                ways=("new", "cards", "again", "same", "bare"),
            )
        )
        found.append(django(f"naive, {name}", "naive_site", corpus, "naive.settings"))
    flat = [corpus.flat for corpus in corpora if corpus.kind == "sqlite"]
    for title, manner in (("Datasette", "as-it-comes"), ("Datasette, no suggestions", "plain")):
        if datasette and flat:
            command = [
                datasette,
                str(HERE / "answering" / "datasette_site.py"),
                str(flat[0]),
                manner,
            ]
            found.append(Subject(title, command, {"PATH": "/usr/bin:/bin"}))
    return found


def django(
    name: str, module: str, corpus: Corpus, settings: str = "tech7kb.settings", **more
) -> Subject:
    """Return a subject that is a Django project."""
    environment = corpus.environment | {"DJANGO_SETTINGS_MODULE": settings}
    return Subject(name, [sys.executable, str(HERE / "start.py"), module], environment, **more)


def install_datasette(folder: Path) -> str:
    """Return a Python with Datasette, installed once into a folder; "" where it cannot be."""
    python = folder / "datasette" / "bin" / "python"
    if python.exists() and runs(python):
        return str(python)
    venv.create(folder / "datasette", with_pip=True, clear=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "datasette"], capture_output=True)
    return str(python) if runs(python) else ""


def runs(python: Path) -> bool:
    """Whether a Python has Datasette."""
    return subprocess.run([python, "-c", "import datasette"], capture_output=True).returncode == 0
