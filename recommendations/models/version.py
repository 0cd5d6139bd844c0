"""Versions: what a recommendation's page said at each publication, chained by hash."""

import hashlib
import json
from datetime import UTC

from django.db import models
from django.db.models.functions import Cast
from django.utils.functional import cached_property

from recommendations.text import positions

from .former_text import FormerText
from .source import Source


class Version(models.Model):
    """One publication of one recommendation. Immutable: the database refuses to change or delete
    it.
    """

    recommendation = models.ForeignKey(
        "recommendations.Recommendation", models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    snapshot = models.JSONField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "number"], name="version_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="version_number_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot['code']} version {self.number}"

    def get_absolute_url(self) -> str:
        """Return the address of this version, which may be cited."""
        return f"/{self.snapshot['code']}/v/{self.number}"

    @classmethod
    def naming(cls, slug: str) -> models.QuerySet:
        """Return the versions that name a theme, tag or actor of this slug: readers have seen them,
        and their links.
        """
        return cls.objects.annotate(said=Cast("snapshot", models.TextField())).filter(
            said__contains=f'["{slug}", '
        )

    @property
    def passages(self) -> list[tuple[dict, str]]:
        """The passages that the version quotes, each with the address of its paragraph in the text
        that held it.
        """
        return [
            (kept, f"{text.get_absolute_url()}#p{kept['paragraph']}") for kept, text in self._held
        ]

    @property
    def places(self) -> list[tuple[int, str]]:
        """The paragraphs that the version quotes from, each with its address."""
        return list(dict.fromkeys((kept["paragraph"], address) for kept, address in self.passages))

    @property
    def left_behind(self) -> list[str]:
        """The addresses of the former texts that passages were quoted from although the text had
        been corrected.
        """
        sha256 = self.snapshot["source"]["sha256"]
        return list(
            dict.fromkeys(
                text.get_absolute_url() for _kept, text in self._held if text.sha256 != sha256
            )
        )

    @cached_property
    def _held(self) -> list[tuple[dict, Source | FormerText]]:
        texts = self._texts()
        return [(kept, _holder(kept, texts)) for kept in self.snapshot["passages"]]

    def _texts(self) -> list[Source | FormerText]:
        """Return what may hold the passages: the text of that day first, then the others from the
        newest.
        """
        source = self.recommendation.source
        if source.text_number == 1:
            return [source]
        texts = [source, *source.former_texts.order_by("-number")]
        return sorted(texts, key=lambda text: text.sha256 != self.snapshot["source"]["sha256"])

    def digest(self) -> str:
        """Return the SHA-256 of the content and the previous version's hash, in lower-case
        hexadecimal.
        """
        content = {
            "number": self.number,
            "published_at": self.published_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "reason": self.reason,
            "snapshot": self.snapshot,
            "previous_hash": self.previous_hash,
        }
        return hashlib.sha256(
            json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
        ).hexdigest()


def _holder(passage: dict, texts: list[Source | FormerText]) -> Source | FormerText:
    """Return the first text in which a passage stands as it was kept; the first of all where none
    has it.
    """
    start, end = passage["start"], passage["end"]
    around = (passage["prefix"], passage["suffix"])
    for text in texts:
        if (
            text.text[start:end] == passage["quote"]
            and positions.context(text.text, start, end) == around
        ):
            return text
    return texts[0]
