"""Entries that become one, and one that becomes two: nothing is deleted, and no code dies."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from recommendations.models import Citation, Recommendation, Version
from recommendations.models.citation import Role
from recommendations.text import positions

from .audit import recorded
from .merge_errors import Refused

FURTHEST = 50  # replacements that are followed to the end of a chain
MAX_REASON = Version._meta.get_field("reason").max_length


def heir(entry: Recommendation) -> Recommendation | None:
    """Return the entry at the end of the chain of replacements, if there is a chain; a
    loop is cut.
    """
    seen, last = {entry.pk}, entry
    while last.replaced_by_id and last.replaced_by_id not in seen and len(seen) <= FURTHEST:
        last = last.replaced_by
        seen.add(last.pk)
    return last if last.pk != entry.pk else None


@transaction.atomic
def merge(
    who: str, survivor: Recommendation, others: Iterable[Recommendation], reason: str, *, unite=True
) -> Version:
    """Let one published entry take over the words and works of others, which are withdrawn in its
    favour.

    With `unite` it takes over their themes, tags and addressees too. Returns the survivor's next
    version; raises Refused or Unpublishable.
    """
    survivor, *others = locked([survivor, *others])
    check_mergeable(survivor, others)
    with recorded(who, "merge", survivor, reason):
        for other in others:
            _take_over_words(survivor, other)
            _take_over_works(survivor, other)
            if unite:
                _copy_labels(other, survivor)
        version = survivor.publish(reason)
    for other in others:
        with recorded(who, "merge", other, reason):
            other.withdraw(reason, survivor)
    return version


def check_mergeable(survivor: Recommendation, others: Sequence[Recommendation]) -> None:
    """Raise Refused unless these entries can become one."""
    if not others:
        raise Refused("Choose at least two entries.")
    for entry in (survivor, *others):
        _check_published(entry)
        if entry.source_id != survivor.source_id:
            raise Refused(
                f"{entry.code} is of another declaration than {survivor.code}: an entry states "
                "the words of one"
                " declaration only. Name the other one among the works that it is echoed in "
                "instead."
            )


@transaction.atomic
def split(
    who: str, entry: Recommendation, leaving: Iterable[int], title: str, reason: str
) -> Recommendation:
    """Give some passages of an entry (their keys) to a new entry, and publish both; raises Refused
    or Unpublishable.
    """
    (entry,) = locked([entry])
    _check_published(entry)
    gone = [passage for passage in entry.passages if passage.pk in set(leaving)]
    if not gone or len(gone) == len(entry.passages):
        raise Refused("Choose which passages leave: at least one, and not all.")
    spans = [(passage.start, passage.end) for passage in gone]
    with recorded(who, "split", entry, reason):
        Citation.objects.filter(pk__in=[passage.pk for passage in gone]).delete()
        return _part(who, entry, spans, title, reason)


@transaction.atomic
def split_words(
    who: str, entry: Recommendation, staying: str, leaving: str, title: str, reason: str
) -> Recommendation:
    """Part the only passage of an entry into two quotes inside it; raises Refused, QuoteError or
    Unpublishable.
    """
    (entry,) = locked([entry])
    _check_published(entry)
    if len(entry.passages) != 1:
        raise Refused(f"{entry.code} has several passages: choose which of them leave.")
    passage = entry.passages[0]
    stays, goes = (_place(passage, words) for words in (staying, leaving))
    if stays[0] < goes[1] and goes[0] < stays[1]:
        raise Refused("The two quotes overlap: each word can stay or leave, not both.")
    with recorded(who, "split", entry, reason):
        passage.point(*stays)
        passage.save()
        return _part(who, entry, [goes], title, reason)


def locked(entries: Iterable[Recommendation]) -> list[Recommendation]:
    """Return entries as the database holds them, in the same order and locked until the transaction
    ends.
    """
    pks = list(dict.fromkeys(entry.pk for entry in entries))
    rows = Recommendation.objects.select_for_update(of=["self"]).filter(pk__in=pks).order_by("pk")
    found = {entry.pk: entry for entry in rows}
    return [found[pk] for pk in pks]


def _check_published(entry: Recommendation) -> None:
    """Raise Refused unless readers see an entry, and its words stand in the text as it now is."""
    if not entry.is_published:
        raise Refused(
            f"{entry.code} is not published: only what readers see can be merged or split."
        )
    if any(passage.is_orphan for passage in entry.passages):
        raise Refused(
            f"{entry.code} has a quote that a correction of the text left behind: mend that first."
        )


def _take_over_words(survivor: Recommendation, other: Recommendation) -> None:
    """Give an entry the passages of another; where two overlap, they become one."""
    for passage in other.passages:
        own = [
            each for each in survivor.citations.filter(role=Role.STATES) if _overlap(each, passage)
        ]
        kept = (
            own[0]
            if own
            else Citation(recommendation=survivor, source=survivor.source, role=Role.STATES)
        )
        ends = [(each.start, each.end) for each in (*own, passage)]
        survivor.citations.filter(pk__in=[each.pk for each in own[1:]]).delete()
        kept.point(min(start for start, _end in ends), max(end for _start, end in ends))
        kept.save()


def _overlap(one: Citation, other: Citation) -> bool:
    return one.start < other.end and other.start < one.end


def _take_over_works(survivor: Recommendation, other: Recommendation) -> None:
    """Give an entry the works and echoes of another that it lacks."""
    cited = set(survivor.citations.values_list("role", "source_id"))
    for work in [*other.works, *other.echoes]:
        if (work.role, work.source_id) not in cited:
            survivor.citations.create(role=work.role, source=work.source, note=work.note)


def _copy_labels(one: Recommendation, other: Recommendation) -> None:
    """File an entry also under the themes, tags and addressees of one."""
    other.themes.add(*one.themes.all())
    other.tags.add(*one.tags.all())
    other.addressees.add(*one.addressees.all())


def _place(passage: Citation, words: str) -> tuple[int, int]:
    """Find words in a passage, exactly and once; raises QuoteError."""
    start, end = positions.locate(passage.quote, words)
    return passage.start + start, passage.start + end


def _part(
    who: str, entry: Recommendation, spans: list[tuple[int, int]], title: str, reason: str
) -> Recommendation:
    """Make a new entry of spans of the text that an entry gave up, and publish both."""
    new = Recommendation(source=entry.source, title=title)
    new.full_clean(exclude=["code", "number", "themes", "tags"])
    new.save()
    with recorded(who, "split", new, reason):
        for span in spans:
            passage = Citation(recommendation=new, source=entry.source, role=Role.STATES)
            passage.point(*span)
            passage.save()
        _copy_labels(entry, new)
        new.publish(_said(reason, f"split from {entry.code}"))
    entry.publish(_said(reason, f"the rest is now {new.code}"))
    return new


def _said(reason: str, remark: str) -> str:
    """Add a remark to a reason; raises Refused where a version has no room for both."""
    said = f"{reason.strip().rstrip('.')}; {remark}." if reason.strip() else ""
    if len(said) > MAX_REASON:
        raise Refused(f"Shorten the reason by {len(said) - MAX_REASON} characters.")
    return said
