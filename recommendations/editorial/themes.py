"""Themes that are merged or retired: their addresses lead on, in one step, or say when and why.

A slug that a theme once had is never given to another, and each former slug names the theme that
answers for it today.
"""

import re
from collections.abc import Collection

from recommendations.models import FormerTheme, Organisation, Recommendation, Theme, Version
from recommendations.models.proposal import Act, Proposal
from recommendations.models.theme import OTHER

from . import audit
from .errors import Refused
from .plan import Ending, Plan

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check_free(slug: str, theme: Theme | None = None) -> None:
    """Raise Refused unless a slug may be a theme's: no other theme has it, or ever had it."""
    if not SLUG.fullmatch(slug):
        raise Refused(
            "An address has small letters and digits, with a hyphen between words: data-spaces."
        )
    if slug == OTHER:
        raise Refused(f"“{OTHER}” is the address of entries without a theme: choose another.")
    if Theme.objects.filter(slug=slug).exclude(pk=theme and theme.pk).exists():
        raise Refused(f"Another theme has the address “{slug}”.")
    former = FormerTheme.objects.filter(slug=slug).first()
    if former and not (theme and former.successor_id == theme.pk):
        raise Refused(
            f"“{slug}” was the address of “{former.label}”, and links to it still lead on: choose "
            "another."
        )


def propose_merge(theme: Theme, into: Theme, *, keep_names: bool = True) -> Proposal:
    """Return an unsaved proposal to file everything of one theme under another.

    With `keep_names` a search finds the other theme by the names of this one.
    """
    if theme.pk == into.pk:
        raise Refused("A theme cannot be merged into itself.")
    proposal = Proposal(act=Act.MERGE_THEMES, title=f"Merge “{theme}” into “{into}”"[:120])
    proposal.details = {"theme": theme.slug, "into": into.slug, "keep_names": keep_names}
    return proposal


def propose_retirement(theme: Theme, successor: Theme | None = None) -> Proposal:
    """Return an unsaved proposal to end a theme, whose address leads to a successor or says why."""
    if successor and successor.pk == theme.pk:
        raise Refused("A theme cannot succeed itself.")
    proposal = Proposal(act=Act.RETIRE_THEME, title=f"Retire “{theme}”"[:120])
    proposal.details = {"theme": theme.slug, "successor": successor.slug if successor else ""}
    return proposal


def plan(proposal: Proposal, reason: str) -> Plan:
    """End the theme; all themes are locked, so that two acts on them never cross."""
    known = {each.slug: each for each in Theme.objects.select_for_update().order_by("pk")}
    said = proposal.details
    for slug in filter(None, (said["theme"], said.get("into"), said.get("successor"))):
        if slug not in known:
            raise Refused(f"The theme “{slug}” has ended meanwhile.")
    theme, into = known[said["theme"]], known.get(said.get("into"))
    successor = into or known.get(said.get("successor"))
    return Plan(ending=Ending(theme, into, successor, said.get("keep_names", False)))


def only_in(theme: Theme) -> list[str]:
    """Return the codes of the published entries that have no other theme."""
    elsewhere = Recommendation.objects.filter(themes__in=Theme.objects.exclude(pk=theme.pk))
    alone = Recommendation.objects.in_theme(theme).exclude(pk__in=elsewhere.values("pk"))
    return list(alone.values_list("code", flat=True))


def filed_under(theme: Theme) -> dict[int, list[str]]:
    """Lock the published entries of a theme, and return the slugs of all their themes by key."""
    keys = theme.recommendations.select_for_update(of=["self"]).order_by("pk")
    found: dict[int, list[str]] = {pk: [] for pk in keys.values_list("pk", flat=True)}
    filed = Recommendation.themes.through.objects.filter(
        recommendation__in=theme.recommendations.values("pk")
    )
    for pk, slug in filed.order_by("theme__position", "theme__slug").values_list(
        "recommendation_id", "theme__slug"
    ):
        found[pk].append(slug)
    return found


def filed(keys: Collection[int]) -> dict[int, list[Theme]]:
    """Return the themes of entries, in their order, by key."""
    known = {theme.pk: theme for theme in Theme.objects.prefetch_related("alternatives")}
    found: dict[int, list[Theme]] = {pk: [] for pk in keys}
    rows = Recommendation.themes.through.objects.filter(recommendation__in=keys)
    for pk, theme in rows.order_by("theme__position", "theme__slug").values_list(
        "recommendation_id", "theme_id"
    ):
        found[pk].append(known[theme])
    return found


def newest_versions(keys: Collection[int]) -> list[Version]:
    """Return the newest version of each of some entries."""
    numbered = Version.objects.filter(recommendation__in=keys).order_by("number")
    newest = dict(numbered.values_list("recommendation_id", "pk"))
    return list(Version.objects.filter(pk__in=newest.values()).order_by("recommendation_id"))


def follow(who: str, slug: str, successor: str | None, reason: str) -> None:
    """File waiting proposals under another slug or none, on record and as another revision."""
    waiting = Proposal.objects.filter(published_at=None).select_for_update(of=["self"])
    for proposal in waiting.select_related("source").order_by("pk"):
        if slug in proposal.themes:
            with audit.recorded(who, "refile", proposal, reason):
                names = [successor if each == slug else each for each in proposal.themes]
                proposal.themes = list(dict.fromkeys(filter(None, names)))
                proposal.save()


def waiting_in(theme: Theme) -> int:
    """Count the waiting proposals that are filed under a theme."""
    return sum(theme.slug in each for each in _waiting("themes"))


def waiting_for(organisation: Organisation) -> int:
    """Count the waiting proposals that address an organisation."""
    return sum(organisation.slug in each for each in _waiting("addressees"))


def _waiting(field: str):
    return Proposal.objects.filter(published_at=None).values_list(field, flat=True)
