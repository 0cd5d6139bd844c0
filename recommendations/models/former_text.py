"""Former texts: a source's text before each correction, so that every quote stays provable."""

from django.db import models

from .source import Source


class FormerText(models.Model):
    """A text that a correction replaced. Immutable: the database refuses to change or delete it."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="former_texts")
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField("SHA-256 of the text", max_length=64)
    note_signs = models.JSONField(default=list)
    contents = models.JSONField(default=list)
    replaced_at = models.DateTimeField()
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="former_text_number_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="former_text_number_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source.code}, text {self.number}"

    def get_absolute_url(self) -> str:
        """Return the address of this text, which quotes that it alone holds are shown in."""
        return f"/{self.source.code}/t/{self.number}"

    @property
    def signs(self) -> list[tuple[int, int]]:
        """The spans of the footnote signs."""
        return [(start, end) for start, end in self.note_signs]
