"""oEmbed (oembed.com, section 2): what a site that wants to show one of our links is told about it.

Beside url, format, maxwidth and maxheight the endpoint takes `type`: "link", which is also what
comes unasked, because some sites drop what they do not frame; or "rich", which comes with a frame
of the entry's small page.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.html import format_html

from . import citations, social_card
from .absolute_url import permalink, spellings
from .share import card

PAGES = {"recommendation", "version", "embed"}  # in the site map; what they show may be embedded
PARAMETERS = ("url", "format", "maxwidth", "maxheight", "type")
WIDTH, LEAST = 600, 200  # pixels of the frame, unless less was asked for
PORTS = {"http": 80, "https": 443}


class Refused(ValueError):
    """A request that is refused, with a status."""

    def __init__(self, status: int, message: str):
        self.status = status
        super().__init__(message)


@dataclass(frozen=True)
class EmbedRequest:
    """What a site asks for; without a limit, width and height are 0."""

    url: str
    format: str
    type: str
    width: int
    height: int

    def admits(self, width: int, height: int) -> bool:
        """Tell whether something of this size is within the limits."""
        fits_width = not self.width or width <= self.width
        return fits_width and (not self.height or height <= self.height)


def read(query: QueryDict) -> EmbedRequest:
    """Read the query; raises Refused."""
    asked = {name: query.get(name, "") for name in PARAMETERS}
    if not asked["url"]:
        example = f"/oembed?url={permalink('/PARIS-2025-4')}"
        raise Refused(400, f"The parameter url is missing: {example}")
    if (form := asked["format"] or "json") not in ("json", "xml"):
        raise Refused(501, "The formats are json and xml.")
    if (kind := asked["type"] or "link") not in ("link", "rich"):
        raise Refused(400, "The types are link and rich.")
    for name in ("maxwidth", "maxheight"):
        if not re.fullmatch("([1-9][0-9]{0,5})?", asked[name], re.ASCII):
            raise Refused(400, f"{name} is a number of pixels.")
    width, height = int(asked["maxwidth"] or 0), int(asked["maxheight"] or 0)
    return EmbedRequest(asked["url"], form, kind, width, height)


def code_of(url: str) -> str:
    """Return the code of the entry at an address of ours, however that is spelt; raises Refused."""
    try:
        parts, own = urlsplit(url.strip()), urlsplit(settings.SITE_URL)
        is_ours = parts.scheme in PORTS and _host(parts) == _host(own)
    except ValueError:
        is_ours = False
    if not is_ours:
        raise Refused(404, f"Only addresses of {settings.SITE_URL} can be embedded.")
    for path in spellings(unquote(parts.path)):
        try:
            found = resolve(path)
        except Resolver404:
            continue
        if found.url_name in PAGES:
            return found.kwargs["code"]
    raise Refused(404, "There is no recommendation at this address.")


def answer(entry, asked: EmbedRequest) -> dict:
    """Describe an entry as asked; leave out a picture that is too large."""
    drawn, link, source = card(entry), permalink(entry.get_absolute_url()), entry.source
    title = citations.one_line(f"{entry.code}: {entry.title}")
    found: dict[str, Any] = {
        "version": "1.0",
        "type": asked.type,
        "title": title,
        "author_name": citations.one_line(drawn.issuers),
        "author_url": permalink(source.get_absolute_url()),
        "provider_name": "TECH7 Recommendations",
        "provider_url": f"{settings.SITE_URL}/",
        "cache_age": 3600,
    }
    if asked.admits(social_card.WIDTH, social_card.HEIGHT):
        found |= {
            "thumbnail_url": f"{link}.png?v={social_card.key(drawn)}",
            "thumbnail_width": social_card.WIDTH,
            "thumbnail_height": social_card.HEIGHT,
        }
    return found | (_frame(entry, asked, title) if asked.type == "rich" else {})


def _frame(entry, asked: EmbedRequest, title: str) -> dict:
    """Return a frame for the embedded page, high enough for its words."""
    width = min(WIDTH, asked.width or WIDTH)
    length = sum(len(passage.quote) for passage in entry.passages)
    lines = length * 9 // width + len(entry.passages) + 1  # some 9 pixels a character
    height = min(LEAST + 27 * lines, asked.height or 10**6)
    address = permalink(f"{entry.get_absolute_url()}/embed")
    frame = '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy"></iframe>'
    return {
        "html": format_html(frame, address, width, height, title),
        "width": width,
        "height": height,
    }


def _host(parts) -> tuple[str, int]:
    """Return host and port, the same for http and https."""
    port = parts.port or PORTS[parts.scheme]
    return parts.hostname or "", 443 if port == 80 else port
