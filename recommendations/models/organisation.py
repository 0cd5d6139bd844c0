"""Organisations: who issues a source, and who is addressed by a recommendation."""

from django.db import models


class Organisation(models.Model):
    """An institution or a group of them, such as TECH7, the G7 governments or standards bodies."""

    slug = models.SlugField(
        unique=True, help_text="Stands in addresses; do not change it once it is public."
    )
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page of what is asked of it."""
        return f"/addressees/{self.slug}"
