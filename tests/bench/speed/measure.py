"""Measures this site beside others, on the same data and the same questions, and writes RESULTS.md.

.venv/bin/python tests/bench/speed/measure.py --sizes 10 1000 10000 250000
"""

import argparse
import json
import random
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import postgres
import psycopg
import server_databases
from agreement import differences
from corpora import HERE, KIND, Corpus, make
from machine import commit, described
from report import write
from subjects import Subject, install_datasette, subjects

PUBLICATIONS = 5


def main(argv: list[str] | None = None) -> None:
    """Measure every size that was not measured at this commit, then write the report."""
    args = arguments(argv)
    signal.signal(signal.SIGTERM, postgres.leave)  # so that the server is stopped
    datasette = install_datasette(args.folder) if args.datasette == "install" else args.datasette
    with postgresql(args) as server:
        for size in args.sizes:
            kept = figures(args, size)
            if (
                not args.again
                and kept.exists()
                and json.loads(kept.read_text())["machine"]["commit"] == commit()
            ):
                say(f"{size} entries: measured before at this commit")
                continue
            corpora = [
                Corpus(kind, size, args.seed, args.folder, server) for kind in args.databases
            ]
            kept.write_text(json.dumps(measured(corpora, datasette, args.rounds, args.patience)))
            report(args)
    report(args)


def report(args: argparse.Namespace) -> None:
    """Write the report of what has been measured so far, of the sizes asked for."""
    kept = [figures(args, size) for size in args.sizes]
    write([json.loads(path.read_text()) for path in kept if path.exists()], args.out)
    say(f"written: {args.out / 'RESULTS.md'}")


def figures(args: argparse.Namespace, size: int) -> Path:
    """Return where the figures of a size are kept."""
    return args.folder / f"measured-{size}-{args.seed}.json"


def arguments(argv: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[10, 1000, 10_000, 250_000], help="made-up entries"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the corpus and of the questions")
    parser.add_argument("--rounds", type=int, default=100, help="how often each question is asked")
    parser.add_argument(
        "--patience",
        type=float,
        default=4,
        help="seconds for one question to one site, in all rounds",
    )
    parser.add_argument("--databases", nargs="+", choices=list(KIND), default=list(KIND))
    parser.add_argument(
        "--folder", type=Path, help="of corpora and figures; keep it to go on where a run ended"
    )
    parser.add_argument(
        "--out", type=Path, default=HERE, help="where RESULTS.md and cost.svg are written"
    )
    parser.add_argument(
        "--server", default="", help="address of a running PostgreSQL, without a database's name"
    )
    parser.add_argument(
        "--datasette", default="install", help='a Python that has it, or "" to leave it out'
    )
    parser.add_argument(
        "--again", action="store_true", help="measure again what was measured at this commit"
    )
    args = parser.parse_args(argv)
    args.folder = (args.folder or Path(tempfile.mkdtemp(prefix="speed-"))).resolve()
    args.folder.mkdir(parents=True, exist_ok=True)
    args.folder.chmod(0o755)  # PostgreSQL may run under another account
    return args


@contextmanager
def postgresql(args: argparse.Namespace) -> Iterator[str]:
    """Yield the address of the PostgreSQL to use, started for this run unless one was given."""
    if args.server or "postgresql" not in args.databases:
        yield args.server
    else:
        with server_databases.server(args.folder / "postgresql") as address:
            yield address


def measured(corpora: list[Corpus], datasette: str, rounds: int, patience: float) -> dict:
    """Return everything that is measured at one size."""
    size = corpora[0].size
    for corpus in corpora:
        say(f"{size} entries: corpus on {KIND[corpus.kind]}")
        make(corpus)
    machine = described(postgresql_version(corpora), datasette)
    questions = corpora[0].told["questions"]
    asked = subjects(corpora, datasette)
    try:
        for subject in asked:
            subject.begin()
        say(f"{size} entries: do all give the same answers?")
        wrong = differences(asked, questions)
        say(f"{size} entries: {rounds} rounds of {len(questions)} questions to {len(asked)} sites")
        ask_all(asked, questions, rounds, patience, random.Random(corpora[0].seed))
        for subject in asked:
            subject.told["memory"] = subject.ask("memory")["now"]
            if subject.name.startswith("this site"):
                measure_apart(subject, questions)
    finally:
        for subject in asked:
            subject.end()
    made = {KIND[corpus.kind]: corpus.told["makecorpus"] for corpus in corpora}
    return {
        "size": size,
        "seed": corpora[0].seed,
        "machine": machine,
        "made": made,
        "questions": questions,
    } | {
        "different": wrong,
        "subjects": [
            {"name": each.name, "told": each.told, "times": nested(each)} for each in asked
        ],
    }


def ask_all(
    asked: list[Subject], questions: dict, rounds: int, patience: float, chance: random.Random
) -> None:
    """Ask one question after the other of all sites in turn, so that noise hits all alike.

    A site that is slow is asked less often: at no moment may it have used more than its share of
    the patience.
    """
    spent: dict[tuple[str, str], float] = {}
    for number in range(rounds):
        for question, path in questions.items():
            for subject in chance.sample(asked, len(asked)):
                key = subject.name, question
                if spent.get(key, 0) > patience * 1000 * number / rounds:
                    continue
                for way in subject.ways:
                    if (took := subject.get(path, way)) is not None:
                        subject.times.setdefault((question, way), []).append(took)
                        spent[key] = spent.get(key, 0) + took


def measure_apart(subject: Subject, questions: dict) -> None:
    """Measure what only this site has: data formats, and how it takes up a publication."""
    subject.told["slice"] = [
        subject.get("/recommendations.json", "new") for _round in range(PUBLICATIONS)
    ]
    subject.told["table"] = subject.ask("table", path="/recommendations.csv")
    subject.told["renewal"] = subject.ask(
        "renewal", code=questions["a recommendation"][1:], times=PUBLICATIONS
    )


def nested(subject: Subject) -> dict[str, dict[str, list[float]]]:
    """Return the times of a site by question and way, as JSON takes them."""
    found: dict[str, dict[str, list[float]]] = {}
    for (question, way), times in subject.times.items():
        found.setdefault(question, {})[way] = times
    return found


def postgresql_version(corpora: list[Corpus]) -> str:
    """Return the version of the PostgreSQL that is used; "" where none is."""
    server = next((corpus.server for corpus in corpora if corpus.kind == "postgresql"), "")
    if not server:
        return ""
    with psycopg.connect(f"{server}/postgres") as connection:
        number = connection.info.server_version
    return f"{number // 10000}.{number % 10000}"


def say(text: str) -> None:
    """Tell whoever waits what is being done."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
