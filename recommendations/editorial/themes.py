"""Themes that are renamed, merged or retired: the old address leads on, in one step, or says when
and why it ended.

A slug that a theme once had is never given to another, and each former slug names the theme that
answers for it today.
"""

import re
from collections.abc import Callable
from itertools import batched

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from recommendations.models import FormerTheme, Recommendation, Theme, Version
from recommendations.search import fulltext

from .audit import note, recorded, state
from .merge_errors import Refused

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
BATCH = 500  # entries that get their next version at once
NAMED = 5  # entries that a refusal names


@transaction.atomic
def rename(who: str, theme: Theme, slug: str, label: str, reason: str) -> None:
    """Give a theme another address or label; its old address leads to the new one. Raises
    Refused.
    """
    theme = _locked(theme)
    _check_reason(reason)
    check_free(slug, theme)
    if Theme.objects.filter(label=label).exclude(pk=theme.pk).exists():
        raise Refused(f"Another theme is called “{label}”.")
    with recorded(who, "rename", theme, reason):
        if slug != theme.slug:
            theme.former.filter(slug=slug).delete()  # it takes an address back that was its own
            _end(theme, theme, reason)
        theme.slug, theme.label = slug, label
        theme.full_clean()
        theme.save()
    Recommendation.objects.in_theme(theme).index()


def check_free(slug: str, theme: Theme | None = None) -> None:
    """Raise Refused unless a slug may be a theme's: no other theme has it, or ever had it."""
    if not SLUG.fullmatch(slug):
        raise Refused(
            "An address has small letters and digits, with a hyphen between words: data-spaces."
        )
    if Theme.objects.filter(slug=slug).exclude(pk=theme and theme.pk).exists():
        raise Refused(f"Another theme has the address “{slug}”.")
    former = FormerTheme.objects.filter(slug=slug).first()
    if former and not (theme and former.successor_id == theme.pk):
        raise Refused(
            f"“{slug}” was the address of “{former.label}”, and links to it still lead on: choose "
            "another."
        )


@transaction.atomic
def merge_themes(
    who: str, theme: Theme, into: Theme, reason: str, *, keep_names: bool = True
) -> None:
    """File everything of one theme under another, which answers for its addresses from now on.
    Raises Refused.

    With `keep_names` a search finds the other theme by the names of this one. Every published entry
    gets a version.
    """
    if theme.pk == into.pk:
        raise Refused("A theme cannot be merged into itself.")
    theme, into = _locked(theme), _locked(into)
    _check_reason(reason)
    before = state(theme)
    with recorded(who, "merge", into, reason):
        if keep_names:
            known = {name.casefold() for name in into.names}
            for name in theme.names:
                if name.casefold() not in known:
                    known.add(name.casefold())
                    into.alternatives.create(label=name)
            Recommendation.objects.in_theme(into).index()
    _refile(who, theme, lambda: _move(theme, into), reason)
    _move_proposals(who, theme, into, reason)
    _end(theme, into, reason)
    note(who, "merge", theme, before, None, reason)
    theme.delete()


@transaction.atomic
def retire(who: str, theme: Theme, reason: str, successor: Theme | None = None) -> None:
    """End a theme: entries leave it, and its address leads to a successor or says when and why.
    Raises Refused.
    """
    if successor and successor.pk == theme.pk:
        raise Refused("A theme cannot succeed itself.")
    theme = _locked(theme)
    _check_reason(reason)
    if left := only_in(theme):
        named = ", ".join(left[:NAMED]) + (f" and {len(left) - NAMED} more" if left[NAMED:] else "")
        raise Refused(
            f"Published entries have no other theme: {named}. File them under another, or merge "
            "the theme."
        )
    before = state(theme)
    _refile(who, theme, theme.recommendations.clear, reason)
    _move_proposals(who, theme, None, reason)
    _end(theme, successor, reason)
    note(who, "retire", theme, before, None, reason)
    theme.delete()


