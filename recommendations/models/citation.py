"""Citations: from a recommendation to a source, with the exact words where the source has text."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Length

from recommendations.text import positions

from .former_text import FormerText
from .source import Source


class Role(models.TextChoices):
    """What a citation says of its source."""

    STATES = "states", "states: these are the words"
    REFERS_TO = "refers to", "refers to: the passage mentions this work"


class CitationQuerySet(models.QuerySet):
    """Citations, asked for in the terms of the site."""

    def orphans(self):
        """Keep the quotes that a correction left behind, until an editor finds new words."""
        return self.exclude(quote="").exclude(text_number=F("source__text_number"))

    def with_former(self):
        """Add number and hash of an orphan's former text, without loading the text."""
        former = FormerText.objects.filter(
            source=OuterRef("source"), number=OuterRef("text_number")
        )
        sha256, signs = (Subquery(former.values(field)[:1]) for field in ("sha256", "note_signs"))
        return self.annotate(former_sha256=sha256, former_signs=signs)


class Citation(models.Model):
    """One passage or work. `quote == text[start:end]`, always: the database refuses anything else.

    The text is the source's, in the version that `text_number` names; a quote that a correction of
    the text left behind stays with the former text, and is an orphan until an editor finds it new
    words.
    """

    recommendation = models.ForeignKey(
        "recommendations.Recommendation", models.CASCADE, related_name="citations"
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="citations")
    role = models.CharField(max_length=12, choices=Role)
    quote = models.TextField(blank=True)
    start = models.PositiveIntegerField(null=True, editable=False)
    end = models.PositiveIntegerField(null=True, editable=False)
    prefix = models.CharField(max_length=positions.CONTEXT, blank=True, editable=False)
    suffix = models.CharField(max_length=positions.CONTEXT, blank=True, editable=False)
    paragraph = models.PositiveSmallIntegerField(null=True, editable=False)
    text_number = models.PositiveIntegerField(default=1, editable=False)
    note = models.CharField(
        max_length=200, blank=True, help_text="The editors' word on the link, shown to readers."
    )

    objects = CitationQuerySet.as_manager()

    class Meta:
        ordering = ["role", "start", "pk"]
        constraints = [
            models.CheckConstraint(
                name="citation_quote_has_its_span",
                condition=Q(quote="", start=None, end=None)
                | Q(start__isnull=False, end=F("start") + Length("quote"), end__gt=F("start")),
            ),
            models.CheckConstraint(
                name="citation_states_words", condition=~Q(role=Role.STATES) | ~Q(quote="")
            ),
            models.UniqueConstraint(
                name="citation_once",
                fields=["recommendation", "source", "role", "text_number", "start"],
            ),
            models.UniqueConstraint(
                name="citation_of_work_once",
                fields=["recommendation", "source", "role"],
                condition=Q(start=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.source.code}"

    def save(self, *args, **kwargs) -> None:
        """Save only what is true; raises QuoteError."""
        if wrong := self.verify():
            raise positions.QuoteError("; ".join(wrong))
        super().save(*args, **kwargs)

    def anchor(self, quote: str) -> None:
        """Point at a quote in the text; raises QuoteError unless it occurs exactly once."""
        self.point(*positions.locate(self.source.text, quote))

    def point(self, start: int, end: int) -> None:
        """Point at a span of the source's text."""
        text, self.text_number = self.source.text, self.source.text_number
        self.start, self.end, self.quote = start, end, text[start:end]
        self.prefix, self.suffix = positions.context(text, start, end)
        self.paragraph = positions.paragraph_at(text, start)

    def verify(self) -> list[str]:
        """Check the quote against its text; return what is wrong, in words."""
        return self.faults_in(self.source.text_of(self.text_number)) if self.quote else []

    def faults_in(self, text: str) -> list[str]:
        """Prove the quote against a text; return what is wrong, in words."""
        wrong = []
        if text[self.start : self.end] != self.quote:
            wrong.append(
                f"the quote is not what stands at {self.start} to {self.end} of {self.source.code}"
            )
        if (self.prefix, self.suffix) != positions.context(text, self.start, self.end):
            wrong.append("prefix or suffix differ from the text around the quote")
        if self.paragraph != positions.paragraph_at(text, self.start):
            wrong.append(f"the quote does not stand in paragraph {self.paragraph}")
        return wrong

    @property
    def is_orphan(self) -> bool:
        """Whether a correction of the source's text left the quote behind."""
        return bool(self.quote) and self.text_number != self.source.text_number

    @property
    def holder(self) -> Source | FormerText:
        """What holds the text that the quote stands in: the source or, of an orphan, a former text,
        without its words.

        One query for an orphan that was not asked for by with_former().
        """
        if not self.is_orphan:
            return self.source
        if hasattr(self, "former_sha256"):
            known = {"sha256": self.former_sha256, "note_signs": self.former_signs or []}
            return FormerText(source=self.source, number=self.text_number, **known)
        return self.source.former_texts.defer("text").get(number=self.text_number)

    @property
    def text_address(self) -> str:
        """The address of the text that holds the quote, a former one for an orphan."""
        return self.holder.get_absolute_url()

    def snapshot(self) -> dict:
        """Return a passage as a Version keeps it; `text` is the number of its text."""
        fields = ("quote", "start", "end", "prefix", "suffix", "paragraph")
        kept = {field: getattr(self, field) for field in fields}
        return kept | {"text": self.text_number, "signs": self._signs}

    @property
    def _signs(self) -> list[list[int]]:
        """The spans of the footnote signs inside the quote, counted from its start."""
        return [
            [start - self.start, end - self.start]
            for start, end in self.holder.signs
            if self.start <= start and end <= self.end
        ]

    @property
    def pieces(self) -> tuple[positions.Fragment, ...]:
        """The words of the quote, and the footnote signs among them."""
        signs = [(start - self.start, end - self.start) for start, end in self.holder.signs]
        return positions.fragments(self.quote, 0, len(self.quote), signs)

    @property
    def words(self) -> str:
        """The quote without footnote signs, for the search."""
        return "".join(piece.text for piece in self.pieces if not piece.is_note_marker)
