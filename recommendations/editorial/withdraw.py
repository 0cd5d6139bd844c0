"""Withdrawing an entry: its address says when and why from then on, and what replaces it."""

from recommendations.models import Recommendation
from recommendations.models.proposal import Act, Proposal

from . import conflicts
from .errors import Refused
from .plan import Plan, Withdrawal

FURTHEST = 50  # replacements that are followed to the end of a chain


def propose(entry: Recommendation, replaced_by: Recommendation | None = None) -> Proposal:
    """Return an unsaved proposal to withdraw a published entry; raises Refused."""
    _check(entry, replaced_by)
    proposal = Proposal(act=Act.WITHDRAW, source=entry.source, entry=entry)
    proposal.title = f"Withdraw {entry.code}"
    proposal.details = {"replaced_by": replaced_by.code} if replaced_by else {}
    return conflicts.base_on(proposal, entry)


def plan(proposal: Proposal, reason: str) -> Plan:
    """Withdraw the entry, in favour of the one that the proposal names."""
    code = proposal.details.get("replaced_by")
    replaced_by = Recommendation.with_withdrawn.get(code=code) if code else None
    _check(proposal.entry, replaced_by)
    return Plan(withdrawals=[Withdrawal(proposal.entry, replaced_by, "withdraw")])


def _check(entry: Recommendation, replaced_by: Recommendation | None) -> None:
    if not entry.is_published:
        raise Refused(f"{entry.code} is not published.")
    if replaced_by and (replaced_by.pk == entry.pk or not replaced_by.is_published):
        raise Refused(
            f"{replaced_by.code} cannot replace {entry.code}: it must be another, published entry."
        )


def final_replacement(entry: Recommendation) -> Recommendation | None:
    """Return the entry at the end of the chain of replacements, if any; a loop is cut."""
    seen, last = {entry.pk}, entry
    while last.replaced_by_id and last.replaced_by_id not in seen and len(seen) <= FURTHEST:
        last = last.replaced_by
        seen.add(last.pk)
    return last if last.pk != entry.pk else None
