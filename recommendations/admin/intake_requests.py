"""What a browser sends of an intake, before anything is made of it."""

from django.http import HttpRequest

CHUNK, MOST_CHUNKS = 1 << 16, 4096  # bytes; 256 MB of a body that is refused are read and thrown away


def number(text: str) -> int:
    """Read a number; what is none, or has more than nine digits, counts as -1."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def length(request: HttpRequest) -> int:
    """Return how many bytes a request announces."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isascii() and announced.isdigit() else 0


def discard_body(request: HttpRequest) -> None:
    """Read on without keeping anything: a browser shows the answer only once it could send everything."""
    for _ in range(MOST_CHUNKS):
        if not request.read(CHUNK):
            return
