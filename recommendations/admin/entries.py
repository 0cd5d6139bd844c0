"""Entries, published and withdrawn, to read; each act on one leads to its page."""

from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import path, reverse

from recommendations.models import Recommendation

from . import entry_acts, proposals
from .actions import PROPOSE
from .history import AuditedAdmin


@admin.register(Recommendation)
class RecommendationAdmin(AuditedAdmin):
    """Entries by status, theme and source: nothing is saved here, every change is a proposal."""

    list_display = ["code", "title", "status", "theme_names", "source_code"]
    list_display_links = ["code", "title"]
    list_filter = ["status", "themes", ("source", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["code", "title", "summary", "citations__quote", "tags__name"]
    search_help_text = "Code, title, summary, quote or tag"
    fields = ["code", "source", "status", "title", "quotes", "summary", "theme_names"]
    fields += ["tag_names", "addressee_names", "works_cited"]
    readonly_fields = ["quotes", "theme_names", "tag_names", "addressee_names", "works_cited"]
    actions = ["merge"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        """Show withdrawn entries too, and fetch what the list shows at once."""
        entries = Recommendation.with_withdrawn.order_by("source__code", "number")
        return entries.select_related("source").defer("source__text").prefetch_related("themes")

    def get_urls(self):
        """Add the acts to the admin's addresses."""
        view = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/withdraw/",
                view(entry_acts.withdraw_entry),
                name="withdraw_recommendation",
            ),
            path("merge/", view(entry_acts.merge_entries), name="merge_recommendations"),
            path("<int:pk>/split/", view(entry_acts.split_entry), name="split_recommendation"),
            path("<int:pk>/propose/", view(proposals.propose_change), name="propose_change"),
            *super().get_urls(),
        ]

    @admin.action(description="Merge the selected entries…", permissions=["merge"])
    def merge(self, request, entries):
        """Lead to the page that asks which one remains."""
        chosen = urlencode([("entry", pk) for pk in entries.values_list("pk", flat=True)])
        return HttpResponseRedirect(f"{reverse('admin:merge_recommendations')}?{chosen}")

    def has_merge_permission(self, request) -> bool:
        """Tell whether to offer the action."""
        return request.user.has_perm(PROPOSE)

    @admin.display(description="quotes")
    def quotes(self, entry) -> str:
        return "\n\n".join(
            f"{passage.quote} (of a former text)" if passage.is_orphan else passage.quote
            for passage in entry.passages
        )

    @admin.display(description="themes")
    def theme_names(self, entry) -> str:
        return ", ".join(theme.label for theme in entry.themes.all())

    @admin.display(description="tags")
    def tag_names(self, entry) -> str:
        return ", ".join(sorted(tag.name for tag in entry.tags.all()))

    @admin.display(description="addressed to")
    def addressee_names(self, entry) -> str:
        return ", ".join(each.name for each in entry.addressees.all())

    @admin.display(description="works referred to")
    def works_cited(self, entry) -> str:
        return "\n".join(work.source.title for work in entry.works)

    @admin.display(description="declaration", ordering="source__code")
    def source_code(self, entry) -> str:
        return entry.source.code
