"""What holds for every address: security headers, and one canonical way to write it."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.urls import Resolver404, resolve

from recommendations.accounts.client_ip import forwarded
from recommendations.formats import OPEN, is_data
from recommendations.formats.absolute_url import spellings
from recommendations.models import FormerTheme

Answer = Callable[[HttpRequest], HttpResponse]

HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
THEME, SLUG = re.compile(r"^/themes/([^/.]+)"), re.compile("[a-z0-9-]+")


def forwarded_scheme(get_response: Answer) -> Answer:
    """Take from the proxy in front whether a client came over TLS, as PEP 3333 names it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if scheme := forwarded(request).get("proto"):
            request.META["wsgi.url_scheme"] = scheme.lower()
        return get_response(request)

    return middleware


def security_headers(get_response: Answer) -> Answer:
    """Add the security headers that Django has no setting for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def canonical_address(get_response: Answer) -> Answer:
    """Redirect a path in other letter case, or with a slash too many or too few, to its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD") and not is_known(request.path_info):
            for path in spellings(request.path_info):
                if path != request.path_info and is_known(path):
                    query = request.META.get("QUERY_STRING", "")
                    if names_former_theme(path, query):  # its view redirects by itself: once
                        request.path = request.path_info = path
                        return get_response(request)
                    headers = OPEN if is_data(path) else {}
                    return HttpResponsePermanentRedirect(
                        f"{path}?{query}" if query else path, headers=headers
                    )
        return get_response(request)

    return middleware


def is_known(path: str) -> bool:
    """Tell whether a path has a view."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def names_former_theme(path: str, query: str) -> bool:
    """Tell whether a URL names a theme that was renamed, merged or retired."""
    named = THEME.findall(path) + QueryDict(query).getlist("theme")
    slugs = [slug for slug in named if SLUG.fullmatch(slug)]
    return bool(slugs) and FormerTheme.objects.filter(slug__in=slugs).exists()
