"""Variables for every template."""

from django.conf import settings
from django.http import HttpRequest

from recommendations.formats.absolute_url import permalink

APPEARANCES = ("light", "dark")
APPEARANCE_COOKIE = settings.APPEARANCE_COOKIE_NAME


def site(request: HttpRequest) -> dict:
    """Return the page's canonical URL and the appearance that the reader chose."""
    return {"canonical": permalink(request.path), "appearance": appearance_of(request)}


def appearance_of(request: HttpRequest) -> str:
    """Return the appearance that the reader chose, or ""."""
    chosen = request.COOKIES.get(APPEARANCE_COOKIE, "")
    return chosen if chosen in APPEARANCES else ""
