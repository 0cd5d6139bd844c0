"""Publishing what was accepted in the review of a declaration: every passage, or nothing at all."""

import hashlib
from collections.abc import Sequence

from django.db import transaction

from recommendations.models import Source, Version
from recommendations.models.proposal import Decision, Proposal

from ..errors import NotPublished
from ..publish import publish


def waiting(source: Source) -> list[Proposal]:
    """Return the accepted proposals that are not published yet, in the order of the text."""
    of_entries = Proposal.objects.of_entries().filter(source=source, published_at=None)
    found = list(of_entries.filter(decision=Decision.ACCEPTED).select_related("entry"))
    for proposal in found:
        proposal.source = source
    return found


def fingerprint(proposals: Sequence[Proposal]) -> str:
    """Return what tells one state of some proposals from any other: a hash of their revisions."""
    state = " ".join(f"{proposal.pk}:{proposal.revision}" for proposal in proposals)
    return hashlib.sha256(state.encode()).hexdigest()


@transaction.atomic
def publish_accepted(
    who: str, source: Source, reason: str, seen: str | None = None, *, confirmed: bool = False
) -> list[Version]:
    """Publish every accepted proposal, codes in the order of the text; raises NotPublished and
    publishes nothing.

    `seen` is the fingerprint of what the publisher looked at: publishing what nobody looked at is
    refused.
    """
    locked = Source.objects.select_for_update(of=["self"]).get(pk=source.pk)
    proposals = waiting(locked)
    if not proposals:
        raise NotPublished(
            ["No accepted passage is waiting: somebody may just have published them."]
        )
    if seen is not None and seen != fingerprint(proposals):
        raise NotPublished(
            ["What is accepted has changed since you opened this page. Look through it again."]
        )
    return publish(who, proposals, reason, confirmed=confirmed)
