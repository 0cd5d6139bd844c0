"""Two people at one thing: what changed between the writing of a proposal and its publication."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Max, Q

from recommendations.models import Change, Recommendation, Source
from recommendations.models.proposal import Act, Proposal

from . import audit, change
from .errors import Refused


class EditConflict(Refused):
    """Somebody else changed or removed the proposal after the editor had seen it.

    A correction of the text and a publication change a proposal too, and stand on record for the
    source and the entry.
    """

    def __init__(self, pk: int, stored: Proposal | None = None):
        about = Q(kind="proposal", object_id=str(pk))
        if stored and stored.source_id:
            about |= Q(kind="source", object_id=str(stored.source_id), act=audit.CORRECT)
        if stored and stored.entry_id:
            about |= Q(kind="recommendation", object_id=str(stored.entry_id), act=audit.PUBLISH)
        last = Change.objects.filter(about).first()
        self.who: str = last.who if last else ""
        self.moment: datetime | None = last.moment if last else None
        by = f"{self.who} changed it at {self.moment:%H:%M} UTC" if last else "Somebody changed it"
        super().__init__(
            f"{by}, after you had opened it. Nothing of yours was saved, nothing of theirs "
            "overwritten."
        )


def base_on(proposal: Proposal, *entries: Recommendation) -> Proposal:
    """Let a proposal remember the versions of entries, and the text, that it is written on."""
    newest = _newest([entry.code for entry in entries])
    proposal.base_versions = {entry.code: newest[entry.code] for entry in entries}
    if proposal.source:
        proposal.base_sha256 = proposal.source.sha256
        proposal.text_number = proposal.source.text_number
    return proposal


def changes_since(proposal: Proposal) -> list[str]:
    """Say what changed since a proposal was written, one line for each entry and text."""
    newest = _newest(proposal.base_versions)
    found = [
        f"{code} was at version {number} when “{proposal}” was written, and is at version "
        f"{newest.get(code, 0)} now."
        for code, number in proposal.base_versions.items()
        if newest.get(code) != number
    ]
    if proposal.base_sha256 and proposal.source and proposal.base_sha256 != proposal.source.sha256:
        found.append(f"{correction_of(proposal.source)}, after “{proposal}” was written.")
    if proposal.act == Act.CHANGE:
        found += _changed_fields(proposal)
    return found


def correction_of(source: Source) -> str:
    """Say who corrected the text of a source last, and when."""
    acts = Change.objects.filter(kind="source", object_id=str(source.pk), act=audit.CORRECT)
    if last := acts.first():
        return f"{last.who} corrected the text of {source.code} at {last.moment:%H:%M} UTC"
    return f"Somebody corrected the text of {source.code}"


def _changed_fields(proposal: Proposal) -> list[str]:
    try:
        return [
            f"The {field} was “{before}” when this was written, and is “{now}” now."
            for field, before, now in change.stale(proposal)
        ]
    except Refused as error:  # the thing itself is gone
        return [str(error)]


def _newest(codes: Collection[str]) -> dict[str, int]:
    if not codes:
        return {}
    entries = Recommendation.with_withdrawn.filter(code__in=list(codes)).order_by()
    return dict(entries.annotate(newest=Max("versions__number")).values_list("code", "newest"))


def lock_source(pk: int) -> Source:
    """Lock a source, so that acts on its proposals and their publication run one by one."""
    return Source.objects.select_for_update(of=["self"]).get(pk=pk)


def lock(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Lock proposals with the sources and entries that they are about, as the database has them.

    Raises EditConflict where somebody saved one of them meanwhile.
    """
    keys = {each.source_id for each in proposals if each.source_id}
    sources = Source.objects.select_for_update(of=["self"]).filter(pk__in=keys).order_by("pk")
    known = {source.pk: source for source in sources}
    codes = [code for each in proposals for code in each.base_versions]
    entries = Recommendation.with_withdrawn.select_for_update(of=["self"]).filter(code__in=codes)
    locked = {entry.pk: entry for entry in entries.order_by("pk")}
    saved = [each.pk for each in proposals if each.pk]
    stored = Proposal.objects.select_for_update(of=["self"]).in_bulk(saved)
    held = []
    for each in proposals:
        now = stored.get(each.pk) if each.pk else each
        if now is None or now.revision != each.revision:
            raise EditConflict(each.pk, now)
        if now.published_at:
            raise Refused(f"“{now}” is published already.")
        now.source = known.get(now.source_id)
        if now.entry_id:
            now.entry = locked.get(now.entry_id) or now.entry
            now.entry.source = now.source
        held.append(now)
    return held
