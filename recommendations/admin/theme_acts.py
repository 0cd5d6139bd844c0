"""Merging and retiring themes: each a page with what will happen."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from recommendations.editorial import themes
from recommendations.models import Theme
from recommendations.models.proposal import Act, Proposal

from .actions import PROPOSE, perform, public_reason, require, sent


class MergeThemeForm(forms.Form):
    """The theme to merge into, and why."""

    into = forms.ModelChoiceField(Theme.objects.none(), label="Merge into")
    keep_names = forms.BooleanField(
        label="Let a search find the other theme by the names of this one",
        required=False,
        initial=True,
    )
    reason = public_reason("it stands in the history of every entry that moves.")

    def __init__(self, data, theme):
        super().__init__(data)
        self.fields["into"].queryset = Theme.objects.exclude(pk=theme.pk)


class RetireForm(forms.Form):
    """The theme whose page readers are led to, and why."""

    successor = forms.ModelChoiceField(
        Theme.objects.none(),
        required=False,
        label="Lead readers to",
        empty_label="No theme: say that this one was retired",
        help_text="Entries are not moved there. To move them, merge the theme instead.",
    )
    reason = public_reason(
        "it stands in the history of every entry that leaves, and is told at the old address."
    )

    def __init__(self, data, theme):
        super().__init__(data)
        self.fields["successor"].queryset = Theme.objects.exclude(pk=theme.pk)


def merge_theme(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge a theme into another."""
    theme, context = _about(request, pk, "Merge")

    def propose(into: Theme, keep_names: bool) -> Proposal:
        return themes.propose_merge(theme, into, keep_names=keep_names)

    form, template = MergeThemeForm(sent(request), theme), "recommendations/admin/theme_merge.html"
    return perform(request, Act.MERGE_THEMES, form, template, context, propose)


def retire_theme(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire a theme."""
    theme, context = _about(request, pk, "Retire")
    context["alone"] = themes.only_in(theme)

    def propose(successor: Theme | None) -> Proposal:
        return themes.propose_retirement(theme, successor)

    form, template = RetireForm(sent(request), theme), "recommendations/admin/theme_retire.html"
    return perform(request, Act.RETIRE_THEME, form, template, context, propose)


def _about(request: HttpRequest, pk: int, verb: str) -> tuple[Theme, dict]:
    """Return a theme, and what its pages say: how much would be touched."""
    require(request, PROPOSE, "recommendations.change_theme")
    theme = get_object_or_404(Theme, pk=pk)
    context = {
        "theme": theme,
        "published": theme.recommendations.count(),
        "proposals": themes.waiting_in(theme),
        "former": list(theme.former.all()),
        "title": f"{verb} “{theme.label}”",
        "back": reverse("admin:recommendations_theme_changelist"),
        "thing": "Themes",
    }
    return theme, context
