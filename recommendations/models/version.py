"""Versions: what a recommendation's page said at each publication, chained by hash."""

import hashlib
import json
from datetime import UTC

from django.db import models


class Version(models.Model):
    """One publication of one recommendation. Immutable: the database refuses to change or delete it."""

    recommendation = models.ForeignKey("recommendations.Recommendation", models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    snapshot = models.JSONField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "number"], name="version_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="version_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot['code']} version {self.number}"

    def get_absolute_url(self) -> str:
        """Return the address of this version, which may be cited."""
        return f"/{self.snapshot['code']}/v/{self.number}"

    def digest(self) -> str:
        """Return the SHA-256 of the content and the previous version's hash, in lower-case hexadecimal."""
        content = {
            "number": self.number,
            "published_at": self.published_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "reason": self.reason,
            "snapshot": self.snapshot,
            "previous_hash": self.previous_hash,
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
