"""Facet values as markup, in Python because a template is too slow for hundreds of them."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString

from recommendations.search.facet_links import FacetValue

register = template.Library()


@register.simple_tag
def facet_values(name: str, values: Iterable[FacetValue]) -> SafeString:
    """Render values of a facet as list items, each a link with its count."""
    return SafeString("\n".join(_item(name, each) for each in values))


def _item(name: str, value: FacetValue) -> str:
    current, remove = "", ""
    if value.selected:
        current = ' class="chosen" aria-current="true"'
        remove = '<span class="visually-hidden"> (selected, remove)</span>'
    opening = f'<a id="{name}-{escape(value.option.value)}"{current} href="{escape(value.url)}">'
    link = f"{opening}{_label(value)}{remove}</a>"
    return f'<li>{link} <span class="count">{value.count}</span></li>'


def _label(value: FacetValue) -> str:
    """Return the label of a value, a theme with its icon."""
    label, icon = escape(value.option.label), escape(value.option.icon)
    return f'<span class="theme" data-sign="{icon}">{label}</span>' if icon else label
