"""What a page that is no recommendation says to link previews."""

from typing import Any

from django import template

from recommendations.formats import page_cards
from recommendations.models import Theme

register = template.Library()


@register.inclusion_tag("recommendations/partials/preview.html", takes_context=True)
def preview(
    context: dict[str, Any],
    title: str,
    description: str,
    note: str = "",
    themes: list[tuple[Theme, int]] | None = None,
) -> dict[str, str]:
    """Render title, description and card of a page; the counts of themes are not shown."""
    icons = [(theme.sign, theme.label) for theme, _count in themes or []]
    picture = page_cards.address(title, note, icons)
    return {
        "title": title,
        "description": description,
        "canonical": context.get("canonical", ""),
        "picture": picture,
    }
