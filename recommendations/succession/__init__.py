"""Living on: entries are merged and split, themes renamed, merged and retired, and every address
keeps an answer.
"""

from .entries import heir, merge, split, split_words
from .refusal import Refused
from .themes import check_free, merge_themes, only_in, rename, retire

__all__ = [
    "Refused",
    "check_free",
    "heir",
    "merge",
    "merge_themes",
    "only_in",
    "rename",
    "retire",
    "split",
    "split_words",
]
