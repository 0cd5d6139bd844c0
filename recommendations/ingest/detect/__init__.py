"""What a declaration's text asks for: candidate recommendations, each with its reasons."""

from .detector import Proposed, propose
from .labelling import Labels, label
from .vocabulary import Concept, Vocabulary

__all__ = ["Concept", "Labels", "Proposed", "Vocabulary", "label", "propose"]
