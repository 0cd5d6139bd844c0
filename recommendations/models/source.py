"""Sources: declarations with stored text, and the works they cite."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from recommendations.text import positions

from .organisation import Organisation

CODE = r"[A-Z][A-Z0-9]*(?:-[A-Z][A-Z0-9]*)*-[0-9]{4}"
CONTROLS = dict.fromkeys(c for c in range(32) if chr(c) not in "\n\t")


def check_web_address(url: str) -> None:
    """Raise ValidationError unless an address is one that readers may be led to."""
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or "@" in parts.netloc):
        raise ValidationError({"url": "Give an address of the web, without a name or password."})


class Kind(models.TextChoices):
    """What a source is."""

    DECLARATION = "declaration", "declaration"
    REPORT = "report", "report"
    CODE_OF_CONDUCT = "code of conduct", "code of conduct"
    PRINCIPLES = "principles", "principles"
    COMMUNIQUE = "communiqué", "communiqué"
    OTHER = "other", "other work"


class SourceQuerySet(models.QuerySet):
    """Sources, asked for in the terms of the site."""

    def declarations(self):
        """Keep the sources with stored text."""
        return self.exclude(text="")

    def public(self):
        """Keep what readers may see: a source that a recommendation was taken from, or cites."""
        citations = self.model.citations.rel.related_model.objects.filter(
            source=models.OuterRef("pk")
        )
        return self.filter(models.Exists(citations))


class Source(models.Model):
    """A document: a declaration if its text is stored, otherwise a work that is cited."""

    code = models.CharField(
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(
                rf"\A{CODE}\Z", "Words of capitals and digits, then the year: PARIS-2025."
            )
        ],
    )
    title = models.CharField(max_length=250)
    short_title = models.CharField(max_length=80, help_text="For lists and breadcrumbs.")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.DECLARATION)
    issuers = models.ManyToManyField(Organisation, related_name="issued")
    issued_on = models.DateField()
    occasion = models.CharField(max_length=120, blank=True)
    url = models.URLField("address of the original", max_length=500, blank=True)
    language = models.CharField(
        max_length=12, default="en", help_text="A BCP 47 tag, such as en or fr."
    )
    text = models.TextField(
        blank=True,
        help_text="As published, verbatim. Once a quote points into it, only a correction changes "
        "it.",
    )
    sha256 = models.CharField("SHA-256 of the text", max_length=64, blank=True, editable=False)
    text_number = models.PositiveIntegerField(default=1, editable=False)
    retrieved_on = models.DateField(null=True, blank=True)
    note_signs = models.JSONField(
        "footnote signs",
        default=list,
        blank=True,
        help_text="[start, end] of each sign glued to a word of the text.",
    )
    contents = models.JSONField(
        default=list, blank=True, help_text="The editors' heading of each paragraph, in order."
    )
    numbers_given = models.PositiveIntegerField(default=0, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "code"]
        permissions = [("correct_source", "Can correct the stored text of a source")]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"

    def save(self, *args, **kwargs) -> None:
        """Keep the hash beside the text, and leave the count of numbers to publication."""
        self.sha256 = positions.sha256(self.text) if self.text else ""
        if not self._state.adding:
            stale = {"id", "numbers_given", *self.get_deferred_fields()}
            every = {field.attname for field in self._meta.concrete_fields} - stale
            kwargs["update_fields"] = {*(kwargs.get("update_fields") or every), "sha256"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the page of the full text; a cited work has a place in the list."""
        return f"/{self.code}" if self.sha256 else f"/declarations/#{self.code}"

    def clean(self) -> None:
        """Refuse control characters, note markers outside the text, and too many headings."""
        check_web_address(self.url)
        if self.text.translate(CONTROLS) != self.text:
            raise ValidationError({"text": "The text holds control characters."})
        if not _are_spans(self.note_signs, len(self.text)):
            raise ValidationError({"note_signs": "Give a list of [start, end] inside the text."})
        if not (
            isinstance(self.contents, list)
            and all(isinstance(heading, str) for heading in self.contents)
        ):
            raise ValidationError({"contents": "Give a list of headings."})
        if len(self.contents) > len(positions.paragraphs(self.text)):
            raise ValidationError({"contents": "There are more headings than paragraphs."})

    @property
    def signs(self) -> list[tuple[int, int]]:
        """The spans of the footnote signs."""
        return [(start, end) for start, end in self.note_signs]

    def text_of(self, number: int) -> str:
        """Return the current text or one that a correction replaced, by its number."""
        if number == self.text_number:
            return self.text
        return self.former_texts.get(number=number).text

    def text_address(self, number: int) -> str:
        """Return the address of one of the texts that were ever stored."""
        return f"/{self.code}" if number == self.text_number else f"/{self.code}/t/{number}"

    def snapshot(self) -> dict:
        """Return what a version keeps of the declaration that it is taken from."""
        return self.as_work() | {"sha256": self.sha256, "text": self.text_number}

    def as_work(self) -> dict:
        """Return what a version keeps of a work that it cites."""
        fields = ("code", "title", "short_title", "kind", "occasion", "url", "language")
        return {field: getattr(self, field) for field in fields} | {
            "issued_on": self.issued_on.isoformat(),
            "issuers": [[issuer.slug, issuer.name] for issuer in self.issuers.all()],
        }


def _are_spans(value: object, length: int) -> bool:
    """Tell whether a value is a list of [start, end] pairs inside a text of this length."""
    return isinstance(value, list) and all(
        isinstance(pair, list)
        and len(pair) == 2
        and all(isinstance(offset, int) for offset in pair)
        and 0 <= pair[0] < pair[1] <= length
        for pair in value
    )
