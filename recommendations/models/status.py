"""Whether readers are shown an entry."""

from django.db import models


class Status(models.TextChoices):
    """Whether readers are shown an entry, or told that it was withdrawn."""

    PUBLISHED = "published", "published"
    WITHDRAWN = "withdrawn", "withdrawn"
