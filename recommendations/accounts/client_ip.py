"""The client's IP address, as far as it can be trusted."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the address to count failed sign-ins by, or None if the server knows none."""
    return countable(request.META.get("REMOTE_ADDR", ""))


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
