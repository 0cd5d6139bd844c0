"""The social card: a recommendation as the picture that other sites show beside a link.

fonts ──> setting ──> drawing ──> store     characters, lines, the picture, and the folder that
keeps it

A font's files come from packages; nothing is asked of the system.
"""

from .drawing import HEIGHT, WIDTH, Card, draw, key
from .store import picture

__all__ = ["HEIGHT", "WIDTH", "Card", "draw", "key", "picture"]
