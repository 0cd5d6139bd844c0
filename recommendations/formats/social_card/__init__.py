"""The picture that other sites show beside a link: a recommendation on a card, looking like its
page. Pure.

fonts ──> setting ──> drawing ──> store     characters, lines, the picture, and the folder that
keeps it

A font's files come from packages; nothing is asked of the system.
"""

from .drawing import HEIGHT, WIDTH, Card, draw, key
from .store import picture

__all__ = ["HEIGHT", "WIDTH", "Card", "draw", "key", "picture"]
