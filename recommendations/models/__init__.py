"""What the site knows: sources, recommendations, citations, themes, actors and versions."""

from .actor import Actor
from .citation import Citation
from .recommendation import Recommendation, Status
from .source import Source
from .tagging import Tagging
from .theme import Theme, ThemeLabel
from .version import Version

__all__ = ["Actor", "Citation", "Recommendation", "Source", "Status", "Tagging", "Theme", "ThemeLabel", "Version"]
