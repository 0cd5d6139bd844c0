"""The review page of a declaration: its text with the proposals marked, and each proposal to decide on."""

from collections.abc import Callable

from django.urls import URLPattern


def paths(view: Callable) -> list[URLPattern]:
    """Return the addresses of the review, below those of a source; `view` wraps each for the admin."""
    return []
