"""What the acts of the editors raise where they do nothing."""


class Refused(ValueError):
    """An act that was not done; the message tells an editor why, and what to do."""


class NotPublished(Refused):
    """Nothing was published; `problems` names each thing that stands in the way."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__(" ".join(problems))


class Outdated(NotPublished):
    """What a proposal was written on has changed since: somebody has to look at it again."""
