"""Versions: what a recommendation's page said at each publication, chained by hash."""

import hashlib
import json
from datetime import UTC

from django.db import models
from django.db.models.functions import Cast


class Version(models.Model):
    """One publication of one recommendation. The database refuses to change or delete it."""

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
        """Return the versions that name a theme, tag or organisation of this slug."""
        return cls.objects.annotate(said=Cast("snapshot", models.TextField())).filter(
            said__contains=f'["{slug}", '
        )

    @property
    def passages(self) -> list[tuple[dict, str]]:
        """The quoted passages, each with the address of its paragraph in the text that held it."""
        return [
            (kept, f"{self._text_address(kept['text'])}#p{kept['paragraph']}")
            for kept in self.snapshot["passages"]
        ]

    @property
    def places(self) -> list[tuple[int, str]]:
        """The paragraphs that the version quotes from, each with its address."""
        return list(dict.fromkeys((kept["paragraph"], address) for kept, address in self.passages))

    @property
    def left_behind(self) -> list[str]:
        """The addresses of former texts that were quoted although the text had been corrected."""
        numbers = dict.fromkeys(kept["text"] for kept in self.snapshot["passages"])
        present = self.snapshot["source"]["text"]
        return [self._text_address(number) for number in numbers if number != present]

    def _text_address(self, number: int) -> str:
        return self.recommendation.source.text_address(number)

    def digest(self) -> str:
        """Return the SHA-256 of the content and the previous version's hash, as hexadecimal."""
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
