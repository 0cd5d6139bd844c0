"""Rules as data, one module a language; English is measured, the others are a first step."""

from .english import ENGLISH
from .french import FRENCH
from .german import GERMAN
from .italian import ITALIAN
from .japanese import JAPANESE
from .language import SELF, Language, Patterns, Rule, span

LANGUAGES = {each.code: each for each in (ENGLISH, FRENCH, GERMAN, ITALIAN, JAPANESE)}

__all__ = ["LANGUAGES", "SELF", "Language", "Patterns", "Rule", "span"]
