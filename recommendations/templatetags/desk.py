"""What the desk's own templates ask for."""

from dataclasses import dataclass

from django import template

from recommendations.editorial import worklist
from recommendations.models import Intake, Source

MOST = 10  # declarations, and as many files, on the desk's first page

register = template.Library()


@dataclass(frozen=True)
class UnderWay:
    """Unfinished work: files not yet declarations, and declarations with open proposals."""

    intakes: list[Intake]
    sources: list[Source]
    is_cut: bool

    most = MOST

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was begun."""
        return not self.intakes and not self.sources


@register.simple_tag
def care_total() -> int:
    """Count what needs care, for the desk's first page, whose view is Django's."""
    return worklist.total()


@register.simple_tag
def under_way() -> UnderWay:
    """Return what was begun and waits for its next step, the newest files first."""
    intakes = list(worklist.unfinished_intakes().order_by("-pk")[: MOST + 1])
    sources = list(worklist.waiting_proposals()[: MOST + 1])
    return UnderWay(intakes[:MOST], sources[:MOST], max(len(intakes), len(sources)) > MOST)
