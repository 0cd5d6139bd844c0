"""Suggests labels for a passage that an editor made, and passages that may be recommendations."""

from collections.abc import Iterable
from functools import lru_cache

from taggit.models import Tag

from recommendations.ingest.detect import Concept, Labels, Proposed, Vocabulary, find, label
from recommendations.models import Organisation, Source, Theme
from recommendations.models.proposal import Proposal

LONGEST = 100_000  # characters of a text in which possible passages are looked for


def vocabulary() -> Vocabulary:
    """Return what passages can be filed under: themes, tags in use, organisations."""
    themes = Theme.objects.prefetch_related("alternatives")
    return Vocabulary(
        themes=[_concept(theme) for theme in themes],
        tags=list(Tag.objects.order_by("name").values_list("name", flat=True)),
        actors=[
            Concept(key=each.slug, labels=[each.name], definition="")
            for each in Organisation.objects.all()
        ],
    )


def _concept(theme: Theme) -> Concept:
    return Concept(
        key=theme.slug,
        labels=theme.names,
        definition=theme.definition,
        signals=theme.signals.splitlines(),
    )


def labels(proposal: Proposal) -> Labels:
    """Return title, themes, tags and addressees suggested for the first passage."""
    start, end = proposal.spans[0]
    made = Proposed(start=start, end=end, cue="", why="", lead=None)
    return label(proposal.source.text, made, vocabulary(), proposal.source.language)


def fill(proposal: Proposal, found: Labels | None = None) -> None:
    """Say of a proposal what the rules propose for it."""
    found = found or labels(proposal)
    proposal.title, proposal.tags = found.title[:120], list(found.tags)
    proposal.themes, proposal.addressees = list(found.themes), list(found.addressees)
    if found.suggested_themes:
        proposal.details = {"suggested_themes": list(found.suggested_themes)}


def possibly_also(source: Source, taken: Iterable[tuple[int, int]]) -> list[Proposed]:
    """Return the sentences that may be recommendations and overlap none of the spans taken."""
    spans = list(taken)
    return [
        each
        for each in _possible(source.text, source.language)
        if not any(start < each.end and each.start < end for start, end in spans)
    ]


@lru_cache(maxsize=8)
def _possible(text: str, language: str) -> tuple[Proposed, ...]:
    """Return the possible passages of a text, kept because each visit of its review asks."""
    found = find(text, language) if len(text) <= LONGEST else []
    return tuple(each for each in found if each.possible)
