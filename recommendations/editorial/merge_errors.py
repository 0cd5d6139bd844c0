"""What cannot be merged, split, renamed or retired."""


class Refused(ValueError):
    """An act that would break a promise of the site; says which, in words for the editor."""
