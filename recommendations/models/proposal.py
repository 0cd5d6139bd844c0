"""Proposals: passages of a declaration that may become recommendations, or a change of one, before
readers see them.
"""

from django.db import models

from recommendations.text import positions

from .actor import Actor
from .recommendation import Recommendation
from .source import Source
from .theme import Theme


class Decision(models.TextChoices):
    """What the editors made of a proposal."""

    OPEN = "open", "open"
    ACCEPTED = "accepted", "accepted"
    REJECTED = "rejected", "rejected"


class Proposal(models.Model):
    """Words of a declaration and what to file them under. The words are never copied: spans point
    at them.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="proposals")
    spans = (
        models.JSONField()
    )  # [[start, end], …] in code points of the source's text, in text order
    start = models.PositiveIntegerField(editable=False)
    why = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=120, blank=True)
    summary = models.TextField(blank=True, max_length=600)
    themes = models.ManyToManyField(Theme, related_name="proposals", blank=True)
    tags = models.JSONField(default=list, blank=True)
    addressees = models.ManyToManyField(Actor, related_name="proposals", blank=True)
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.OPEN)
    decided_by = models.CharField(max_length=150, blank=True)
    revision = models.PositiveIntegerField(default=0)
    entry = models.ForeignKey(
        Recommendation, models.CASCADE, null=True, blank=True, related_name="proposals"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["start", "pk"]

    def __str__(self) -> str:
        return self.title or self.quotes[0][:60]

    def save(self, *args, **kwargs) -> None:
        """Keep the order of the text, and count every save as a revision."""
        self.start = self.spans[0][0]
        self.revision += 1
        super().save(*args, **kwargs)

    @property
    def quotes(self) -> list[str]:
        """The exact words of each span."""
        return [self.source.text[start:end] for start, end in self.spans]

    @property
    def paragraph(self) -> int:
        """The number of the paragraph in which the proposal begins."""
        return positions.paragraph_at(self.source.text, self.start)
