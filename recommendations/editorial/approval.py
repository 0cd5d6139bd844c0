"""Four eyes: where the site asks for it, nobody publishes what they wrote last."""

from collections.abc import Iterable

from django.conf import settings

from recommendations.models.proposal import Proposal


def is_required() -> bool:
    """Tell whether the site asks for a second person."""
    return settings.FOUR_EYES


def problems(who: str, proposals: Iterable[Proposal]) -> list[str]:
    """Return what keeps somebody from publishing what they wrote last, one line for each."""
    own = [each for each in proposals if is_required() and each.written_by == who]
    return [
        f"“{each}” was written last by {who}: this site asks for four eyes, so somebody else "
        "publishes it."
        for each in own
    ]
