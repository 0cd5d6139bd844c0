"""Absolute addresses: what readers pass on starts with the site's own, whatever host a request
named.
"""

from django.conf import settings


def permalink(path: str) -> str:
    """Return the absolute address of a path on this site."""
    return settings.SITE_URL + path
