"""Themes: a controlled vocabulary of SKOS concepts with alternative labels."""

from django.db import models


class Sign(models.TextChoices):
    """The shape drawn before a theme's name; its colour goes with it in `static/css/tokens.css`."""

    CIRCLE = "circle"
    TRIANGLE = "triangle"
    SQUARE = "square"
    DIAMOND = "diamond"
    HOURGLASS = "hourglass"
    HEXAGON = "hexagon"
    CROSS = "cross"
    CHEVRON = "chevron"


class Theme(models.Model):
    """A subject that recommendations are filed under."""

    slug = models.SlugField(
        unique=True, help_text="Stands in addresses; do not change it once it is public."
    )
    label = models.CharField("preferred label", max_length=80, unique=True)
    definition = models.TextField(
        help_text="One or two sentences: what belongs here, and what does not."
    )
    signals = models.TextField(
        blank=True,
        help_text="Words that suggest this theme in a new declaration, one a line. Readers never "
        "see them.",
    )
    sign = models.CharField(max_length=12, choices=Sign, default=Sign.CIRCLE)
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Themes are listed in this order."
    )

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """Return the theme's page."""
        return f"/themes/{self.slug}"

    @property
    def names(self) -> list[str]:
        """The preferred label, then the alternative ones: what a search may find the theme by."""
        return [self.label, *(alternative.label for alternative in self.alternatives.all())]


OTHER = "other"  # the reserved slug of entries that no theme fits


def other_topics() -> Theme:
    """Return what readers see as the theme of entries without one; it is never stored."""
    return Theme(
        slug=OTHER,
        label="Other topics",
        definition="Recommendations that none of the themes fits.",
    )


class ThemeLabel(models.Model):
    """Another name of a theme, which finds the theme's entries in a search."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="alternatives")
    label = models.CharField("alternative label", max_length=80)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["theme", "label"], name="theme_label_once")]

    def __str__(self) -> str:
        return self.label


class FormerTheme(models.Model):
    """A former address of a theme that was renamed, merged into another, or retired."""

    slug = models.SlugField(unique=True)
    label = models.CharField(max_length=80)
    successor = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="former"
    )
    ended_on = models.DateField()
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return f"{self.label} (former)"
