"""Four eyes: where the site asks for it, nobody publishes what they wrote themselves."""

from collections.abc import Iterable
from itertools import batched

from django.conf import settings
from django.db import transaction

from recommendations.models import Change, Decision, Proposal, Recommendation, Unpublishable

from .audit import note, state

WROTE = ("add", "change")
CHUNK = 500  # entries asked about at once


def is_required() -> bool:
    """Tell whether the site asks for a second person."""
    return settings.FOUR_EYES


def writers(entries: Iterable[Recommendation]) -> dict[str, str]:
    """Return who added or changed each entry last, by its code, where that is on record."""
    codes, written = {str(entry.pk): entry.code for entry in entries}, {}
    for keys in batched(codes, CHUNK):
        changes = Change.objects.filter(
            kind="recommendation", object_id__in=keys, act__in=WROTE
        ).order_by("pk")
        written |= {codes[key]: who for key, who in changes.values_list("object_id", "who")}
    return written


def check(who: str, *entries: Recommendation) -> None:
    """Raise Unpublishable where somebody would publish what they wrote; names the first
    such entry.
    """
    own = (
        [code for code, writer in writers(entries).items() if writer == who]
        if is_required()
        else []
    )
    if own:
        raise Unpublishable(
            f"{own[0]} cannot be published by {who}, who changed it last: this site asks for four "
            "eyes, so"
            " somebody else publishes it."
        )


@transaction.atomic
def propose_change(who: str, entry: Recommendation) -> Proposal:
    """Return the waiting proposal to change a published entry, made from the entry as it is where
    there is none.

    Raises Unpublishable where a quote of the entry no longer stands in the text: a proposal points
    at the text.
    """
    found = entry.proposals.filter(published_at=None).exclude(decision=Decision.REJECTED).first()
    if found:
        return found
    if any(passage.is_orphan for passage in entry.passages):
        raise Unpublishable(
            f"{entry.code} has a quote that a correction of the text left behind: mend that first."
        )
    spans = [[passage.start, passage.end] for passage in entry.passages]
    proposal = Proposal(
        source=entry.source, entry=entry, spans=spans, why=f"A change of {entry.code}."
    )
    proposal.title, proposal.summary = entry.title, entry.summary
    proposal.tags = sorted(tag.name for tag in entry.tags.all())
    proposal.save()
    proposal.themes.set(entry.themes.all())
    proposal.addressees.set(entry.addressees.all())
    note(who, "propose", proposal, None, state(proposal))
    return proposal
