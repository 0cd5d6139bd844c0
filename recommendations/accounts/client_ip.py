"""The client's IP address, as far as it can be trusted."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the address to count failed sign-ins by, or None if the server knows none.

    Each proxy appends the address it saw to X-Forwarded-For, so only the last TRUSTED_PROXIES
    entries are not under the client's control.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    chain = [*request.META.get("HTTP_X_FORWARDED_FOR", "").split(","), direct]
    seen = chain[-1 - settings.TRUSTED_PROXIES] if len(chain) > settings.TRUSTED_PROXIES else direct
    return countable(seen) or countable(direct)


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
