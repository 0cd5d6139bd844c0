"""Themes, tags and actors."""

from django.contrib import admin
from django.db.models import Count, Q
from taggit.models import Tag

from ..models import Actor, Recommendation, Status, Theme, ThemeLabel
from .protection import ProtectUsed


class LabelInline(admin.TabularInline):
    """The other names of a theme."""

    model = ThemeLabel
    extra = 1


@admin.register(Theme)
class ThemeAdmin(ProtectUsed):
    """Themes, in the order of the site."""

    list_display = ["label", "slug", "sign", "position", "entries"]
    search_fields = ["label", "alternatives__label"]
    prepopulated_fields = {"slug": ["label"]}
    inlines = [LabelInline]
    frozen = ("slug",)

    def is_used(self, thing) -> bool:
        return thing.recommendations.exists()

    def get_queryset(self, request):
        """Count the published entries of each theme."""
        published = Q(recommendations__status=Status.PUBLISHED)
        return (
            super()
            .get_queryset(request)
            .annotate(entry_count=Count("recommendations", filter=published))
            .order_by("position", "slug")
        )

    @admin.display(description="published entries")
    def entries(self, theme) -> int:
        return theme.entry_count

    def get_prepopulated_fields(self, request, obj=None):
        """Propose an address for a new theme only."""
        return {} if obj else self.prepopulated_fields

    def save_related(self, request, form, formsets, change):
        """Bring the search up to date with the theme's names."""
        super().save_related(request, form, formsets, change)
        Recommendation.objects.in_theme(form.instance).index()


admin.site.unregister(Tag)


@admin.register(Tag)
class TagAdmin(ProtectUsed):
    """Tags; a tag of a published entry keeps its address."""

    list_display = ["name", "slug"]
    search_fields = ["name"]
    fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    frozen = ("slug",)

    def is_used(self, thing) -> bool:
        return thing.recommendations_tagging_items.exists()

    def get_prepopulated_fields(self, request, obj=None):
        """Propose an address for a new tag only."""
        return {} if obj else self.prepopulated_fields

    def save_model(self, request, obj, form, change):
        """Bring the search up to date with the tag's name."""
        super().save_model(request, obj, form, change)
        Recommendation.objects.filter(tags=obj).index()


@admin.register(Actor)
class ActorAdmin(ProtectUsed):
    """Issuers and addressees."""

    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    frozen = ("slug",)

    def is_used(self, thing) -> bool:
        return thing.issued.exists() or thing.addressed_by.exists()

    def get_prepopulated_fields(self, request, obj=None):
        """Propose an address for a new actor only."""
        return {} if obj else self.prepopulated_fields
