"""Who issued a document: asked of the editor, and guessed beside the question, never assumed."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from recommendations.ingest.detect import speakers
from recommendations.ingest.extract import Piece
from recommendations.models import Organisation

AROUND = 60  # characters that are shown after the name
OPENING = 3_000  # characters of a text in which known organisations are looked for


@dataclass(frozen=True)
class Guess:
    """Who may have issued a document, and the words that show it."""

    name: str
    words: str


def guess(pieces: list[Piece], language: str) -> Guess | None:
    """Return who the text says that it speaks for, or a known organisation that it names first."""
    text = "\n".join(piece.text for piece in pieces if piece.kept)
    found = speakers(text, language) or _known(text[:OPENING])
    if not found:
        return None
    name, at = min(found, key=lambda each: each[1])
    return Guess(_written(name), " ".join(text[at : at + len(name) + AROUND].split()))


def _known(text: str) -> list[tuple[str, int]]:
    """Return the organisations that a text names, each with its place."""
    names = Organisation.objects.values_list("name", flat=True)
    places = ((name, re.search(rf"\b{re.escape(name)}\b", text)) for name in names)
    return [(name, found.start()) for name, found in places if found]


def _written(name: str) -> str:
    """Return the name of an organisation as it is known here."""
    known = Organisation.objects.filter(name__iexact=name).first()
    return known.name if known else name


def organisation(name: str) -> Organisation:
    """Return the organisation of a name, made if there is none; raises ValidationError."""
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"issuer": "Say who issued it."})
    if known := Organisation.objects.filter(name__iexact=name).first():
        return known
    slug = slugify(name)[:50].strip("-") or "organisation"
    if Organisation.objects.filter(slug=slug).exists():
        raise ValidationError(
            {"issuer": f"Another organisation has the address “{slug}”: give the name in full."}
        )
    return Organisation.objects.create(name=name, slug=slug)
