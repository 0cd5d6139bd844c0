"""The exact words of a text: find them, compare them, find them again after a correction."""
