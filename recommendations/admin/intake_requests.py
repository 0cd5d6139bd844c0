"""What a browser sends of an intake, before anything is made of it."""


def number(text: str) -> int:
    """Read a number; what is none, or has more than nine digits, counts as -1."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
