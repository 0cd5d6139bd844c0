"""What a passage that an editor made is proposed to be filed under: the same rules as for those
that were proposed.
"""

from taggit.models import Tag

from recommendations.ingest.detect import Concept, Labels, Proposed, Vocabulary, label
from recommendations.models import Actor, Proposal, Theme


def vocabulary() -> Vocabulary:
    """Return what passages can be filed under: themes with all their names, tags in use, actors."""
    themes = Theme.objects.prefetch_related("alternatives")
    return Vocabulary(
        themes=[_concept(theme) for theme in themes],
        tags=list(Tag.objects.order_by("name").values_list("name", flat=True)),
        actors=[
            Concept(key=actor.slug, labels=[actor.name], definition="")
            for actor in Actor.objects.all()
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
    """Return title, themes, tags and addressees as the rules propose them for the first passage of
    a proposal.
    """
    start, end = proposal.spans[0]
    made = Proposed(start=start, end=end, cue="", why="", lead=None)
    return label(proposal.source.text, made, vocabulary(), proposal.source.language)


def file(proposal: Proposal) -> None:
    """Save a new proposal with what the rules propose for it."""
    found = labels(proposal)
    proposal.title, proposal.tags = found.title[:120], list(found.tags)
    proposal.save()
    proposal.themes.set(Theme.objects.filter(slug__in=found.themes))
    proposal.addressees.set(Actor.objects.filter(slug__in=found.addressees))
