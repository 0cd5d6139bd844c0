"""From a file or pasted text to a declaration with proposals, each step all or nothing."""

import hashlib
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils import timezone

from recommendations.ingest.detect import label, propose
from recommendations.ingest.extract import Extract, Piece, compose, extract, extract_text
from recommendations.models import Change, ContentVersion, Intake, Source
from recommendations.models.proposal import Proposal
from recommendations.models.source import check_web_address
from recommendations.text.positions import paragraphs

from . import code_guess, conflicts, issuers
from .audit import recorded
from .errors import Refused
from .piece_edits import mended
from .review import suggestions

LONGEST_NAME = 255
LONGEST_PARAGRAPH = (
    20_000  # characters; proposing compares the sentences of a paragraph with each other
)
MOST_PASSAGES = 1_500


class BroughtBefore(Refused):
    """The same file was brought in before; `first` is what it became."""

    def __init__(self, first: Intake):
        super().__init__(
            f"{first.created_by} brought in the same file on {first.created_at:%-d %B %Y}."
        )
        self.first = first


def bring_in(who: str, data: bytes, name: str = "", again: bool = False) -> Intake:
    """Keep what is read of a file, or of a pasted text in UTF-8 where there is no name.

    Raises Unreadable, and BroughtBefore unless it is to be brought in again; then nothing is kept.
    """
    digest = hashlib.sha256(data).hexdigest()
    same = Intake.objects.filter(sha256=digest).defer("original", "pieces").order_by("pk")
    if not again and (first := same.first()):
        raise BroughtBefore(first)
    read = extract(data, name, settings.SCANNER) if name else extract_text(data.decode())
    intake = Intake(
        name=name and _shown(name), original=data, sha256=digest, created_by=who, **_proposed(read)
    )
    with recorded(who, "bring in", intake):
        ContentVersion.objects.select_for_update().get()  # one upload after the other
        if not again and (first := same.first()):
            raise BroughtBefore(first)
        intake.save()
    return intake


def _shown(name: str) -> str:
    """Return a file's name without its folders and without signs that cannot be shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[-LONGEST_NAME:] or "file"


def _proposed(read: Extract) -> dict:
    """Return the values of an intake's fields, as far as the document tells them."""
    title = "".join(sign for sign in read.title if unicodedata.category(sign) != "Cc")[:250]
    today = timezone.localdate()
    return {
        "kind": read.kind,
        "pieces": [piece.as_dict() for piece in read.pieces],
        "title": title,
        "short_title": code_guess.short_title(title),
        "code": code_guess.free_code(
            title, [piece.text for piece in read.pieces], read.issued_on, today
        ),
        "issued_on": read.issued_on,
        "occasion": code_guess.occasion(title),
        "url": read.url if _is_address(read.url) else "",
        "language": (read.language or "en")[:12],
    }


def _is_address(url: str) -> bool:
    """Tell whether a document's own address can be kept as such."""
    try:
        URLValidator()(url)
        check_web_address(url)
    except ValidationError:
        return False
    return len(url) <= 500


def pieces_of(intake: Intake) -> list[Piece]:
    """Return an intake's pieces in the order of the document."""
    return [Piece.from_dict(values) for values in intake.pieces]


@contextmanager
def _held(who: str, act: str, intake: Intake, seen_revision: int) -> Iterator[Intake]:
    """Lock an intake at the revision that an editor saw, and record the act; raises Refused."""
    with transaction.atomic():
        stored = Intake.objects.select_for_update().defer("original").get(pk=intake.pk)
        _refuse_stale(stored, seen_revision)
        with recorded(who, act, stored):
            yield stored


def _refuse_stale(intake: Intake, seen_revision: int) -> None:
    """Raise Refused where an intake is a declaration already, or is not what an editor saw."""
    if intake.source_id:
        raise Refused(f"It was made into {intake.source.code}: change it there. Nothing was saved.")
    if intake.revision != seen_revision:
        raise Refused(collision(intake))


