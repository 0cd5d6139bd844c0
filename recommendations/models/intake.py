"""Intakes: a file or pasted text on its way to becoming a declaration."""

from django.db import models

from .source import Source, check_web_address


class Intake(models.Model):
    """What was read from one file: its pieces and the guesses about it. For editors only."""

    name = models.CharField("file name", max_length=255, blank=True)
    kind = models.CharField(max_length=10)
    original = models.BinaryField()
    sha256 = models.CharField("SHA-256 of the file", max_length=64)
    pieces = models.JSONField(default=list)
    title = models.CharField(max_length=250, blank=True)
    short_title = models.CharField(max_length=80, blank=True)
    code = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=200, blank=True)  # a name; an organisation is made of it
    issued_on = models.DateField(null=True, blank=True)
    occasion = models.CharField(max_length=120, blank=True)
    url = models.URLField("address of the original", max_length=500, blank=True)
    language = models.CharField(max_length=12, default="en")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=150)
    revision = models.PositiveIntegerField(default=0)
    source = models.OneToOneField(
        Source, models.SET_NULL, null=True, blank=True, related_name="intake"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = "declaration brought in", "declarations brought in"

    def __str__(self) -> str:
        return self.title or self.name or f"Pasted text {self.pk}"

    def save(self, *args, **kwargs) -> None:
        """Count every save as a revision, so that two editors cannot overwrite each other."""
        self.revision += 1
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse what cannot be the address of a source."""
        check_web_address(self.url)
