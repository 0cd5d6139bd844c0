"""What a declaration's text asks for: candidate recommendations, each with its reasons."""

from .detector import Proposed, find, propose
from .labelling import Labels, label
from .quoted_speech import speakers
from .vocabulary import Concept, Vocabulary

__all__ = ["Concept", "Labels", "Proposed", "Vocabulary", "find", "label", "propose", "speakers"]
