"""What the rooms of reviewing raise where they do nothing."""


class Refused(Exception):
    """An act that was not done; the message tells an editor why, and what to do."""
