"""oEmbed (oembed.com, section 2): what a site that wants to show one of our links is told about it.

Beside url, format, maxwidth and maxheight the endpoint takes `type`: "link", which is also what
comes unasked, because some sites drop what they do not frame; or "rich", which comes with a frame
of the entry's small page.
"""

import re
from dataclasses import dataclass
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
    """A question that has no answer, with the status to say so."""

    def __init__(self, status: int, message: str):
        self.status = status
        super().__init__(message)


@dataclass(frozen=True)
class Wish:
    """What a site asked for; without a limit, width and height are 0."""

    url: str
    format: str
    type: str
    width: int
    height: int

    def admits(self, width: int, height: int) -> bool:
        """Tell whether something of this size is within the limits."""
        return (not self.width or width <= self.width) and (
            not self.height or height <= self.height
        )


def wish(query: QueryDict) -> Wish:
    """Read the question; raises Refused."""
    asked = {name: query.get(name, "") for name in PARAMETERS}
    if not asked["url"]:
        raise Refused(
            400, "The parameter url is missing: /oembed?url=" + permalink("/PARIS-2025-4")
        )
    if (form := asked["format"] or "json") not in ("json", "xml"):
        raise Refused(501, "The formats are json and xml.")
    if (kind := asked["type"] or "link") not in ("link", "rich"):
        raise Refused(400, "The types are link and rich.")
    for name in ("maxwidth", "maxheight"):
        if not re.fullmatch("([1-9][0-9]{0,5})?", asked[name], re.ASCII):
            raise Refused(400, f"{name} is a number of pixels.")
    return Wish(asked["url"], form, kind, int(asked["maxwidth"] or 0), int(asked["maxheight"] or 0))


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


def answer(entry, wish: Wish) -> dict:
    """Describe an entry as was wished; a picture larger than that is left out."""
    drawn, link, source = card(entry), permalink(entry.get_absolute_url()), entry.source
    found = {
        "version": "1.0",
        "type": wish.type,
        "title": citations.one_line(f"{entry.code}: {entry.title}"),
        "author_name": citations.one_line(drawn.issuers),
        "author_url": permalink(source.get_absolute_url()),
        "provider_name": "TECH7 Recommendations",
        "provider_url": f"{settings.SITE_URL}/",
        "cache_age": 3600,
    }
    if wish.admits(social_card.WIDTH, social_card.HEIGHT):
        found |= {
            "thumbnail_url": f"{link}.png?v={social_card.key(drawn)}",
            "thumbnail_width": social_card.WIDTH,
            "thumbnail_height": social_card.HEIGHT,
        }
    return found | (_frame(entry, wish, found["title"]) if wish.type == "rich" else {})


def _frame(entry, wish: Wish, title: str) -> dict:
    """Return the frame of an entry's small page, high enough for its words at some 8 pixels a sign
    and 27 a line.
    """
    width = min(WIDTH, wish.width or WIDTH)
    lines = (
        sum(len(passage.quote) for passage in entry.passages) * 9 // width + len(entry.passages) + 1
    )
    height = min(LEAST + 27 * lines, wish.height or 10**6)
    address = permalink(f"{entry.get_absolute_url()}/embed")
    frame = '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy"></iframe>'
    return {
        "html": format_html(frame, address, width, height, title),
        "width": width,
        "height": height,
    }


def _host(parts) -> tuple[str, int]:
    """Return host and port; whether the address says http or https makes no difference for what it
    means.
    """
    port = parts.port or PORTS[parts.scheme]
    return parts.hostname or "", 443 if port == 80 else port
