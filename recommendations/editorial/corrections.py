"""Corrects a stored text: quotes are anchored again or left behind, entries get new versions."""

from copy import copy
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q

from recommendations.models import Citation, Recommendation, Source
from recommendations.models.proposal import Act, Decision, Proposal
from recommendations.text.anchoring import Span, moved

from . import audit, conflicts
from .errors import Refused
from .plan import NewText, Plan

# characters of the public reason, which each entry's version repeats behind a few words of ours
REASON = 200
NOT_FOUND = "A correction of the text left no certain place for these words."


@dataclass(frozen=True)
class Correction:
    """A new text with its footnote signs and headings."""

    text: str
    note_signs: list[list[int]]
    contents: list[str]


@dataclass(frozen=True)
class Outcome:
    """What a correction does to quotes, proposals and versions."""

    anchored: list[tuple[Citation, Span]]
    returned: list[Citation]  # those anchored again that an earlier correction had made orphans
    orphans: list[Citation]
    kept: list[tuple[Proposal, list[Span]]]
    rejected: list[Proposal]
    entries: list[Recommendation]


def propose(source: Source, correction: Correction) -> Proposal:
    """Return an unsaved proposal to correct a text; raises Refused."""
    check(source, correction)
    proposal = Proposal(act=Act.CORRECT, source=source, title=f"Correct the text of {source.code}")
    proposal.details = {
        "text": correction.text,
        "note_signs": correction.note_signs,
        "contents": correction.contents,
    }
    return conflicts.base_on(proposal)


def correction_of(proposal: Proposal) -> Correction:
    """Return the correction that a proposal says."""
    said = proposal.details
    return Correction(said["text"], said["note_signs"], said["contents"])


def plan(proposal: Proposal, reason: str) -> Plan:
    """Replace the text, and give each entry that quotes it its next version."""
    source, correction = proposal.source, correction_of(proposal)
    if len(reason) > REASON:
        raise Refused(f"Say why the text is corrected, in at most {REASON} characters.")
    outcome = outcome_of(source, correction)
    new = NewText(
        correction.text,
        correction.note_signs,
        correction.contents,
        outcome.anchored,
        outcome.kept,
        outcome.rejected,
    )
    said = f"The text of {source.code} was corrected: {reason}"
    return Plan(text=new, again=[entry.pk for entry in outcome.entries], again_reason=said)


def outcome_of(source: Source, correction: Correction) -> Outcome:
    """Find out what a correction would do, and change nothing; raises Refused."""
    check(source, correction)
    anchored, orphans = _quotes(source, correction.text)
    returned = [citation for citation, _span in anchored if citation.is_orphan]
    kept, rejected = _proposals(source, correction.text)
    quoting = Citation.objects.filter(source=source).exclude(quote="").values("recommendation")
    entries = Recommendation.objects.filter(Q(source=source) | Q(pk__in=quoting))
    ordered = list(entries.order_by("source__code", "number"))
    return Outcome(anchored, returned, orphans, kept, rejected, ordered)


def check(source: Source, correction: Correction) -> None:
    """Raise Refused for a correction that changes nothing or holds what no text may."""
    if not source.text:
        raise Refused(f"{source.code} has no text to correct.")
    if correction.text == source.text:
        raise Refused("The text is the same as before: there is nothing to correct.")
    if not correction.text.strip():
        raise Refused("A declaration needs its text.")
    corrected = copy(source)
    corrected.text, corrected.note_signs = correction.text, correction.note_signs
    corrected.contents = correction.contents
    try:
        corrected.clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


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
    for proposal in source.proposals.of_entries().filter(text_number=source.text_number):
        proposal.source = source
        spans = [moved(source.text, text, start, end) for start, end in proposal.spans]
        if all(spans):
            kept.append((proposal, sorted(spans)))
        elif proposal.decision != Decision.REJECTED and not proposal.published_at:
            rejected.append(proposal)
    return kept, rejected


def settle(who: str, new: NewText, source: Source) -> None:
    """Point proposals at the new text, and reject those whose words are left behind.

    Each remembers the text that it was written on, so that publishing it asks.
    """
    for proposal, spans in new.kept:
        proposal.source, proposal.text_number = source, source.text_number
        proposal.spans = [list(span) for span in spans]
        proposal.save()
    for proposal in new.rejected:
        proposal.source = source
        with audit.recorded(who, "reject", proposal, NOT_FOUND):
            proposal.decision, proposal.why = Decision.REJECTED, NOT_FOUND
            proposal.save()
