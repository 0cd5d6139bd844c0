"""Entries as cards, for any page that lists some."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from recommendations.search.fulltext import Query
from recommendations.views.cards import rendered

register = template.Library()


@register.simple_tag
def cards(keys: Iterable[int], content_version: int, query: Query | None = None) -> SafeString:
    """Render entries by key, with the words of a search marked."""
    return rendered(keys, content_version, query)
