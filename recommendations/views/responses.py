"""What all data formats have in common: reading only, conditional answers, links to the page."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from recommendations.formats import OPEN, Representation, problem
from recommendations.formats.absolute_url import permalink
from recommendations.operations.page_cache import tag

Format = tuple[str, str, str]  # name, address, media type
LONGEST = 4000  # characters of a Link header; proxies refuse headers of 8 kB


def read_only(view: Callable) -> Callable:
    """Let a view answer GET and HEAD only; it changes nothing, so it needs no CSRF token."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        response = problem(request.path, 405, "This address can only be read: use GET or HEAD")
        response["Allow"] = "GET, HEAD"
        return response

    return csrf_exempt(answer)


def answer(
    request: HttpRequest,
    representation: Representation,
    thing: Any,
    page: str,
    *,
    listed: bool = True,
) -> HttpResponseBase:
    """Answer with a thing in a format, or with 304; `page` is the path of its page."""
    etag = tag(request)
    response = get_conditional_response(request, etag=etag) or representation.response(thing)
    for name, value in OPEN.items():  # of 304 too: a browser holds every answer to them
        response[name] = value
    response["ETag"] = etag
    link(response, permalink(page), rel="canonical", type="text/html")
    if not listed:
        response["X-Robots-Tag"] = "noindex"
    return response


def link(response: HttpResponseBase, url: str, **attributes: str) -> None:
    """Add a link to the Link header (RFC 8288)."""
    written = "".join(f'; {name}="{value}"' for name, value in attributes.items())
    response["Link"] = ", ".join(filter(None, [response.get("Link", ""), f"<{url}>{written}"]))


def with_alternates(response: HttpResponse, formats: Iterable[Format]) -> HttpResponse:
    """Add links to a page's other formats to its header, unless that makes it too long."""
    formats = list(formats)
    if sum(len(address) + 100 for _name, address, _media_type in formats) <= LONGEST:
        for name, address, media_type in formats:
            link(response, address, rel="alternate", type=media_type.split(";")[0], title=name)
    return response


def formats_at(path: str, group: dict[str, Representation]) -> list[Format]:
    """Return name, address and media type of every format of the page at a path."""
    parts = urlsplit(path)
    stem, query = parts.path.rstrip("/"), f"?{parts.query}" if parts.query else ""
    return [
        (each.name, f"{stem}.{each.extension}{query}", each.media_type) for each in group.values()
    ]
