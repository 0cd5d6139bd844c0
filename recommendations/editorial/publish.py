"""Publishing what was accepted in a declaration: every passage, in the order of the text, or
nothing at all.
"""

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from recommendations.models import (
    Citation,
    Decision,
    Proposal,
    Recommendation,
    Source,
    Unpublishable,
    Version,
)
from recommendations.models.citation import Role

from . import approval
from .audit import PUBLISH, recorded
from .decisions import lacks
from .errors import Refused
from .locks import hold_source


class NotPublished(Refused):
    """Nothing was published; `problems` names each proposal that stands in the way, and what it
    lacks.
    """

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("Nothing was published.")


def waiting(source: Source) -> list[Proposal]:
    """Return the accepted proposals that are not published yet, in the order of the text."""
    accepted = Proposal.objects.filter(source=source, decision=Decision.ACCEPTED, published_at=None)
    found = list(accepted.select_related("entry").prefetch_related("themes", "addressees"))
    for proposal in found:
        proposal.source = source
    return found


def fingerprint(proposals: Sequence[Proposal]) -> str:
    """Return what tells one state of some proposals from any other: a hash of their revisions."""
    state = " ".join(f"{proposal.pk}:{proposal.revision}" for proposal in proposals)
    return hashlib.sha256(state.encode()).hexdigest()


def problems(who: str, proposals: Sequence[Proposal]) -> list[str]:
    """Return what keeps somebody from publishing some proposals, each named by its title or its
    first words.
    """
    found = [
        f"“{each}” lacks {' and '.join(missing)}." for each in proposals if (missing := lacks(each))
    ]
    found += [
        f"“{each}” points outside the text."
        for each in proposals
        if each.spans[-1][1] > len(each.source.text)
    ]
    own = [each for each in proposals if approval.is_required() and each.decided_by == who]
    return found + [
        f"“{each}” was accepted by you, so somebody else has to publish it." for each in own
    ]


@transaction.atomic
def publish_accepted(
    who: str, source: Source, reason: str, seen: str | None = None
) -> list[Version]:
    """Publish every accepted proposal, codes in the order of the text; raises NotPublished and
    publishes nothing.

    `seen` is the fingerprint of what the publisher looked at: publishing what nobody looked at is
    refused.
    """
    proposals = waiting(hold_source(source.pk))
    if not proposals:
        raise NotPublished(
            ["No accepted passage is waiting: somebody may just have published them."]
        )
    if seen is not None and seen != fingerprint(proposals):
        raise NotPublished(
            ["What is accepted has changed since you opened this page. Look through it again."]
        )
    if found := problems(who, proposals):
        raise NotPublished(found)
    return [_publish(who, proposal, reason) for proposal in proposals]


def _publish(who: str, proposal: Proposal, reason: str) -> Version:
    """Publish one proposal, as a new entry or as a change of the entry that it names."""
    entry = proposal.entry or Recommendation(source=proposal.source)
    try:
        with recorded(who, PUBLISH, entry, reason):
            _fill(entry, proposal)
            version = entry.publish(reason)
    except Unpublishable as error:
        raise NotPublished([f"“{proposal}”: {error}"]) from error
    proposal.entry, proposal.published_at = entry, timezone.now()
    proposal.save()
    return version


def _fill(entry: Recommendation, proposal: Proposal) -> None:
    """Make an entry say what a proposal says."""
    entry.title, entry.summary = proposal.title, proposal.summary
    entry.save()
    entry.themes.set(proposal.themes.all())
    entry.tags.set(proposal.tags)
    entry.addressees.set(proposal.addressees.all())
    _state(entry, proposal)


def _state(entry: Recommendation, proposal: Proposal) -> None:
    """Make the proposal's words the entry's, in the citations it has: a published entry is never
    without a passage.
    """
    source, starts = proposal.source, {start for start, _end in proposal.spans}
    stated = list(entry.citations.filter(role=Role.STATES))
    kept = {
        each.start: each
        for each in stated
        if each.text_number == source.text_number and each.start in starts
    }
    spare = [each for each in stated if each not in kept.values()]
    for start, end in proposal.spans:
        citation = kept.get(start) or (
            spare.pop() if spare else Citation(recommendation=entry, role=Role.STATES)
        )
        citation.source = source
        citation.point(start, end)
        citation.save()
    for citation in spare:
        citation.delete()
