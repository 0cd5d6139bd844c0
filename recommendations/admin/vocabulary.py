"""Themes, tags and actors."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.urls import path
from taggit.models import Tag

from recommendations.editorial.merge_errors import Refused
from recommendations.editorial.themes import check_free
from recommendations.models import (
    Actor,
    FormerTheme,
    Recommendation,
    Status,
    Theme,
    ThemeLabel,
    Version,
)

from . import succession
from .delete_protection import ProtectUsed
from .history import RecordedAdmin
from .optimistic_lock import SeenForm


class ThemeForm(SeenForm):
    """A theme; a new one takes no address that another has or had."""

    def clean_slug(self) -> str:
        """Refuse an address that is another's, or was."""
        try:
            check_free(self.cleaned_data["slug"])
        except Refused as error:
            raise ValidationError(str(error)) from error
        return self.cleaned_data["slug"]


class LabelInline(admin.TabularInline):
    """The other names of a theme."""

    model = ThemeLabel
    extra = 1


@admin.register(Theme)
class ThemeAdmin(RecordedAdmin, ProtectUsed):
    """Themes, in the order of the site."""

    form = ThemeForm
    list_display = ["label", "slug", "sign", "position", "entries"]
    search_fields = ["label", "alternatives__label"]
    prepopulated_fields = {"slug": ["label"]}
    inlines = [LabelInline]
    frozen = ("slug",)

    def is_used(self, thing) -> bool:
        filed = thing.recommendations.exists() or thing.proposals.exists()
        return filed or thing.former.exists() or Version.naming(thing.slug).exists()

    def get_urls(self):
        """Add the acts on a theme to the admin's addresses."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/rename/", view(succession.rename), name="rename_theme"),
            path("<int:pk>/merge/", view(succession.merge_theme), name="merge_theme"),
            path("<int:pk>/retire/", view(succession.retire), name="retire_theme"),
            *super().get_urls(),
        ]

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


@admin.register(FormerTheme)
class FormerThemeAdmin(admin.ModelAdmin):
    """Where the addresses of former themes lead, to read: renaming, merging and retiring a theme
    writes them.
    """

    list_display = ["label", "slug", "successor", "ended_on", "reason"]
    list_select_related = ["successor"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


admin.site.unregister(Tag)


@admin.register(Tag)
class TagAdmin(RecordedAdmin, ProtectUsed):
    """Tags; a tag that an entry has, or that any version of one names, keeps its address."""

    form = SeenForm
    list_display = ["name", "slug"]
    search_fields = ["name"]
    fields = ["seen", "name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    frozen = ("slug",)

    def is_used(self, thing) -> bool:
        return thing.recommendations_tagging_items.exists() or Version.naming(thing.slug).exists()

    def get_prepopulated_fields(self, request, obj=None):
        """Propose an address for a new tag only."""
        return {} if obj else self.prepopulated_fields

    def save_model(self, request, obj, form, change):
        """Bring the search up to date with the tag's name."""
        super().save_model(request, obj, form, change)
        Recommendation.objects.filter(tags=obj).index()


@admin.register(Actor)
class ActorAdmin(RecordedAdmin, ProtectUsed):
    """Issuers and addressees."""

    form = SeenForm
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    frozen = ("slug",)

    def is_used(self, thing) -> bool:
        named = thing.issued.exists() or thing.addressed_by.exists() or thing.proposals.exists()
        return named or Version.naming(thing.slug).exists()

    def get_prepopulated_fields(self, request, obj=None):
        """Propose an address for a new actor only."""
        return {} if obj else self.prepopulated_fields
