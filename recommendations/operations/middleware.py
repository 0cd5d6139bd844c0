"""What holds for every address: security headers, and one canonical way to write it."""

import re
from collections.abc import Callable
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    QueryDict,
)
from django.urls import Resolver404, resolve

from recommendations.accounts.client_ip import forwarded
from recommendations.formats import OPEN, is_data
from recommendations.formats.absolute_url import spellings
from recommendations.models import FormerTheme
from recommendations.search.filterset import RecommendationFilter

from .page_cache import REVALIDATE

Answer = Callable[[HttpRequest], HttpResponse]

HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# The query parameters of each HTML page, by the name of its view.
PARAMETERS: dict[str, tuple[str, ...]] = dict.fromkeys(
    (
        *("home", "recommendation", "embed", "declaration", "former_text", "themes", "theme"),
        *("addressees", "addressee", "compare"),
        *("overview", "api", "about"),
    ),
    (),
) | {
    "browse": (*RecommendationFilter.base_filters, "page"),
    "follow": tuple(RecommendationFilter.base_filters),
    "briefing": ("codes", "add", "find"),
    "check": ("q",),
    "suggest": ("q",),
    "declarations": ("page",),
    "version": ("compare",),
}
PRIVATE = "private, no-store"
THEME, SLUG = re.compile(r"^/themes/([^/.]+)"), re.compile("[a-z0-9-]+")


def forwarded_scheme(get_response: Answer) -> Answer:
    """Take from the proxy in front whether a client came over TLS, as PEP 3333 names it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if scheme := forwarded(request).get("proto"):
            request.META["wsgi.url_scheme"] = scheme.lower()
        return get_response(request)

    return middleware


def security_headers(get_response: Answer) -> Answer:
    """Add the security headers that Django has no setting for, and say who may keep an answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_private = settings.SESSION_COOKIE_NAME in request.COOKIES
        response.headers.setdefault("Cache-Control", PRIVATE if is_private else REVALIDATE)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def canonical_address(get_response: Answer) -> Answer:
    """Redirect to the canonical address in one step: 301 where only the path was spelled otherwise.

    302 where a page does not know a name in the query, such as `utm_source` of a shared link, which
    is left out. Data formats refuse such names themselves.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        query = request.META.get("QUERY_STRING", "")
        path, view = canonical(request.path_info)
        known = without_unknown(query, PARAMETERS.get(view))
        if (path, known) == (request.path_info, query):
            return get_response(request)
        if is_led_on(path, known):
            request.path = request.path_info = path
            request.META["QUERY_STRING"] = known
            return get_response(request)
        redirect = HttpResponseRedirect if known != query else HttpResponsePermanentRedirect
        headers = OPEN if is_data(path) else {}
        return redirect(f"{path}?{known}" if known else path, headers=headers)

    return middleware


def canonical(path: str) -> tuple[str, str]:
    """Return a path as the site writes it, and its view's name; "" where it has none."""
    for each in (path, *spellings(path)):
        try:
            return each, resolve(each).view_name
        except Resolver404:
            continue
    return path, ""


def without_unknown(query: str, known: tuple[str, ...] | None) -> str:
    """Return a query without names that are not known, else byte for byte; None knows all."""
    if not query or known is None:
        return query
    parts = query.split("&")
    kept = [part for part in parts if not part or unquote_plus(part.partition("=")[0]) in known]
    return "&".join(kept) if len(kept) < len(parts) else query


def is_led_on(path: str, query: str) -> bool:
    """Tell whether a view redirects by itself: from a former theme, or a theme in capitals."""
    named = THEME.findall(path) + QueryDict(query).getlist("theme")
    slugs = [slug for slug in named if SLUG.fullmatch(slug)]
    if slugs and FormerTheme.objects.filter(slug__in=slugs).exists():
        return True
    return any(slug != slug.lower() for slug in THEME.findall(path))
