"""Four eyes: where the site asks for it, nobody publishes what they wrote themselves."""

from django.conf import settings
from django.db import transaction

from .models import Change, Decision, Proposal, Recommendation, Unpublishable
from .recording import note, state

WROTE = ("add", "change")


def is_required() -> bool:
    """Tell whether the site asks for a second person."""
    return getattr(settings, "FOUR_EYES", False)


def writer(entry: Recommendation) -> str:
    """Return who added or changed an entry last, or ""."""
    written = Change.objects.filter(kind=entry._meta.model_name, object_id=str(entry.pk), act__in=WROTE)
    return written.values_list("who", flat=True).first() or ""


def check(who: str, entry: Recommendation) -> None:
    """Raise Unpublishable where somebody would publish what they wrote."""
    if is_required() and writer(entry) == who:
        raise Unpublishable(
            f"{entry.code} cannot be published by {who}, who changed it last: this site asks for four eyes, so"
            " somebody else publishes it."
        )


@transaction.atomic
def propose_change(who: str, entry: Recommendation) -> Proposal:
    """Return the waiting proposal to change a published entry, made from the entry as it is where there is none.

    Raises Unpublishable where a quote of the entry no longer stands in the text: a proposal points at the text.
    """
    found = entry.proposals.filter(published_at=None).exclude(decision=Decision.REJECTED).first()
    if found:
        return found
    if any(passage.is_orphan for passage in entry.passages):
        raise Unpublishable(f"{entry.code} has a quote that a correction of the text left behind: mend that first.")
    spans = [[passage.start, passage.end] for passage in entry.passages]
    proposal = Proposal(source=entry.source, entry=entry, spans=spans, why=f"A change of {entry.code}.")
    proposal.title, proposal.summary = entry.title, entry.summary
    proposal.tags = sorted(tag.name for tag in entry.tags.all())
    proposal.save()
    proposal.themes.set(entry.themes.all())
    proposal.addressees.set(entry.addressees.all())
    note(who, "propose", proposal, None, state(proposal))
    return proposal
