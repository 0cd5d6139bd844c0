"""What the site knows: sources and their texts, recommendations, citations, themes, actors,
versions, and changes.
"""

from .actor import Actor
from .change import Change
from .citation import Citation
from .content_version import ContentChange, ContentVersion
from .former_text import FormerText
from .intake import Intake
from .proposal import Decision, Proposal
from .recommendation import Recommendation
from .source import Source
from .status import Status, Unpublishable
from .tagging import Tagging
from .theme import FormerTheme, Theme, ThemeLabel
from .version import Version

__all__ = [
    "Actor",
    "Change",
    "Citation",
    "ContentChange",
    "ContentVersion",
    "Decision",
    "FormerText",
    "FormerTheme",
    "Intake",
    "Proposal",
    "Recommendation",
    "Source",
    "Status",
    "Tagging",
    "Theme",
    "ThemeLabel",
    "Unpublishable",
    "Version",
]
