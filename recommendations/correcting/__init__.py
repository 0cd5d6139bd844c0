"""Corrections of a source's text: what stood in the old one is found again exactly, or left with
the old one.
"""

from .anchoring import carried_headings, carried_signs, moved
from .correction import REASON, Correction, CorrectionError, Outcome, correct, plan

__all__ = [
    "REASON",
    "Correction",
    "CorrectionError",
    "Outcome",
    "carried_headings",
    "carried_signs",
    "correct",
    "moved",
    "plan",
]
