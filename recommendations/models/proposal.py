"""Proposals: everything before publication. Only `editorial/` and `admin/` may import this."""

from django.db import models

from .source import Source


class Act(models.TextChoices):
    """What publishing a proposal does."""

    ENTRY = "entry", "publish a new entry, or change one"
    WITHDRAW = "withdraw", "withdraw an entry"
    MERGE = "merge", "merge entries"
    SPLIT = "split", "split an entry"
    CORRECT = "correct", "correct a text"
    CHANGE = "change", "change a source, theme, tag or organisation"
    MERGE_THEMES = "merge themes", "merge themes"
    RETIRE_THEME = "retire theme", "retire a theme"


class Decision(models.TextChoices):
    """What the editors made of a proposal."""

    OPEN = "open", "open"
    ACCEPTED = "accepted", "accepted"
    REJECTED = "rejected", "rejected"


class ProposalQuerySet(models.QuerySet):
    """Proposals, asked for in the terms of the desk."""

    def waiting(self):
        """Keep what is neither published nor rejected."""
        return self.filter(published_at=None).exclude(decision=Decision.REJECTED)

    def of_entries(self):
        """Keep what would be an entry, or says what one would become."""
        return self.filter(act=Act.ENTRY)


class Proposal(models.Model):
    """What an act would change: words by their places, themes and addressees by slug.

    `base_versions` and `base_sha256` remember what it was written on: the number of each entry's
    newest version by code, and the hash of the source's text.
    """

    act = models.CharField(max_length=12, choices=Act, default=Act.ENTRY, editable=False)
    source = models.ForeignKey(
        Source, models.CASCADE, null=True, related_name="proposals", editable=False
    )
    entry = models.ForeignKey(
        "recommendations.Recommendation",
        models.PROTECT,
        null=True,
        related_name="proposals",
        editable=False,
    )
    # [[start, end], …] in code points of the source's text `text_number`, in text order
    spans = models.JSONField(default=list, editable=False)
    start = models.PositiveIntegerField(default=0, editable=False)
    text_number = models.PositiveIntegerField(default=1, editable=False)
    title = models.CharField(max_length=120, blank=True)
    summary = models.TextField(blank=True, max_length=600)
    themes = models.JSONField(default=list, blank=True)  # slugs, as are addressees
    tags = models.JSONField(default=list, blank=True)  # names
    addressees = models.JSONField(default=list, blank=True)
    works = models.JSONField(default=list, blank=True)  # [role, code of the source, note]
    details = models.JSONField(default=dict, editable=False)  # what the other acts need to know
    why = models.CharField(max_length=200, blank=True, editable=False)
    reason = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True, help_text="For the editors: readers never see it.")
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.OPEN)
    written_by = models.CharField(max_length=150, blank=True, editable=False)
    written_at = models.DateTimeField(auto_now=True)
    base_versions = models.JSONField(default=dict, editable=False)
    base_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["start", "pk"]

    def __str__(self) -> str:
        if self.act != Act.ENTRY:
            return self.title or self.get_act_display()
        return self.title or (self.quotes or ["Without words"])[0][:60]

    def save(self, *args, **kwargs) -> None:
        """Keep the order of the text, and count every save as a revision."""
        self.start = self.spans[0][0] if self.spans else 0
        self.revision += 1
        super().save(*args, **kwargs)

    @property
    def quotes(self) -> list[str]:
        """The exact words of each span."""
        text = self.source.text_of(self.text_number) if self.source else ""
        return [text[start:end] for start, end in self.spans]