def collision(intake: Intake) -> str:
    """Tell an editor who saved an intake meanwhile."""
    last = Change.objects.filter(kind="intake", object_id=str(intake.pk)).first()
    who = f"{last.who} changed this at {last.moment:%H:%M} UTC" if last else "Somebody changed this"
    return (
        f"{who} after you had opened it. Nothing of yours was saved, and nothing of theirs was "
        "overwritten."
    )


def describe(who: str, intake: Intake, seen_revision: int, values: dict) -> Intake:
    """Save what an editor says of the document: its title, code, date and so on; raises Refused."""
    with _held(who, "describe", intake, seen_revision) as stored:
        for field, value in values.items():
            setattr(stored, field, value)
        stored.save()
    return stored


def mend(who: str, intake: Intake, seen_revision: int, number: int, act: str) -> Intake:
    """Do one act of `mending.ACTS` on the piece of this number, counted from 1; raises Refused."""
    with _held(who, f"{act} piece {number}"[:40], intake, seen_revision) as stored:
        stored.pieces = [piece.as_dict() for piece in mended(pieces_of(stored), number, act)]
        stored.save()
    return stored


def accept(who: str, intake: Intake, seen_revision: int) -> Source:
    """Make an intake a declaration with proposals to review: all of it, or nothing.

    Raises ValidationError by field where something has to be filled in first, and Refused.
    """
    _refuse_stale(intake, seen_revision)
    source = _declaration(intake)
    found = _proposals(
        source
    )  # takes seconds for a long text, so it is done before the database is held
    try:
        with (
            _held(who, "make a declaration", intake, seen_revision) as stored,
            recorded(who, "bring in", source),
        ):
            issuer = issuers.organisation(intake.issuer)
            source.save()
            source.issuers.add(issuer)
            _save(source, found)
            stored.source = source
            stored.save()
    except IntegrityError as error:
        raise ValidationError(
            {"code": "Somebody used this code a moment ago. Choose another."}
        ) from error
    return source


def _declaration(intake: Intake) -> Source:
    """Compose the declaration, unsaved; raises ValidationError."""
    text, signs = compose(pieces_of(intake))
    if not text.strip():
        raise ValidationError(
            "Every piece is taken off. Bring back those that are the declaration's own words."
        )
    fields = ("code", "title", "short_title", "issued_on", "occasion", "url", "language")
    values = {field: getattr(intake, field) for field in fields}
    if any(paragraph.end - paragraph.start > LONGEST_PARAGRAPH for paragraph in paragraphs(text)):
        raise ValidationError(
            f"A piece has more than {LONGEST_PARAGRAPH} characters. Take it off, or bring the "
            "text in with line breaks."
        )
    source = Source(text=text, note_signs=signs, retrieved_on=timezone.localdate(), **values)
    missing = {} if intake.issuer.strip() else {"issuer": ["Say who issued it."]}
    try:
        source.full_clean()
    except ValidationError as error:
        raise ValidationError(error.update_error_dict(missing)) from error
    if missing:
        raise ValidationError(missing)
    return source


def _proposals(source: Source) -> list[Proposal]:
    """Return the proposals for a text, unsaved; raises ValidationError."""
    known, found = suggestions.vocabulary(), []
    passages = propose(source.text, source.language)
    if len(passages) > MOST_PASSAGES:
        raise ValidationError(
            f"This text asks for something in {len(passages)} places; {MOST_PASSAGES} is the most "
            "that can be reviewed."
            " Take off what is not the declaration's, or bring in its parts one by one."
        )
    for passage in passages:
        proposal = Proposal(spans=[[passage.start, passage.end]], start=passage.start, revision=1)
        proposal.why = passage.why[:200]
        suggestions.fill(proposal, label(source.text, passage, known, source.language))
        found.append(proposal)
    return found


def _save(source: Source, found: list[Proposal]) -> None:
    """Save the proposals of a declaration, in the order of the text."""
    for proposal in found:
        proposal.source = source
        conflicts.base_on(proposal)
    Proposal.objects.bulk_create(found)
