"""What the site knows: sources and their texts, recommendations, citations, themes, organisations,
versions, and changes.

Proposals are not exported: only `editorial/` and `admin/` may know what is not published.
"""

from . import proposal as _proposal  # noqa: F401  Django needs to know its table
from .change import Change
from .citation import Citation
from .content_version import ContentChange, ContentVersion
from .former_text import FormerText
from .intake import Intake
from .name_change import NameChange
from .organisation import Organisation
from .recommendation import Recommendation
from .source import Source
from .status import Status
from .tagging import Tagging
from .theme import FormerTheme, Theme, ThemeLabel
from .version import Version

__all__ = [
    "Change",
    "Citation",
    "ContentChange",
    "ContentVersion",
    "FormerText",
    "FormerTheme",
    "Intake",
    "NameChange",
    "Organisation",
    "Recommendation",
    "Source",
    "Status",
    "Tagging",
    "Theme",
    "ThemeLabel",
    "Version",
]
