"""The history of names: what themes, tags and organisations were called, and why that changed."""

from django.db import models


class NameChange(models.Model):
    """One new name or address of a thing. Immutable: the database refuses to change it."""

    kind = models.CharField(max_length=20)  # theme, tag or organisation
    slug = models.SlugField(max_length=100)  # after the change
    field = models.CharField(max_length=20)
    before = models.CharField(max_length=200)
    after = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)
    moment = models.DateTimeField(auto_now_add=True)
    who = models.CharField(max_length=150)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "slug"], name="name_change_of_thing")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
