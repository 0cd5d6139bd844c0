"""Recommendations: one ask made in one declaration, with a code that lasts."""

from django.db import models, transaction
from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from taggit.managers import TaggableManager

from recommendations.search import fulltext

from .actor import Actor
from .citation import Citation, Role
from .source import Source
from .status import Status, Unpublishable
from .theme import Theme
from .version import Version

CHUNK = 500  # entries that are held at a time


class RecommendationQuerySet(models.QuerySet):
    """Recommendations, asked for in the terms of the site."""

    def published(self):
        """Keep what readers see."""
        return self.filter(status=Status.PUBLISHED)

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
        """Add number and moment of the newest version, and leave what the version says in the
        database.
        """
        newest = Version.objects.filter(recommendation=OuterRef("pk")).order_by("-number")
        number, moment = (
            Subquery(newest.values(field)[:1]) for field in ("number", "published_at")
        )
        return self.annotate(latest_number=number, latest_at=moment)

    def for_cards(self):
        """Fetch with each entry what a list shows, in a fixed number of queries."""
        parts = ("themes__alternatives", "tags", "source__issuers")
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

    def _with(self, *parts: str):
        """Fetch source, citations and these parts, and leave the long texts of sources in the
        database.
        """
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

    def index(self) -> None:
        """Bring the search up to date with these entries, after a theme or a tag of theirs got
        another name.
        """
        entries = self.published().with_parts().iterator(chunk_size=CHUNK)
        fulltext.write(entry.document() for entry in entries)


class Recommendation(models.Model):
    """One ask. The quote is the source's; title, summary, themes and tags are the editors'."""

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
    addressees = models.ManyToManyField(Actor, related_name="addressed_by", blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    published_at = models.DateTimeField("first published", null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawal_reason = models.CharField(max_length=300, blank=True, editable=False)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="replaces"
    )

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["source__code", "number"]
        permissions = [
            ("publish_recommendation", "Can publish an entry and correct a published one"),
            ("withdraw_recommendation", "Can withdraw a published entry"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="recommendation_number_once"),
            models.CheckConstraint(
                name="recommendation_published_stays_known",
                condition=Q(published_at=None, status__in=[Status.DRAFT, Status.IN_REVIEW])
                | Q(published_at__isnull=False, status__in=[Status.PUBLISHED, Status.WITHDRAWN]),
            ),
            models.CheckConstraint(
                name="recommendation_withdrawal_says_why",
                condition=~Q(status=Status.WITHDRAWN)
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
            ),
            models.CheckConstraint(
                name="recommendation_not_replaced_by_itself", condition=~Q(replaced_by=F("pk"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"

    def save(self, *args, **kwargs) -> None:
        """Give a new entry the next code of its declaration, and count every save as a revision."""
        with transaction.atomic():
            if not self.number:
                self.number = self.source.next_number()
            self.code = self.code or f"{self.source.code}-{self.number}"
            self.revision += 1
            super().save(*args, **kwargs)

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
    def echoes(self) -> list[Citation]:
        """The later documents that take the ask up."""
        return self._cited(Role.ECHOED_IN)

    @property
    def quote(self) -> str:
        """The exact words; a line break stands between passages."""
        return "\n".join(passage.quote for passage in self.passages)

    def _cited(self, role: Role) -> list[Citation]:
        return [citation for citation in self.citations.all() if citation.role == role]

    def document(self) -> fulltext.Document:
        """Return what the search finds the entry by."""
        return fulltext.Document(
            pk=self.pk,
            title=self.title,
            quotes=[passage.words for passage in self.passages],
            summary=self.summary,
            tags=[tag.name for tag in self.tags.all()],
            themes=[name for theme in self.themes.all() for name in theme.names],
        )

    def snapshot(self) -> dict:
        """Return what the page says now, as a Version keeps it."""
        fields = ("quote", "start", "end", "prefix", "suffix", "paragraph")
        return {
            "code": self.code,
            "title": self.title,
            "summary": self.summary,
            "source": {"code": self.source.code, "sha256": self.source.sha256},
            "passages": [
                {field: getattr(passage, field) for field in fields} for passage in self.passages
            ],
            "themes": [[theme.slug, theme.label] for theme in self.themes.all()],
            "tags": sorted([tag.slug, tag.name] for tag in self.tags.all()),
            "addressees": [[actor.slug, actor.name] for actor in self.addressees.all()],
            "works": [[work.source.code, work.source.title, work.note] for work in self.works],
            "echoes": [[echo.source.code, echo.source.title, echo.note] for echo in self.echoes],
        }

    @transaction.atomic
    def publish(self, reason: str) -> Version:
        """Show the entry as it now is to readers, as its next Version; raises Unpublishable."""
        entry = Recommendation.objects.select_for_update(of=["self"]).get(pk=self.pk)
        entry.check_publishable(reason)
        now = timezone.now()
        entry.status, entry.published_at = Status.PUBLISHED, entry.published_at or now
        entry.save()
        version = entry._next_version(reason.strip(), now)
        fulltext.write([entry.document()])
        self.refresh_from_db()
        return version

    def check_publishable(self, reason: str) -> None:
        """Raise Unpublishable with everything that an entry lacks before readers may see it."""
        lacks = []
        if self.status == Status.WITHDRAWN:
            lacks.append("it was withdrawn")
        if not reason.strip():
            lacks.append("a reason is missing")
        if not self.passages:
            lacks.append("it has no passage that states it")
        citations = list(self.citations.all())
        lacks += [wrong for citation in citations for wrong in citation.verify()]
        if not self.published_at and any(citation.is_orphan for citation in citations):
            lacks.append(
                "the text was corrected and no longer holds its words: quote the text as it now is"
            )
        if not self.themes.exists():
            lacks.append("it has no theme")
        if lacks:
            raise Unpublishable(f"{self.code} cannot be published: {'; '.join(lacks)}.")

    def _next_version(self, reason: str, now) -> Version:
        last = self.versions.order_by("-number").first()
        version = Version(
            recommendation=self,
            number=last.number + 1 if last else 1,
            published_at=max(now, last.published_at)
            if last
            else now,  # also where a clock was set back
            reason=reason,
            snapshot=self.snapshot(),
            previous_hash=last.hash if last else "",
        )
        version.hash = version.digest()
        version.save()
        return version

    @transaction.atomic
    def withdraw(self, reason: str, replaced_by: "Recommendation | None" = None) -> None:
        """Take a published entry back; its address says why from now on, and what replaces it.
        Raises Unpublishable.
        """
        entry = Recommendation.objects.select_for_update(of=["self"]).get(pk=self.pk)
        if not entry.is_published:
            raise Unpublishable(f"{entry.code} is not published.")
        if not reason.strip():
            raise Unpublishable(f"{entry.code} cannot be withdrawn without a reason.")
        if replaced_by and (replaced_by.pk == entry.pk or not replaced_by.is_published):
            raise Unpublishable(
                f"{replaced_by.code} cannot replace {entry.code}: it must be another, published "
                "entry."
            )
        entry.status, entry.withdrawn_at = Status.WITHDRAWN, timezone.now()
        entry.withdrawal_reason, entry.replaced_by = reason.strip(), replaced_by
        entry.save()
        fulltext.remove([entry.pk])
        self.refresh_from_db()
