"""What the site knows: sources, recommendations, citations, themes, actors and versions."""

from .actor import Actor
from .citation import Citation
from .recommendation import Recommendation
from .source import Source
from .status import Status, Unpublishable
from .tagging import Tagging
from .theme import Theme, ThemeLabel
from .version import Version

__all__ = [
    "Actor",
    "Citation",
    "Recommendation",
    "Source",
    "Status",
    "Tagging",
    "Theme",
    "ThemeLabel",
    "Unpublishable",
    "Version",
]
