"""The social card: a recommendation as the picture that other sites show beside a link.

    fonts -> setting -> drawing -> store

Font files come from packages, not from the system.
"""

from .drawing import HEIGHT, WIDTH, Card, draw, key
from .store import picture

__all__ = ["HEIGHT", "WIDTH", "Card", "draw", "key", "picture"]
