"""Tags: free keywords on recommendations."""

from django.db import models
from taggit.models import TaggedItemBase


class Tagging(TaggedItemBase):
    """A tag on a recommendation, with a real foreign key."""

    content_object = models.ForeignKey(
        "recommendations.Recommendation", models.CASCADE, related_name="taggings"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_object", "tag"], name="tag_once_per_recommendation"
            )
        ]
