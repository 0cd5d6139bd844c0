"""What an editor decides of a proposal, and says of it. Each act is one transaction, recorded, on
the revision seen.

`who` is a user name. Every act raises EditConflict where somebody else was faster, and Refused
where it cannot be done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from django.db import transaction

from recommendations.models.proposal import Decision, Proposal

from .. import entries
from ..conflicts import EditConflict
from ..proposals import changing


@dataclass(frozen=True)
class ProposalDetails:
    """What an editor says of a passage; themes and addressees by slug."""

    title: str
    summary: str
    tags: list[str] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    addressees: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, proposal: Proposal) -> "ProposalDetails":
        """Return what is said of a proposal now."""
        return cls(*(getattr(proposal, each.name) for each in fields(cls)))

    def put(self, proposal: Proposal) -> None:
        """Say it of a proposal."""
        for each in fields(self):
            setattr(proposal, each.name, getattr(self, each.name))


def accept(who: str, proposal: Proposal, seen_revision: int) -> Proposal:
    """Accept a passage; its words may not be those of another accepted or published one."""
    return _decide(who, "accept", proposal, seen_revision, Decision.ACCEPTED)


def reject(who: str, proposal: Proposal, seen_revision: int) -> Proposal:
    """Leave a passage out; it stays on the list and can be reopened."""
    return _decide(who, "reject", proposal, seen_revision, Decision.REJECTED)


def reopen(who: str, proposal: Proposal, seen_revision: int) -> Proposal:
    """Take a decision back."""
    return _decide(who, "reopen", proposal, seen_revision, Decision.OPEN)


@transaction.atomic
def decide_all(
    who: str, source_pk: int, seen: Sequence[tuple[int, int]], act: str
) -> list[Proposal]:
    """Do one of `ACTS` to passages, given by key and revision seen: to all of them, or none."""
    found = Proposal.objects.filter(source=source_pk).in_bulk([pk for pk, _revision in seen])
    for pk, _revision in seen:
        if pk not in found:
            raise EditConflict(pk)
    return [ACTS[act](who, found[pk], revision) for pk, revision in seen]


def _decide(
    who: str, act: str, proposal: Proposal, seen_revision: int, decision: Decision
) -> Proposal:
    with changing(who, act, proposal, seen_revision) as held:
        held.decision = decision
    return held


ACTS = {"accept": accept, "reject": reject, "reopen": reopen}


def edit(who: str, proposal: Proposal, seen_revision: int, details: ProposalDetails) -> Proposal:
    """Change what is said of a passage; where nothing is different, nothing is saved."""
    stored = Proposal.objects.filter(pk=proposal.pk).first()
    if stored and stored.revision == seen_revision and ProposalDetails.of(stored) == details:
        return stored
    with changing(who, "edit", proposal, seen_revision) as held:
        details.put(held)
    return held


def lacks(proposal: Proposal) -> list[str]:
    """Return what a proposal needs before it can be published, in words."""
    return entries.lacks(proposal)


def clean_tags(text: str) -> list[str]:
    """Return the tags of a comma-separated field, without repeats in another letter case."""
    found: dict[str, str] = {}
    for name in filter(None, (" ".join(name.split()) for name in text.split(","))):
        found.setdefault(name.casefold(), name)
    return list(found.values())
