"""Entries by status, theme and source, with their passages, tags and works."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import path, reverse

from recommendations.editorial import approval
from recommendations.models import Citation, Recommendation, Tagging, Unpublishable
from recommendations.models.citation import Role

from . import actions as admin_actions
from . import succession
from .delete_protection import ProtectUsed
from .forms import EntryForm, PassageForm, PassageFormSet, WorkForm
from .history import RecordedAdmin


class PassageInline(admin.StackedInline):
    """The exact words."""

    model = Citation
    form, formset = PassageForm, PassageFormSet
    verbose_name, verbose_name_plural = "passage", "passages: paste the exact words"
    readonly_fields = ["place"]
    extra = 1

    def get_queryset(self, request):
        return super().get_queryset(request).filter(role=Role.STATES).select_related("source")

    @admin.display(description="stands at")
    def place(self, citation) -> str:
        """Say where the quote stands."""
        if not citation.pk:
            return "found on saving"
        place = f"paragraph {citation.paragraph}, {citation.start} to {citation.end}"
        return (
            f"{place} of a former text: paste the words that now state the ask"
            if citation.is_orphan
            else place
        )


class WorkInline(admin.TabularInline):
    """The works that a passage refers to, and later documents that take the ask up."""

    model = Citation
    form = WorkForm
    autocomplete_fields = ["source"]
    verbose_name, verbose_name_plural = "work", "works referred to, and later echoes"
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(role=Role.STATES)


class TaggingInline(admin.TabularInline):
    """Tags, with completion."""

    model = Tagging
    autocomplete_fields = ["tag"]
    verbose_name, verbose_name_plural = "tag", "tags"
    extra = 1


@admin.register(Recommendation)
class RecommendationAdmin(RecordedAdmin, ProtectUsed):
    """Entries by status, theme and source."""

    form = EntryForm
    inlines = [PassageInline, TaggingInline, WorkInline]
    list_display = ["code", "title", "status", "theme_names", "source_code"]
    list_display_links = ["code", "title"]
    list_filter = ["status", "themes", ("source", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["code", "title", "summary", "citations__quote", "tags__name"]
    search_help_text = "Code, title, summary, quote or tag"
    autocomplete_fields = ["source", "themes", "addressees"]
    actions = ["publish", "merge"]
    save_on_top = True

    def is_used(self, thing) -> bool:
        return thing.published_at is not None

    def get_queryset(self, request):
        """Fetch what the list shows at once."""
        entries = super().get_queryset(request)
        return entries.select_related("source").defer("source__text").prefetch_related("themes")

    def get_readonly_fields(self, request, obj=None):
        """Fix the code; and the status once readers know the entry."""
        if obj is None:
            return []
        return ["code", "source", "status"] if obj.published_at else ["code", "source"]

    def get_fields(self, request, obj=None):
        """Ask for a reason only where readers see the change."""
        own = ["title", "summary", "themes", "addressees"]
        if obj is None:
            return ["source", *own]
        if obj.published_at:
            return [
                "code",
                "source",
                "status",
                *own,
                *(["reason"] if obj.is_published else []),
                "seen_revision",
            ]
        return ["code", "source", "stage", *own, "seen_revision"]

    def has_change_permission(self, request, obj=None):
        """Leave published entries to those who may publish, or under four eyes to nobody; withdrawn
        ones to nobody.
        """
        allowed = super().has_change_permission(request, obj)
        if obj is None or not obj.published_at:
            return allowed
        return (
            allowed
            and obj.is_published
            and admin_actions.may_publish(request)
            and not approval.is_required()
        )

    def view_on_site(self, obj):
        """Lead to the page, or to the preview of what has none."""
        return (
            obj.get_absolute_url()
            if obj.published_at
            else reverse("admin:preview_recommendation", args=[obj.pk])
        )

    def get_urls(self):
        """Add the acts to the admin's addresses."""
        view = self.admin_site.admin_view
        return [
            path("publish/", view(admin_actions.publish), name="publish_recommendations"),
            path(
                "<int:pk>/withdraw/", view(admin_actions.withdraw), name="withdraw_recommendation"
            ),
            path("merge/", view(succession.merge), name="merge_recommendations"),
            path("<int:pk>/split/", view(succession.split), name="split_recommendation"),
            path("<int:pk>/propose/", view(admin_actions.propose), name="propose_change"),
            path("<int:pk>/preview/", view(admin_actions.preview), name="preview_recommendation"),
            *super().get_urls(),
        ]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Tell an editor, and save nothing, where a change cannot be published."""
        extra_context = {"four_eyes": approval.is_required(), **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Unpublishable as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.get_full_path())

    def save_related(self, request, form, formsets, change):
        """Publish a change of a published entry as its next version."""
        super().save_related(request, form, formsets, change)
        changed = set(form.changed_data) - {"reason"} or any(
            formset.has_changed() for formset in formsets
        )
        if form.instance.is_published and changed:
            form.instance.publish(form.cleaned_data["reason"])

    @admin.action(description="Publish the selected entries…", permissions=["publish"])
    def publish(self, request, entries):
        """Lead to the page that asks for the reason."""
        return lead(entries, "admin:publish_recommendations")

    def has_publish_permission(self, request) -> bool:
        """Tell whether to offer the action."""
        return admin_actions.may_publish(request)

    @admin.action(description="Merge the selected entries…", permissions=["merge"])
    def merge(self, request, entries):
        """Lead to the page that asks which one remains."""
        return lead(entries, "admin:merge_recommendations")

    def has_merge_permission(self, request) -> bool:
        """Tell whether to offer the action."""
        return request.user.has_perms([admin_actions.PUBLISH, admin_actions.WITHDRAW])

    @admin.display(description="themes")
    def theme_names(self, entry) -> str:
        return ", ".join(theme.label for theme in entry.themes.all())

    @admin.display(description="declaration", ordering="source__code")
    def source_code(self, entry) -> str:
        return entry.source.code


def lead(entries, name: str) -> HttpResponseRedirect:
    """Lead to the page of an act on these entries."""
    chosen = urlencode([("entry", pk) for pk in entries.values_list("pk", flat=True)])
    return HttpResponseRedirect(f"{reverse(name)}?{chosen}")
