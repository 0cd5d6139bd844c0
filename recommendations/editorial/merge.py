"""Merging entries: one takes over the words of others, which are withdrawn in its favour."""

from collections.abc import Sequence
from dataclasses import replace

from recommendations.models import Recommendation
from recommendations.models.proposal import Act, Proposal

from . import conflicts
from .content import Content, Passage, missing_works, united
from .errors import Refused
from .plan import Plan, Withdrawal, Write


def propose(
    survivor: Recommendation, others: Sequence[Recommendation], *, unite: bool = True
) -> Proposal:
    """Return an unsaved proposal to merge entries; raises Refused.

    With `unite` the survivor takes over the themes, tags and addressees of the others too.
    """
    others = [entry for entry in dict.fromkeys(others) if entry != survivor]
    _check(survivor, others)
    proposal = Proposal(act=Act.MERGE, source=survivor.source, entry=survivor)
    codes = [entry.code for entry in others]
    proposal.title = f"Merge {', '.join(codes)} into {survivor.code}"[:120]
    proposal.details = {"others": codes, "unite": unite}
    return conflicts.base_on(proposal, survivor, *others)


def plan(proposal: Proposal, reason: str) -> Plan:
    """Write the words of all in the survivor, and withdraw the others."""
    survivor, codes = proposal.entry, proposal.details["others"]
    found = {each.code: each for each in Recommendation.with_withdrawn.filter(code__in=codes)}
    others = [found[code] for code in codes]
    _check(survivor, others)
    whole = Content.of(survivor)
    for other in others:
        content = Content.of(other)
        passages = together(whole.passages, content.passages)
        if proposal.details["unite"]:
            whole = replace(united(whole, content), summary=whole.summary, passages=passages)
        else:
            works = [*whole.works, *missing_works(whole, content)]
            whole = replace(whole, passages=passages, works=works)
    return Plan(
        writes=[Write(survivor, proposal.source, whole, "merge", reason)],
        withdrawals=[Withdrawal(other, survivor, "merge") for other in others],
    )


def together(passages: Sequence[Passage], others: Sequence[Passage]) -> list[Passage]:
    """Return the passages of two entries; where some overlap, they become one."""
    found: list[Passage] = []
    for start, end, number in sorted([*passages, *others]):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end), number)
        else:
            found.append((start, end, number))
    return found


def _check(survivor: Recommendation, others: Sequence[Recommendation]) -> None:
    """Raise Refused unless these entries can become one."""
    if not others:
        raise Refused("Choose at least two entries.")
    for entry in (survivor, *others):
        check_published(entry)
        if entry.source_id != survivor.source_id:
            raise Refused(
                f"{entry.code} is of another declaration than {survivor.code}: an entry states "
                "the words of one declaration only."
            )


def check_published(entry: Recommendation) -> None:
    """Raise Refused unless readers see an entry, and its words stand in the text as it now is."""
    if not entry.is_published:
        raise Refused(
            f"{entry.code} is not published: only what readers see can be merged or split."
        )
    if any(passage.is_orphan for passage in entry.passages):
        raise Refused(
            f"{entry.code} has a quote that a correction of the text left behind: mend that first."
        )
