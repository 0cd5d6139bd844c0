"""Publishing: the one way to change what readers see, and the only place that makes versions.

Every act builds a proposal; `publish()` does what proposals say, all in one transaction or nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import batched, groupby

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from recommendations.models import Change, Recommendation, Version
from recommendations.models.proposal import Act, Decision, Proposal
from recommendations.search import fulltext
from recommendations.search.indexing import index, index_names, names

from . import approval, audit, change, conflicts, corrections, entries, merge, split, tables, themes
from . import withdraw as withdrawals
from .content import Vocabulary
from .errors import NotPublished, Outdated, Refused
from .names import Names
from .plan import Ending, Plan, Write
from .record import record

REFILE = "refile"
BATCH = 500  # entries that get their next version at once
PLANS = {
    Act.ENTRY: entries.plan,
    Act.WITHDRAW: withdrawals.plan,
    Act.MERGE: merge.plan,
    Act.SPLIT: split.plan,
    Act.CORRECT: corrections.plan,
    Act.CHANGE: change.plan,
    Act.MERGE_THEMES: themes.plan,
    Act.RETIRE_THEME: themes.plan,
}


@dataclass(frozen=True)
class Due:
    """That an entry gets its next version: why, after which act, and what it was before."""

    act: str
    reason: str
    before: dict | None = None


@transaction.atomic
def publish(
    who: str, proposals: Sequence[Proposal], reason: str, *, confirmed: bool = False
) -> list[Version]:
    """Do what some proposals say, new entries in the order of the text; return the versions made.

    Raises NotPublished with everything that stands in the way; Outdated where what a proposal was
    written on has changed since, unless somebody has `confirmed` to have seen that.
    """
    held = conflicts.lock(proposals)
    if problems := problems_of(who, held, reason):
        raise NotPublished(problems)
    if not confirmed and (changed := [each for p in held for each in conflicts.changes_since(p)]):
        raise Outdated(changed)
    versions = _carry_out(who, held, reason.strip())
    for proposal in held:
        proposal.published_at, proposal.decision = timezone.now(), Decision.ACCEPTED
        if proposal.pk:
            proposal.save()
    return versions


@contextmanager
def rehearsal(proposals: Sequence[Proposal]) -> Iterator[list[Version]]:
    """Yield the versions that publishing would make, and undo everything when the block ends.

    It is publishing itself, in a transaction that is undone: a preview cannot say anything else.
    """
    with transaction.atomic():
        try:
            yield _carry_out("", conflicts.lock(proposals), "Not published yet.")
        finally:
            transaction.set_rollback(True)


def problems_of(who: str, proposals: Iterable[Proposal], reason: str = "-") -> list[str]:
    """Return what keeps somebody from publishing some proposals, each named by its title."""
    proposals, known = list(proposals), Vocabulary.now()
    found = [] if proposals else ["There is nothing to publish."]
    found += [] if reason.strip() else ["A reason is missing."]
    for each in proposals:
        if missing := entries.lacks(each):
            found.append(f"“{each}” lacks {' and '.join(missing)}.")
        found += [f"“{each}”: {wrong}." for wrong in entries.faults(each, known)]
    return found + approval.problems(who, proposals)


def _carry_out(who: str, proposals: Sequence[Proposal], reason: str) -> list[Version]:
    """Do what proposals say, one after the other, but new entries all at once."""
    new, versions = [], []
    try:
        for proposal in proposals:
            if proposal.act == Act.ENTRY and not proposal.entry:
                new.append(proposal)
            else:
                versions += _do(who, proposal, PLANS[proposal.act](proposal, reason), reason)
        return versions + _add(who, new, reason)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def _add(who: str, proposals: Sequence[Proposal], reason: str) -> list[Version]:
    """Publish new entries, those of each declaration numbered in the order of the text."""
    due = {}
    ordered = sorted(proposals, key=lambda each: (each.source.code, each.spans[:1]))
    for _code, group in groupby(ordered, key=lambda each: each.source.code):
        own = list(group)
        writes = [write for each in own for write in entries.plan(each, reason).writes]
        for proposal, write, entry in zip(own, writes, tables.add_entries(writes), strict=True):
            proposal.entry, due[entry.pk] = entry, Due(write.act, write.reason)
    return [version for batch in _next_versions(who, due) for version in batch]


def _do(who: str, proposal: Proposal, plan: Plan, reason: str) -> list[Version]:
    """Carry out one plan, on record, and give each entry that it touches its next version."""
    if plan.ending:
        return _end(who, plan.ending, reason)
    if plan.text:
        with audit.recorded(who, audit.CORRECT, proposal.source, reason):
            tables.replace_text(proposal.source, plan.text, reason)
            corrections.settle(who, plan.text, proposal.source)
    if plan.values:
        with audit.recorded(who, "change", plan.values.thing, reason):
            change.follow(who, plan.values, reason)
            tables.write_values(plan.values, who, reason)
    due = {pk: Due("", plan.again_reason or reason) for pk in plan.again}
    due |= dict(_written(plan.writes))
    versions = [version for batch in _next_versions(who, due) for version in batch]
    for each in plan.withdrawals:
        with audit.recorded(who, each.act, each.entry, reason):
            tables.withdraw(each, reason)
    return versions


def _written(writes: Iterable[Write]) -> Iterator[tuple[int, Due]]:
    """Write entries, and yield the key of each with what is due for it."""
    for write in writes:
        if write.entry is None:
            (entry,) = tables.add_entries([write])
            yield entry.pk, Due(write.act, write.reason)
        else:
            before = audit.state(write.entry)
            tables.change_entry(write)
            yield write.entry.pk, Due(write.act, write.reason, before)


def _end(who: str, ending: Ending, reason: str) -> list[Version]:
    """End a theme: each published entry of it gets its next version; these are not returned."""
    before = themes.filed_under(ending.theme)
    was, act = audit.state(ending.theme), "merge" if ending.into else "retire"
    themes.follow(who, ending.theme.slug, ending.into and ending.into.slug, reason)
    with audit.recorded(who, act, ending.into or ending.theme, reason):
        tables.end_theme(ending, reason)
    audit.note(who, act, ending.theme, was, None, reason)
    _refile(who, before, reason)
    if ending.keep_names:
        others = ending.into.recommendations.order_by("pk").values_list("pk", flat=True)
        for keys in batched([pk for pk in others if pk not in before], BATCH):
            index_names(Recommendation.objects.filter(pk__in=keys))
    return []


def _refile(who: str, before: Mapping[int, list[str]], reason: str) -> None:
    """Give entries of a theme their next versions, made from the last: there may be 100,000."""
    renew, now = Names.now().renewed, timezone.now()
    for keys in batched(sorted(before), BATCH):
        filed, versions, changes, documents = themes.filed(keys), [], [], []
        for last in themes.newest_versions(keys):
            pk, own = last.recommendation_id, filed[last.recommendation_id]
            last.snapshot = renew(last.snapshot, own)
            versions.append(_version_after(last, reason, last.snapshot, now))
            told = Change(who=who, act=REFILE, kind="recommendation", object_id=str(pk))
            told.label = f"{last.snapshot['code']}: {last.snapshot['title']}"[:200]
            told.before = {"themes": before[pk]}
            told.after, told.reason = {"themes": [theme.slug for theme in own]}, reason
            changes.append(told)
            tags = [name for _slug, name in last.snapshot["tags"]]
            documents.append(names(pk, tags, own))
        Version.objects.bulk_create(versions)
        Change.objects.bulk_create(changes)
        fulltext.write_names(documents)


def _next_versions(who: str, due: Mapping[int, Due]) -> Iterator[list[Version]]:
    """Give entries their next versions, as their rows now say, batch by batch in few queries."""
    for keys in batched(sorted(due), BATCH):
        entries_ = list(Recommendation.objects.filter(pk__in=keys).for_snapshots())
        last = {
            version.recommendation_id: version
            for version in Version.objects.filter(recommendation__in=keys)
            .defer("snapshot")
            .order_by("number")
        }
        yield Version.objects.bulk_create(
            _version(each, last.get(each.pk), due[each.pk].reason) for each in entries_
        )
        Change.objects.bulk_create(_notes(who, entries_, due))
        index(entries_)


def _notes(who: str, entries_: list[Recommendation], due: Mapping[int, Due]) -> Iterator[Change]:
    """Yield what goes on record of entries that got a version."""
    for each in entries_:
        said = due[each.pk]
        if said.act == REFILE:
            after = {"themes": [theme.slug for theme in each.themes.all()]}
            yield audit.change(who, REFILE, each, said.before, after, said.reason)
        elif said.act:
            yield audit.change(who, said.act, each, said.before, record(each), said.reason)


def _version(entry: Recommendation, last: Version | None, reason: str) -> Version:
    first = Version(recommendation=entry, number=0, published_at=timezone.now())
    version = _version_after(last or first, reason, entry.snapshot(), timezone.now())
    version.recommendation = entry
    return version


def _version_after(last: Version, reason: str, snapshot: dict, now: datetime) -> Version:
    """Return the version that follows another, chained to it by hash."""
    version = Version(
        recommendation_id=last.recommendation_id,
        number=last.number + 1,
        published_at=max(now, last.published_at),  # where a clock was set back
        reason=reason,
        snapshot=snapshot,
        previous_hash=last.hash,
    )
    version.hash = version.digest()
    return version
