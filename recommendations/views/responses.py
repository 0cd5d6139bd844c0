"""What every data format has in common: who may read it, whether a copy is still good, links to and
from its page.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from recommendations.formats import OPEN, Representation, problem
from recommendations.formats.absolute_url import permalink
from recommendations.operations.page_cache import tag

Format = tuple[str, str, str]  # name, address, media type
# signs of a Link header; servers in between refuse heads of 8 kB, and the page holds the same links
LONGEST = 4000


def reading(view: Callable) -> Callable:
    """Let a view answer only reading, with the same word for all else: it changes nothing, so it
    needs no token.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        response = problem(request.path, 405, "This address can only be read: use GET or HEAD")
        response["Allow"] = "GET, HEAD"
        return response

    return csrf_exempt(answer)


def answer(
    request: HttpRequest, representation: Representation, thing, page: str, *, listed=True
) -> HttpResponse:
    """Answer with a thing in a format, or 304 to whoever has it; `page` is the path of the same
    thing as a page.
    """
    etag = tag(request)
    response = get_conditional_response(request, etag=etag) or representation.response(thing)
    for name, value in OPEN.items():  # of 304 too: a browser holds every answer to them
        response[name] = value
    response["ETag"] = etag
    link(response, permalink(page), rel="canonical", type="text/html")
    if not listed:
        response["X-Robots-Tag"] = "noindex"
    return response


def link(response: HttpResponse, url: str, **attributes: str) -> None:
    """Add a link to the Link header (RFC 8288)."""
    written = "".join(f'; {name}="{value}"' for name, value in attributes.items())
    response["Link"] = ", ".join(filter(None, [response.get("Link", ""), f"<{url}>{written}"]))


def alternates(response: HttpResponse, formats: Iterable[Format]) -> HttpResponse:
    """Link a page to its other formats, in its head as in its markup, unless that makes a head
    nobody would take.
    """
    formats = list(formats)
    if sum(len(address) + 100 for _name, address, _media_type in formats) <= LONGEST:
        for name, address, media_type in formats:
            link(response, address, rel="alternate", type=media_type.split(";")[0], title=name)
    return response


def formats_at(path: str, group: dict[str, Representation]) -> list[Format]:
    """Return name, address and media type of every format of what stands at a path, with
    its query.
    """
    parts = urlsplit(path)
    stem, query = parts.path.rstrip("/"), f"?{parts.query}" if parts.query else ""
    return [
        (each.name, f"{stem}.{each.extension}{query}", each.media_type) for each in group.values()
    ]
