"""Where an entry is on its way to readers."""

from django.db import models


class Status(models.TextChoices):
    """Where an entry is on its way to readers, who see only what is published, and that something
    was withdrawn.
    """

    DRAFT = "draft", "draft"
    IN_REVIEW = "in review", "in review"
    PUBLISHED = "published", "published"
    WITHDRAWN = "withdrawn", "withdrawn"


class Unpublishable(ValueError):
    """An entry that cannot be published or withdrawn as it is; says why."""
