"""Changing proposals: each act in one transaction, on record, at the revision that was seen."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction

from recommendations.models import Citation, Recommendation
from recommendations.models.citation import Role
from recommendations.models.proposal import Act, Decision, Proposal

from . import audit, conflicts
from .errors import Refused

NO_WRITING = ("note", "reopen")  # acts that do not make somebody the writer of a proposal


@transaction.atomic
def keep(who: str, proposal: Proposal) -> Proposal:
    """Save what somebody wrote; raises EditConflict where somebody else was faster."""
    if proposal.pk:
        conflicts.lock([proposal])
    with audit.recorded(who, "edit" if proposal.pk else "propose", proposal, proposal.reason):
        proposal.written_by = who
        proposal.save()
    return proposal


def reject(who: str, proposal: Proposal) -> None:
    """Leave a proposal aside; it stays on record and can be reopened."""
    with changing(who, "reject", proposal, proposal.revision) as held:
        held.decision = Decision.REJECTED


def reopen(who: str, proposal: Proposal) -> None:
    """Take a rejection back."""
    with changing(who, "reopen", proposal, proposal.revision) as held:
        held.decision = Decision.OPEN


def annotate(who: str, proposal: Proposal, note: str) -> None:
    """Write the editors' note on a proposal."""
    with changing(who, "note", proposal, proposal.revision) as held:
        held.note = note


@contextmanager
def changing(who: str, act: str, proposal: Proposal, seen_revision: int) -> Iterator[Proposal]:
    """Lock, save and record a proposal; raises EditConflict and Refused."""
    seen = Proposal(pk=proposal.pk, source_id=proposal.source_id, revision=seen_revision)
    with transaction.atomic():
        (held,) = conflicts.lock([seen])
        with audit.recorded(who, act, held):
            yield held
            if act not in NO_WRITING:
                held.written_by = who
            if held.source_id and held.text_number == held.source.text_number and act != "note":
                held.base_sha256 = held.source.sha256  # it was looked at beside the present text
            if held.act == Act.ENTRY and held.decision == Decision.ACCEPTED:
                refuse_shared_words(held)
            held.save()


def refuse_shared_words(proposal: Proposal) -> None:
    """Refuse words that another accepted proposal, or a published entry, has already."""
    if proposal.text_number != proposal.source.text_number:
        raise Refused(
            "The text was corrected and no longer holds its words: choose words of the text as it "
            "now is."
        )
    accepted = Proposal.objects.of_entries().filter(
        source=proposal.source_id, decision=Decision.ACCEPTED, published_at=None
    )
    for other in accepted.exclude(pk=proposal.pk):
        if share_words(proposal.spans, other.spans):
            other.source = proposal.source
            raise Refused(
                f"It shares words with “{other}”, which is accepted. Move an end, join the two, "
                "or reject one."
            )
    for passage in published_passages(proposal.source).exclude(recommendation=proposal.entry_id):
        if share_words(proposal.spans, [(passage.start, passage.end)]):
            raise Refused(
                f"It shares words with {passage.recommendation.code}, which is published. Move an "
                "end, or reject it."
            )


def published_passages(source):
    """Return the passages of published entries that stand in the present text of a source."""
    stated = Citation.objects.filter(
        source=source,
        role=Role.STATES,
        text_number=source.text_number,
        recommendation__in=Recommendation.objects.all(),
    )
    return stated.select_related("recommendation")


def share_words(spans: Iterable, others: Iterable) -> bool:
    """Tell whether two lists of passages overlap."""
    others = list(others)
    return any(start < last and first < end for start, end in spans for first, last in others)
