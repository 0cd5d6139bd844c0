"""What the proxies in front say of a client, in the `Forwarded` header (RFC 7239).

WSGI servers give `X-Forwarded-For` and a forged `X_Forwarded_For` one name, and a proxy overwrites
only the first. `Forwarded` has no hyphen, so nobody can send another header that reads the same.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from recommendations.accounts.client_ip import countable


def forwarded_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Take the client's address and scheme from the outermost proxy that is trusted."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if said := told(request.META.get("HTTP_FORWARDED", ""), settings.TRUSTED_PROXIES):
            if countable(client := address(said.get("for", ""))):
                request.META["REMOTE_ADDR"] = client
            request.META["wsgi.url_scheme"] = said.get("proto", "http").lower()
        return get_response(request)

    return middleware


def told(header: str, proxies: int) -> dict[str, str]:
    """Return what the outermost of so many proxies wrote, by small names; empty if none did."""
    elements = header.split(",")  # no address has a comma, and what a client quotes hides none
    if not 0 < proxies <= len(elements):
        return {}
    pairs = (pair.partition("=") for pair in elements[-proxies].split(";"))
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}


def address(node: str) -> str:
    """Return the address of a node, without port and brackets: [2001:db8::1]:80, 192.0.2.1:80."""
    if node.startswith("["):
        return node[1:].partition("]")[0]
    return node.partition(":")[0] if node.count(":") == 1 else node