def only_in(theme: Theme) -> list[str]:
    """Return the codes of the published entries that have no other theme."""
    elsewhere = Recommendation.objects.filter(themes__in=Theme.objects.exclude(pk=theme.pk))
    alone = (
        Recommendation.objects.published().in_theme(theme).exclude(pk__in=elsewhere.values("pk"))
    )
    return list(alone.values_list("code", flat=True))


def _locked(theme: Theme) -> Theme:
    """Return a theme as the database holds it; all themes are locked, so that two acts on them
    never cross.
    """
    found = {each.pk: each for each in Theme.objects.select_for_update().order_by("pk")}
    if theme.pk not in found:
        raise Refused(f"“{theme.label}” has ended meanwhile.")
    return found[theme.pk]


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("A reason is missing.")


def _end(theme: Theme, successor: Theme | None, reason: str) -> None:
    """Let a theme's present address, and every former one of it, lead to its successor in
    one step.
    """
    today = timezone.localdate()
    led_here = FormerTheme.objects.filter(successor=theme)
    if successor is None:
        led_here.update(successor=None, ended_on=today, reason=reason.strip())
    else:
        led_here.update(successor=successor)
    FormerTheme.objects.create(
        slug=theme.slug,
        label=theme.label,
        successor=successor,
        ended_on=today,
        reason=reason.strip(),
    )


def _move(theme: Theme, into: Theme) -> None:
    """File the entries of one theme under another, each once."""
    filed = Recommendation.themes.through.objects
    twice = filed.filter(theme=into).values("recommendation_id")
    filed.filter(theme=theme).exclude(recommendation_id__in=twice).update(theme=into)
    filed.filter(theme=theme).delete()


def _move_proposals(who: str, theme: Theme, into: Theme | None, reason: str) -> None:
    """File the proposals of one theme under another or none, each once, on record and as another
    revision.
    """
    for proposal in (
        theme.proposals.select_for_update(of=["self"]).select_related("source").order_by("pk")
    ):
        with recorded(who, "refile", proposal, reason):
            proposal.themes.remove(theme)
            if into:
                proposal.themes.add(into)
            proposal.save()


def _refile(who: str, theme: Theme, move: Callable[[], None], reason: str) -> None:
    """Move the entries of a theme; each is put on record, and each that readers see gets its next
    version.
    """
    pks = list(
        theme.recommendations.select_for_update(of=["self"])
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    before = {pk: [] for pk in pks}
    filed = Recommendation.themes.through.objects.filter(
        recommendation__in=theme.recommendations.values("pk")
    )
    for pk, slug in filed.order_by("theme__position", "theme__slug").values_list(
        "recommendation_id", "theme__slug"
    ):
        before[pk].append(slug)
    move()
    for batch in batched(pks, BATCH):
        entries = list(
            Recommendation.objects.filter(pk__in=batch).with_parts().prefetch_related("addressees")
        )
        for entry in entries:
            after = {"themes": [each.slug for each in entry.themes.all()]}
            note(who, "refile", entry, {"themes": before[entry.pk]}, after, reason)
        republish([entry for entry in entries if entry.is_published], reason)


def republish(entries: list[Recommendation], reason: str) -> None:
    """Give entries with all their parts their next versions, in a fixed number of queries."""
    last, now = {}, timezone.now()
    for version in (
        Version.objects.filter(recommendation__in=entries).defer("snapshot").order_by("number")
    ):
        last[version.recommendation_id] = version
    versions = []
    for entry in entries:
        before = last[entry.pk]
        version = Version(
            recommendation=entry,
            number=before.number + 1,
            published_at=now,
            reason=reason.strip(),
            snapshot=entry.snapshot(),
            previous_hash=before.hash,
        )
        version.hash = version.digest()
        versions.append(version)
    Version.objects.bulk_create(versions)
    Recommendation.objects.filter(pk__in=[entry.pk for entry in entries]).update(
        revision=F("revision") + 1
    )
    fulltext.write(entry.document() for entry in entries)
