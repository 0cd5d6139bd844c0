"""Suggests title, themes, tags and addressees for a passage that an editor made."""

from taggit.models import Tag

from recommendations.ingest.detect import Concept, Labels, Proposed, Vocabulary, label
from recommendations.models import Organisation, Theme
from recommendations.models.proposal import Proposal


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
