"""Declarations and cited works."""

from django import forms
from django.contrib import admin

from recommendations.models import Source

from . import correction, review
from .delete_protection import ProtectUsed
from .history import RecordedAdmin
from .optimistic_lock import SeenForm


class SourceForm(SeenForm):
    """Keeps the text verbatim: nothing is stripped, and a browser's line ends become the text's
    own.
    """

    text = forms.CharField(
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 30, "cols": 100, "spellcheck": "false"}),
    )

    def clean_text(self) -> str:
        """Undo the line ends of form submission (HTML standard, 4.10.21.4)."""
        return self.cleaned_data["text"].replace("\r\n", "\n")


def is_pointed_into(source: Source) -> bool:
    """Tell whether a quote or a proposal names a place in the text, so that only a correction may
    change it.
    """
    return source.citations.exclude(quote="").exists() or source.proposals.exists()


@admin.register(Source)
class SourceAdmin(RecordedAdmin, ProtectUsed):
    """Sources; a text is fixed as soon as something points into it, and changes by a correction
    only.
    """

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
    ]

    def is_used(self, thing) -> bool:
        return thing.recommendations.exists() or thing.citations.exists()

    def get_queryset(self, request):
        """Lists have no need of the texts."""
        return super().get_queryset(request).defer("text")

    def get_readonly_fields(self, request, obj=None):
        """Fix a text that something points into."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "text"] if obj and is_pointed_into(obj) else fields

    def get_urls(self):
        """Add the review of a declaration, and the correction of its text, to the admin's
        addresses.
        """
        view = self.admin_site.admin_view
        return [*review.paths(view), *correction.paths(view), *super().get_urls()]

    @admin.display(description="entries")
    def entries(self, source) -> int:
        return source.numbers_given
