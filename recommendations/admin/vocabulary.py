"""Themes, tags and organisations."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.urls import path
from taggit.models import Tag

from recommendations.editorial import themes
from recommendations.editorial.errors import Refused
from recommendations.models import (
    FormerTheme,
    NameChange,
    Organisation,
    Recommendation,
    Status,
    Theme,
    Version,
)
from recommendations.models.proposal import Act

from . import theme_acts
from .actions import may_publish
from .public_things import PublicThingAdmin, PublicThingForm


class LinesField(forms.CharField):
    """Several values, one a line."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value):
        """Show one value a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: object) -> list[str]:
        """Read one value a line, each once."""
        lines = value if isinstance(value, list) else super().to_python(value).splitlines()
        return list(dict.fromkeys(filter(None, (line.strip() for line in lines))))

    def has_changed(self, initial, data) -> bool:
        """Compare the values."""
        return self.to_python(initial or []) != self.to_python(data)


class ThemeForm(PublicThingForm):
    """A theme; it takes no address that another has or had."""

    alternatives = LinesField(
        required=False,
        label="Other names",
        help_text="One a line. A search finds the theme by them.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["alternatives"] = self.instance.names[1:]

    def clean_slug(self) -> str:
        """Refuse an address that is another's, or was."""
        try:
            themes.check_free(
                self.cleaned_data["slug"], self.instance if self.instance.pk else None
            )
        except Refused as error:
            raise ValidationError(str(error)) from error
        return self.cleaned_data["slug"]


@admin.register(Theme)
class ThemeAdmin(PublicThingAdmin):
    """Themes, in the order of the site."""

    form = ThemeForm
    list_display = ["label", "slug", "sign", "position", "entries"]
    search_fields = ["label", "alternatives__label"]
    prepopulated_fields = {"slug": ["label"]}

    def is_used(self, thing) -> bool:
        filed = Recommendation.with_withdrawn.in_theme(thing).exists() or themes.waiting_in(thing)
        return bool(filed) or thing.former.exists() or Version.naming(thing.slug).exists()

    def has_add_permission(self, request):
        """Leave it to publishers: every theme is listed for readers."""
        return super().has_add_permission(request) and may_publish(request, Act.CHANGE)

    def has_delete_permission(self, request, obj=None):
        """Leave it to publishers: every theme is listed for readers."""
        return super().has_delete_permission(request, obj) and may_publish(request, Act.CHANGE)

    def get_urls(self):
        """Add the acts on a theme to the admin's addresses."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/merge/", view(theme_acts.merge_theme), name="merge_theme"),
            path("<int:pk>/retire/", view(theme_acts.retire_theme), name="retire_theme"),
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
        """Give a new theme its other names."""
        super().save_related(request, form, formsets, change)
        if not change:
            for label in form.cleaned_data["alternatives"]:
                form.instance.alternatives.create(label=label)


class ReadOnlyAdmin(admin.ModelAdmin):
    """What publishing writes, to read."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(FormerTheme)
class FormerThemeAdmin(ReadOnlyAdmin):
    """Where the addresses of former themes lead."""

    list_display = ["label", "slug", "successor", "ended_on", "reason"]
    list_select_related = ["successor"]


@admin.register(NameChange)
class NameChangeAdmin(ReadOnlyAdmin):
    """What themes, tags and organisations were called, and why that changed."""

    list_display = ["moment", "kind", "slug", "before", "after", "reason", "who"]
    list_filter = ["kind"]
    search_fields = ["slug", "before", "after"]


class NamedAdmin(PublicThingAdmin):
    """Things of a name and an address, which stays once it is saved."""

    list_display = ["name", "slug"]
    search_fields = ["name"]
    fields = ["seen", "name", "slug", "reason"]
    prepopulated_fields = {"slug": ["name"]}
    frozen = ("slug",)

    def get_prepopulated_fields(self, request, obj=None):
        """Propose an address for a new thing only."""
        return {} if obj else self.prepopulated_fields


admin.site.unregister(Tag)


@admin.register(Tag)
class TagAdmin(NamedAdmin):
    """Tags; one that an entry has, or that any version of one names, is not deleted."""

    def is_used(self, thing) -> bool:
        return thing.recommendations_tagging_items.exists() or Version.naming(thing.slug).exists()


@admin.register(Organisation)
class OrganisationAdmin(NamedAdmin):
    """Issuers and addressees."""

    def is_used(self, thing) -> bool:
        addressed = Recommendation.with_withdrawn.filter(addressees=thing).exists()
        named = thing.issued.exists() or addressed or themes.waiting_for(thing)
        return bool(named) or Version.naming(thing.slug).exists()
