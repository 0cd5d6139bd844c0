"""`manage.py detect FILE`: what would be proposed for a file, without keeping anything."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from recommendations.editorial import bundle
from recommendations.editorial.review.suggestions import vocabulary
from recommendations.ingest.detect import Concept, Proposed, Vocabulary, find, label
from recommendations.ingest.extract import Unreadable, compose, extract

FIXTURE = settings.BASE_DIR / "fixtures" / "paris-2025"


class Command(BaseCommand):
    help = (
        "Print the recommendations that would be proposed for a PDF, Word, HTML or text file, with "
        "labels from the database or, where it has none, from the first declaration."
    )
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        """Add the file, its language, and the form of the answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--language", help="a BCP 47 tag, such as en or fr; guessed if missing")
        parser.add_argument(
            "--json", action="store_true", help="one object with text and proposals"
        )

    def handle(self, *, file: Path, language: str | None, **options) -> None:
        """Raises CommandError for a file that cannot be read."""
        try:
            read = extract(file.read_bytes(), file.name)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Unreadable as error:
            raise CommandError(f"{file}: {error}") from error
        text, _markers = compose(read.pieces)
        spoken, known = language or read.language or "en", known_vocabulary()
        proposals = [described(text, each, known, spoken) for each in find(text, spoken)]
        self.stdout.write(
            as_json(text, proposals) if options["json"] else "\n".join(map(in_words, proposals))
        )


def known_vocabulary() -> Vocabulary:
    """Return the themes, tags and organisations of the database, or those of the fixture."""
    try:
        found = vocabulary()
    except DatabaseError:
        found = Vocabulary(themes=[], tags=[], actors=[])
    return found if found.themes else vocabulary_of_fixture()


def vocabulary_of_fixture() -> Vocabulary:
    """Return what the first declaration is filed under."""
    _text, data = bundle.read(FIXTURE)
    tags = {tag for entry in data["recommendations"] for tag in entry["tags"]}
    return Vocabulary(
        themes=[
            Concept(
                key=each["slug"],
                labels=[each["label"], *each.get("alternatives", [])],
                definition=each["definition"],
                signals=each.get("signals", []),
            )
            for each in data["themes"]
        ],
        tags=sorted(tags),
        actors=[
            Concept(key=each["slug"], labels=[each["name"]], definition="")
            for each in data["organisations"]
        ],
    )


def described(text: str, each: Proposed, known: Vocabulary, language: str) -> dict:
    """Return one proposal; offsets are code points of the text."""
    labels = label(text, each, known, language)
    return {
        "start": each.start,
        "end": each.end,
        "cue": each.cue,
        "why": each.why,
        "title": labels.title,
        "themes": labels.themes,
        "suggested_themes": labels.suggested_themes,
        "tags": labels.tags,
        "addressees": labels.addressees,
        "possible": each.possible,
    }


def as_json(text: str, proposals: list[dict]) -> str:
    """Return the answer as one JSON object."""
    return json.dumps({"text": text, "proposals": proposals}, ensure_ascii=False, indent=2)


def in_words(proposal: dict) -> str:
    """Return one proposal as a line."""
    state = "possible" if proposal["possible"] else "proposed"
    title = proposal["title"] or "(no title)"
    return f"{state} {proposal['start']}-{proposal['end']}: {title} ({proposal['why']})"
