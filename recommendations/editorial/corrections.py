"""Correcting a source's stored text: a new text, every quote anchored again or an orphan, and the
next versions.
"""

from copy import copy
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from recommendations.models import (
    Change,
    Citation,
    Decision,
    FormerText,
    Proposal,
    Recommendation,
    Source,
    Unpublishable,
)
from recommendations.text.anchoring import Span, moved

from .audit import CORRECT, recorded

# characters of the public reason, which each entry's version repeats behind a few words of ours
REASON = 200
NOT_FOUND = "A correction of the text left no certain place for these words."


class CorrectionError(ValueError):
    """A correction that cannot be made; says why, and that nothing was changed."""


@dataclass(frozen=True)
class Correction:
    """A new text with its footnote signs and headings, and the public reason."""

    text: str
    note_signs: list[list[int]]
    contents: list[str]
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What a correction does: quotes anchored again, quotes left behind, proposals kept or
    rejected, next versions.
    """

    anchored: list[tuple[Citation, Span]]
    returned: list[Citation]  # those anchored again that an earlier correction had made orphans
    orphans: list[Citation]
    kept: list[tuple[Proposal, list[Span]]]
    rejected: list[Proposal]
    entries: list[Recommendation]


def plan(source: Source, correction: Correction) -> Outcome:
    """Find out what a correction would do, and change nothing; raises CorrectionError."""
    check(source, correction)
    anchored, orphans = _quotes(source, correction.text)
    returned = [citation for citation, _span in anchored if citation.is_orphan]
    kept, rejected = _proposals(source, correction.text)
    quoting = Citation.objects.filter(source=source).exclude(quote="").values("recommendation")
    entries = Recommendation.objects.published().filter(Q(source=source) | Q(pk__in=quoting))
    return Outcome(
        anchored,
        returned,
        orphans,
        kept,
        rejected,
        list(entries.order_by("source__code", "number")),
    )


@transaction.atomic
def correct(who: str, source: Source, correction: Correction, seen: int) -> Outcome:
    """Correct a text, all or nothing; `seen` is the number of the text that was corrected. Raises
    CorrectionError.
    """
    locked = Source.objects.select_for_update().get(pk=source.pk)
    if locked.text_number != seen:
        raise CorrectionError(collision(locked))
    outcome = plan(locked, correction)
    with recorded(who, CORRECT, locked, correction.reason):
        _keep(locked, correction.reason)
        _replace(locked, correction)
        _anchor(outcome.anchored)
        _settle(who, outcome)
        _publish(outcome.entries, f"The text of {locked.code} was corrected: {correction.reason}")
    return outcome


def check(source: Source, correction: Correction) -> None:
    """Raise CorrectionError for a correction that changes nothing, lacks a reason or holds what no
    text may.
    """
    if not source.text:
        raise CorrectionError(f"{source.code} has no text to correct.")
    if correction.text == source.text:
        raise CorrectionError("The text is the same as before: there is nothing to correct.")
    if not correction.text.strip():
        raise CorrectionError("A declaration needs its text.")
    if not correction.reason.strip() or len(correction.reason) > REASON:
        raise CorrectionError(f"Say why the text is corrected, in at most {REASON} characters.")
    corrected = _corrected(copy(source), correction)
    try:
        corrected.clean()
    except ValidationError as error:
        raise CorrectionError(" ".join(error.messages)) from error


def collision(source: Source) -> str:
    """Say who corrected a text meanwhile."""
    acts = Change.objects.filter(kind="source", object_id=str(source.pk), act=CORRECT)
    last = acts.first()
    who = (
        f"{last.who} corrected this text at {last.moment:%H:%M} UTC"
        if last
        else "Somebody corrected this text"
    )
    return (
        f"{who} after you had opened it. Nothing of yours was saved, and nothing of theirs was "
        "overwritten."
    )


def _quotes(source: Source, text: str) -> tuple[list[tuple[Citation, Span]], list[Citation]]:
    """Part the quotes for which there is a place in a new text from the others.

    Those of the present text come first: an orphan of an earlier one must not take their place.
    """
    orphaned = Citation.objects.orphans().filter(source=source).values("text_number")
    texts = dict(source.former_texts.filter(number__in=orphaned).values_list("number", "text"))
    texts[source.text_number] = source.text
    quoted = (
        Citation.objects.filter(source=source).exclude(quote="").select_related("recommendation")
    )
    anchored, orphans, taken = [], [], set()
    for citation in quoted.order_by("-text_number", "start", "pk"):
        citation.source = source
        span = moved(texts[citation.text_number], text, citation.start, citation.end)
        place = span and (citation.recommendation_id, citation.role, span[0])
        if span is None or place in taken:
            orphans.append(citation)
        else:
            taken.add(place)
            anchored.append((citation, span))
    return anchored, orphans


def _proposals(
    source: Source, text: str
) -> tuple[list[tuple[Proposal, list[Span]]], list[Proposal]]:
    """Part the proposals for whose spans there is a place in a new text from the others."""
    kept, rejected = [], []
    for proposal in source.proposals.all():
        proposal.source = source
        spans = [moved(source.text, text, start, end) for start, end in proposal.spans]
        if all(spans):
            kept.append((proposal, sorted(spans)))
        elif proposal.decision != Decision.REJECTED and not proposal.published_at:
            rejected.append(proposal)
    return kept, rejected


def _keep(source: Source, reason: str) -> None:
    """Keep the text that is about to be replaced."""
    FormerText.objects.create(
        source=source,
        number=source.text_number,
        text=source.text,
        sha256=source.sha256,
        note_signs=source.note_signs,
        contents=source.contents,
        replaced_at=timezone.now(),
        reason=reason,
    )


def _replace(source: Source, correction: Correction) -> None:
    _corrected(source, correction).text_number += 1
    source.save(update_fields=["text", "text_number", "note_signs", "contents"])


def _corrected(source: Source, correction: Correction) -> Source:
    source.text, source.note_signs, source.contents = (
        correction.text,
        correction.note_signs,
        correction.contents,
    )
    return source


def _anchor(anchored: list[tuple[Citation, Span]]) -> None:
    for citation, (start, end) in anchored:
        citation.point(start, end)
        citation.save()


def _settle(who: str, outcome: Outcome) -> None:
    """Point proposals at the new text, and reject those whose words are left behind."""
    for proposal, spans in outcome.kept:
        proposal.spans = spans
        proposal.save()
    for proposal in outcome.rejected:
        with recorded(who, "reject", proposal, NOT_FOUND):
            proposal.decision, proposal.decided_by, proposal.why = Decision.REJECTED, who, NOT_FOUND
            proposal.save()


def _publish(entries: list[Recommendation], reason: str) -> None:
    """Give each entry its next version."""
    for entry in entries:
        try:
            entry.publish(reason)
        except Unpublishable as error:
            raise CorrectionError(f"Nothing was corrected. {error}") from error
