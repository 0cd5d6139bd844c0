"""Changing proposals: each act in one transaction, on record, at the revision that was seen."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from recommendations.models import Change, Citation, Recommendation
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
    with changing_all(who, act, [seen]) as (held,):
        yield held


@contextmanager
def changing_all(who: str, act: str, seen: Sequence[Proposal]) -> Iterator[list[Proposal]]:
    """Lock, save and record proposals of one source, all or none, each at the revision seen."""
    with transaction.atomic():
        held = conflicts.lock(seen)
        before = [audit.describe(each) for each in held]
        yield held
        for each in held:
            if act not in NO_WRITING:
                each.written_by = who
            if each.source_id and each.text_number == each.source.text_number and act != "note":
                each.base_sha256 = each.source.sha256  # it was looked at beside the present text
        refuse_shared_words(
            [e for e in held if e.act == Act.ENTRY and e.decision == Decision.ACCEPTED]
        )
        for each in held:
            each.save()
        Change.objects.bulk_create(
            audit.change(who, act, each, was, audit.describe(each))
            for each, was in zip(held, before, strict=True)
        )


@dataclass(frozen=True)
class Taken:
    """A span of a text, whose it is, and what to say where a proposal would share it."""

    start: int
    end: int
    owner: str
    refusal: str = ""  # of a proposal that is being accepted there is none

    @classmethod
    def by(cls, proposal: Proposal, spans: Iterable, refusal: str = "") -> list["Taken"]:
        """Return the spans of a proposal; one that changes an entry may have its words."""
        owner = f"entry {proposal.entry_id}" if proposal.entry_id else f"proposal {proposal.pk}"
        return [cls(start, end, owner, refusal) for start, end in spans]


def refuse_shared_words(accepted: Sequence[Proposal]) -> None:
    """Refuse words that two of these have, or another accepted proposal, or a published entry."""
    if not accepted:
        return
    source = accepted[0].source
    if any(each.text_number != source.text_number for each in accepted):
        raise Refused(
            "The text was corrected and no longer holds its words: choose words of the text as it "
            "now is."
        )
    taken = [span for each in accepted for span in Taken.by(each, each.spans)]
    others = Proposal.objects.of_entries().filter(
        source=source, decision=Decision.ACCEPTED, published_at=None
    )
    for other in others.exclude(pk__in=[each.pk for each in accepted]):
        other.source = source
        taken += Taken.by(other, other.spans, accepted_refusal(other))
    for passage in published_passages(source):
        entry = passage.recommendation
        refusal = (
            f"It shares words with {entry.code}, which is published. Move an end, or reject it."
        )
        taken.append(Taken(passage.start, passage.end, f"entry {entry.pk}", refusal))
    if shared := first_shared(taken):
        mine = {f"proposal {each.pk}": each for each in accepted}
        raise Refused(shared.refusal or accepted_refusal(mine[shared.owner]))


def accepted_refusal(proposal: Proposal) -> str:
    """Say that a proposal's words are taken by another that is accepted."""
    return (
        f"It shares words with “{proposal}”, which is accepted. Move an end, join the two, or "
        "reject one."
    )


def first_shared(taken: Iterable[Taken]) -> Taken | None:
    """Return a span that a proposal being accepted would share with somebody else's."""
    before: list[Taken] = []
    for each in sorted(taken, key=lambda span: (span.start, span.end)):
        before = [other for other in before if other.end > each.start]
        for other in before:
            if other.owner != each.owner and not (other.refusal and each.refusal):
                return other if other.refusal or not each.refusal else each
        before.append(each)
    return None


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
