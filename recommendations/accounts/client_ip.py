"""The client's IP address and scheme, as far as they can be trusted.

Of what a proxy adds, only `Forwarded` (RFC 7239) is read. WSGI gives `X-Forwarded-For` and a forged
`X_Forwarded_For` one name, and a proxy overwrites only the first; `Forwarded` has no such twin.
"""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the address to count failed sign-ins by, or None if the server knows none."""
    seen = countable(without_port(forwarded(request).get("for", "")))
    return seen or countable(request.META.get("REMOTE_ADDR", ""))


def forwarded(request: HttpRequest) -> dict[str, str]:
    """Return what the outermost trusted proxy wrote, by lower-case name; empty if none did."""
    elements = request.META.get("HTTP_FORWARDED", "").split(",")  # no value of a proxy has a comma
    if not 0 < settings.TRUSTED_PROXIES <= len(elements):
        return {}
    pairs = (pair.partition("=") for pair in elements[-settings.TRUSTED_PROXIES].split(";"))
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}


def without_port(node: str) -> str:
    """Return the address of a node, such as [2001:db8::1]:80 or 192.0.2.1:80."""
    if node.startswith("["):
        return node[1:].partition("]")[0]
    return node.partition(":")[0] if node.count(":") == 1 else node


def countable(text: str) -> str | None:
    """Return an IPv4 address as it is, and an IPv6 address as its /64 network; otherwise None."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        address = (
            address.ipv4_mapped or IPv6Network((int(address), 64), strict=False).network_address
        )
    return str(address)
