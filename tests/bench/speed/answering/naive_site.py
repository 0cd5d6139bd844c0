"""Answers for the naive site, and for the empty view; run by start.py."""

import loop
import pages
from django.http import QueryDict
from naive.views import FACETS, ordered, values


def facts(query: str) -> dict:
    """Return how many entries a question finds, and how many of each value of each facet."""
    params = QueryDict(query)
    facets = {name: {str(value): n for value, _label, n in values(params, name)} for name in FACETS}
    return {"count": ordered(params).count(), "facets": facets, "missing": [], "partial": False}


def main() -> None:
    """Answer until nobody asks any more."""
    loop.serve({"get": pages.get, "facts": facts, "memory": loop.memory})
