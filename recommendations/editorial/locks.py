"""Holding a proposal while one act changes it: at the revision that the editor saw, on record, one
at a time.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from recommendations.models import Change, Citation, Decision, Proposal, Source, Status
from recommendations.models.citation import Role

from .audit import CORRECT, PUBLISH, recorded
from .errors import Refused


class Collision(Refused):
    """Somebody else changed or removed the proposal after the editor had seen it; the record knows
    who.

    A correction of the text and a publication change a proposal too, and stand on record for the
    source and the entry.
    """

    def __init__(self, pk: int, held: Proposal | None = None):
        about = Q(kind="proposal", object_id=str(pk))
        if held:
            about |= Q(kind="source", object_id=str(held.source_id), act=CORRECT)
            about |= Q(kind="recommendation", object_id=str(held.entry_id), act=PUBLISH)
        last = Change.objects.filter(about).first()
        self.who: str = last.who if last else ""
        self.moment: datetime | None = last.moment if last else None
        by = f"{self.who} changed it at {self.moment:%H:%M} UTC" if last else "Somebody changed it"
        super().__init__(
            f"{by}, after you had opened it. Nothing of yours was saved, nothing of theirs "
            "overwritten."
        )


def hold_source(pk: int) -> Source:
    """Lock a declaration, so that the acts on its proposals and their publication come one after
    another.
    """
    return Source.objects.select_for_update(of=["self"]).get(pk=pk)


@contextmanager
def changing(who: str, act: str, proposal: Proposal, seen_revision: int) -> Iterator[Proposal]:
    """Hold a proposal as the database has it, save and record what becomes of it; raises Collision
    and Refused.
    """
    with transaction.atomic():
        source = hold_source(proposal.source_id)
        held = Proposal.objects.select_for_update(of=["self"]).filter(pk=proposal.pk).first()
        if held is None or held.revision != seen_revision:
            raise Collision(proposal.pk, held)
        if held.published_at:
            raise Refused(f"It is published as {held.entry.code}. Change that entry instead.")
        held.source = source
        with recorded(who, act, held):
            yield held
            if held.decision == Decision.ACCEPTED:
                held.decided_by = who  # who changes accepted words vouches for them
                refuse_shared_words(held)
            held.save()


def refuse_shared_words(proposal: Proposal) -> None:
    """Refuse words that another accepted proposal, or a published entry, has already."""
    accepted = Proposal.objects.filter(
        source=proposal.source_id, decision=Decision.ACCEPTED, published_at=None
    )
    for other in accepted.exclude(pk=proposal.pk):
        if share_words(proposal.spans, other.spans):
            other.source = proposal.source
            raise Refused(
                f"It shares words with “{other}”, which is accepted. Move an end, join the two, "
                "or reject one."
            )
    published = Citation.objects.filter(
        source=proposal.source_id, role=Role.STATES, recommendation__status=Status.PUBLISHED
    ).filter(text_number=proposal.source.text_number)
    for passage in published.exclude(recommendation=proposal.entry_id).select_related(
        "recommendation"
    ):
        if share_words(proposal.spans, [(passage.start, passage.end)]):
            raise Refused(
                f"It shares words with {passage.recommendation.code}, which is published. Move an "
                "end, or reject it."
            )


def share_words(spans: Iterable, others: Iterable) -> bool:
    """Tell whether two lists of passages overlap."""
    others = list(others)
    return any(start < last and first < end for start, end in spans for first, last in others)
