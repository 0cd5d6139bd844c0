"""Recommendations: one ask made in one declaration, with a code that lasts."""

from django.db import models
from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from taggit.managers import TaggableManager

from .citation import Citation, Role
from .organisation import Organisation
from .source import Source
from .status import Status
from .theme import Theme
from .version import Version


class RecommendationQuerySet(models.QuerySet):
    """Recommendations, asked for in the terms of the site."""

    def in_theme(self, theme: Theme):
        """Keep the entries filed under a theme."""
        return self.filter(themes=theme)

    def in_text_order(self):
        """Newest declaration first, its entries as they stand in the text."""
        return self.order_by("-source__issued_on", "source__code", "number")

    def with_parts(self):
        """Fetch with each entry what a card or a record shows, in a fixed number of queries."""
        return self._with("themes__alternatives", "tags")

    def with_latest(self):
        """Add number and moment of the newest version, without loading it."""
        newest = Version.objects.filter(recommendation=OuterRef("pk")).order_by("-number")
        number, moment = (
            Subquery(newest.values(field)[:1]) for field in ("number", "published_at")
        )
        return self.annotate(latest_number=number, latest_at=moment)

    def for_cards(self):
        """Fetch with each entry what a list shows, in a fixed number of queries."""
        parts = ("themes__alternatives", "tags", "addressees", "source__issuers")
        return (
            self.select_related("source")
            .defer("source__text")
            .with_latest()
            .with_passages()
            .prefetch_related(*parts)
        )

    def for_records(self):
        """Fetch with each entry what a data format shows, in a fixed number of queries."""
        return self.with_latest()._with("themes", "tags", "addressees", "source__issuers")

    def for_snapshots(self):
        """Fetch with each entry what its version keeps, in a fixed number of queries."""
        parts = ("themes__alternatives", "tags", "addressees")
        return self._with(*parts, "source__issuers", "citations__source__issuers")

    def _with(self, *parts: str):
        """Fetch source, citations and these parts, without the sources' long texts."""
        cited = Prefetch("citations", Citation.objects.with_former())
        sources = Prefetch("citations__source", Source.objects.defer("text"))
        return (
            self.select_related("source")
            .defer("source__text")
            .prefetch_related(cited, sources, *parts)
        )

    def with_passages(self):
        """Fetch with each entry its citations and what holds their words, in one query."""
        held = Citation.objects.with_former().select_related("source").defer("source__text")
        return self.prefetch_related(Prefetch("citations", held))


class PublishedManager(models.Manager.from_queryset(RecommendationQuerySet)):
    """Entries that readers see; whoever needs withdrawn ones too asks for `with_withdrawn`."""

    def get_queryset(self):
        """Leave out withdrawn entries."""
        return super().get_queryset().filter(status=Status.PUBLISHED)


class Recommendation(models.Model):
    """One ask. The quote is the source's; title, summary, themes and tags are the editors'.

    It exists from its first publication on, and only `editorial.publish` writes it.
    """

    code = models.CharField(max_length=70, unique=True, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="recommendations")
    number = models.PositiveIntegerField(editable=False)
    title = models.CharField(
        max_length=120, help_text="In the editors' words: imperative, sentence case."
    )
    summary = models.TextField(
        blank=True, max_length=600, help_text="Optional, in the editors' words."
    )
    themes = models.ManyToManyField(Theme, related_name="recommendations")
    tags = TaggableManager(through="recommendations.Tagging", related_name="recommendations")
    addressees = models.ManyToManyField(Organisation, related_name="addressed_by", blank=True)
    status = models.CharField(
        max_length=10, choices=Status, default=Status.PUBLISHED, editable=False
    )
    published_at = models.DateTimeField("first published", editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawal_reason = models.CharField(max_length=300, blank=True, editable=False)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="replaces"
    )

    objects = PublishedManager()
    with_withdrawn = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["source__code", "number"]
        permissions = [
            ("publish_recommendation", "Can publish what was proposed"),
            ("withdraw_recommendation", "Can withdraw a published entry"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="recommendation_number_once"),
            models.CheckConstraint(
                name="recommendation_withdrawal_says_why",
                condition=Q(status=Status.PUBLISHED, withdrawn_at=None, withdrawal_reason="")
                | Q(status=Status.WITHDRAWN, withdrawn_at__isnull=False) & ~Q(withdrawal_reason=""),
            ),
            models.CheckConstraint(
                name="recommendation_not_replaced_by_itself", condition=~Q(replaced_by=F("pk"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"

    def get_absolute_url(self) -> str:
        """Return the permanent path."""
        return f"/{self.code}"

    @property
    def is_published(self) -> bool:
        """Whether readers see the entry."""
        return self.status == Status.PUBLISHED

    @property
    def passages(self) -> list[Citation]:
        """The citations that hold the words, in text order."""
        return self._cited(Role.STATES)

    @property
    def works(self) -> list[Citation]:
        """The works that the passage refers to."""
        return self._cited(Role.REFERS_TO)

    @property
    def quote(self) -> str:
        """The exact words; a line break stands between passages."""
        return "\n".join(passage.quote for passage in self.passages)

    def _cited(self, role: Role) -> list[Citation]:
        return [citation for citation in self.citations.all() if citation.role == role]

    def snapshot(self) -> dict:
        """Return what the page says now, as a Version keeps it."""
        return {
            "code": self.code,
            "title": self.title,
            "summary": self.summary,
            "source": self.source.snapshot(),
            "passages": [passage.snapshot() for passage in self.passages],
            "themes": [[theme.slug, theme.label] for theme in self.themes.all()],
            "tags": sorted([tag.slug, tag.name] for tag in self.tags.all()),
            "addressees": [[each.slug, each.name] for each in self.addressees.all()],
            "works": [work.source.as_work() | {"note": work.note} for work in self.works],
        }
