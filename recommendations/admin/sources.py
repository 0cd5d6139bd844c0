"""Declarations and cited works."""

from django import forms
from django.contrib import admin

from recommendations.models import Recommendation, Source
from recommendations.models.proposal import Proposal

from . import corrections, review
from .public_things import PublicThingAdmin, PublicThingForm


class SourceForm(PublicThingForm):
    """Keeps the text verbatim: nothing is stripped."""

    text = forms.CharField(
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 30, "cols": 100, "spellcheck": "false"}),
    )


def is_pointed_into(source: Source) -> bool:
    """Tell whether quotes or proposals point into the text, which fixes it."""
    quoted = source.citations.exclude(quote="").exists()
    return quoted or Proposal.objects.filter(source=source).exclude(spans=[]).exists()


@admin.register(Source)
class SourceAdmin(PublicThingAdmin):
    """Sources; once something points into a text, it changes by a correction only."""

    form = SourceForm
    list_display = ["code", "title", "kind", "issued_on", "entries"]
    list_filter = ["kind", "language"]
    search_fields = ["code", "title"]
    date_hierarchy = "issued_on"
    filter_horizontal = ["issuers"]
    readonly_fields = ["sha256"]
    frozen = ("code",)
    fieldsets = [
        (
            None,
            {
                "fields": ["seen", "code", "title", "short_title", "kind", "issuers", "issued_on"]
                + ["occasion", "url", "language"]
            },
        ),
        ("Text", {"fields": ["text", "sha256", "retrieved_on", "note_signs", "contents"]}),
        (None, {"fields": ["reason"]}),
    ]

    def is_used(self, thing) -> bool:
        taken = Recommendation.with_withdrawn.filter(source=thing).exists()
        return taken or thing.citations.exists()

    def get_queryset(self, request):
        """Lists have no need of the texts."""
        return super().get_queryset(request).defer("text")

    def get_readonly_fields(self, request, obj=None):
        """Fix a text that something points into."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "text"] if obj and is_pointed_into(obj) else fields

    def get_urls(self):
        """Add the URLs of a declaration's review and of the correction of its text."""
        view = self.admin_site.admin_view
        return [*review.paths(view), *corrections.paths(view), *super().get_urls()]

    @admin.display(description="entries")
    def entries(self, source) -> int:
        return source.numbers_given
