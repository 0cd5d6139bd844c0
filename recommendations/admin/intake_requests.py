"""What a browser sends of an intake, before anything is made of it."""

from django.http import HttpRequest


def number(text: str) -> int:
    """Read a number; what is none, or has more than nine digits, counts as -1."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def length(request: HttpRequest) -> int:
    """Return how many bytes a request announces."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isascii() and announced.isdigit() else 0
