"""What an editor decides of a proposal, and says of it. Each act is one transaction, recorded, on
the revision seen.

`who` is a user name. Every act raises EditConflict where somebody else was faster, and Refused
where it cannot be done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from recommendations.models.proposal import Decision, Proposal

from .. import entries
from ..conflicts import EditConflict
from ..proposals import changing, changing_all


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
    return _decide(who, "accept", proposal, seen_revision)


def reject(who: str, proposal: Proposal, seen_revision: int) -> Proposal:
    """Leave a passage out; it stays on the list and can be reopened."""
    return _decide(who, "reject", proposal, seen_revision)


def reopen(who: str, proposal: Proposal, seen_revision: int) -> Proposal:
    """Take a decision back."""
    return _decide(who, "reopen", proposal, seen_revision)


ACTS = {"accept": accept, "reject": reject, "reopen": reopen}
DECISIONS = {"accept": Decision.ACCEPTED, "reject": Decision.REJECTED, "reopen": Decision.OPEN}


def _decide(who: str, act: str, proposal: Proposal, seen_revision: int) -> Proposal:
    with changing(who, act, proposal, seen_revision) as held:
        held.decision = DECISIONS[act]
    return held


def decide_all(
    who: str, source_pk: int, seen: Sequence[tuple[int, int]], act: str
) -> list[Proposal]:
    """Do one of `ACTS` to passages, given by key and revision seen: to all of them, or none."""
    own = set(Proposal.objects.filter(source=source_pk).values_list("pk", flat=True))
    if strange := [pk for pk, _revision in seen if pk not in own]:
        raise EditConflict(strange[0])
    seen_ = [Proposal(pk=pk, source_id=source_pk, revision=revision) for pk, revision in seen]
    with changing_all(who, act, seen_) as held:
        for each in held:
            each.decision = DECISIONS[act]
    return held


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
