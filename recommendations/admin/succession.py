"""Merging and splitting entries; renaming, merging and retiring themes: each a page with what will
happen.
"""

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from recommendations.editorial import approval, merge_split, themes
from recommendations.models import Recommendation, Theme

from .actions import LIST, PUBLISH, WITHDRAW, chosen, perform, require, sent

WIDE = AdminTextInputWidget(attrs={"size": 80})


def public(help_text: str, max_length: int = 300) -> forms.CharField:
    """Return a field for a public reason; `help_text` says where readers see it."""
    return forms.CharField(max_length=max_length, widget=WIDE, help_text=f"Public: {help_text}")


class MergeForm(forms.Form):
    """Which entry remains, and why."""

    survivor = forms.ModelChoiceField(
        Recommendation.objects.none(), label="Keep", widget=forms.RadioSelect, empty_label=None
    )
    unite = forms.BooleanField(
        label="File it also under the themes, tags and addressees of the others",
        required=False,
        initial=True,
    )
    reason = public(
        "it stands in the history of the entry kept, and at the addresses of the others."
    )

    def __init__(self, data, entries):
        super().__init__(data)
        self.fields["survivor"].queryset = entries
        self.fields["survivor"].initial = entries.first()


class SplitForm(forms.Form):
    """The new entry, and why."""

    title = forms.CharField(max_length=120, label="Title of the new entry", widget=WIDE)
    reason = public("it stands in the history of both, with the code of the other.", 200)


class SplitPassagesForm(SplitForm):
    """Which passages leave."""

    leaving = forms.TypedMultipleChoiceField(
        coerce=int, label="Passages that leave", widget=forms.CheckboxSelectMultiple
    )
    field_order = ["leaving", "title", "reason"]

    def __init__(self, data, entry):
        super().__init__(data)
        self.fields["leaving"].choices = [(passage.pk, passage.quote) for passage in entry.passages]


class SplitWordsForm(SplitForm):
    """Which words stay, and which leave."""

    staying = forms.CharField(
        label="Words that stay", widget=forms.Textarea(attrs={"rows": 4, "cols": 80})
    )
    leaving = forms.CharField(
        label="Words that leave", widget=forms.Textarea(attrs={"rows": 4, "cols": 80})
    )
    field_order = ["staying", "leaving", "title", "reason"]

    def __init__(self, data, entry):
        super().__init__(data)
        self.fields["staying"].initial = self.fields["leaving"].initial = entry.quote

    def clean(self) -> dict:
        """Undo the line ends of form submission (HTML standard, 4.10.21.4)."""
        cleaned = super().clean()
        return {name: value.replace("\r\n", "\n") for name, value in cleaned.items()}


class RenameForm(forms.Form):
    """The new names, and why."""

    label = forms.CharField(max_length=80, label="Label")
    slug = forms.SlugField(
        label="Address", help_text="What stands after /themes/. The old address leads to the new."
    )
    reason = public("it is told to whoever asks what became of the old address.")


class MergeThemeForm(forms.Form):
    """The theme to merge into, and why."""

    into = forms.ModelChoiceField(Theme.objects.none(), label="Merge into")
    keep_names = forms.BooleanField(
        label="Let a search find the other theme by the names of this one",
        required=False,
        initial=True,
    )
    reason = public("it stands in the history of every entry that moves.")

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
    reason = public(
        "it stands in the history of every entry that leaves, and is told at the old address."
    )

    def __init__(self, data, theme):
        super().__init__(data)
        self.fields["successor"].queryset = Theme.objects.exclude(pk=theme.pk)


def merge(request: HttpRequest) -> HttpResponse:
    """Merge the chosen entries into one of them."""
    who, entries = require(request, PUBLISH, WITHDRAW), chosen(request)

    def do(survivor: Recommendation, unite: bool, reason: str) -> str:
        others = [entry for entry in entries if entry != survivor]
        approval.check(who, *entries)
        merge_split.merge(who, survivor, others, reason, unite=unite)
        return f"{', '.join(entry.code for entry in others)} merged into {survivor.code}."

    context = {
        "entries": entries,
        "title": "Merge entries",
        "back": reverse(LIST),
        "thing": "Recommendations",
    }
    form = MergeForm(sent(request), entries)
    return perform(request, form, "recommendations/admin/merge.html", context, do)


def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Split an entry in two."""
    who = require(request, PUBLISH, WITHDRAW)
    entry = get_object_or_404(Recommendation.objects.published().select_related("source"), pk=pk)
    has_one = len(entry.passages) == 1
    act, form = (
        (merge_split.split_words, SplitWordsForm)
        if has_one
        else (merge_split.split, SplitPassagesForm)
    )

    def do(**values) -> str:
        approval.check(who, entry)
        new = act(who, entry, **values)
        return f"{entry.code} was split: the rest is now {new.code}."

    back = reverse("admin:recommendations_recommendation_change", args=[pk])
    context = {
        "entry": entry,
        "has_one": has_one,
        "title": f"Split {entry.code}",
        "back": back,
        "thing": entry.code,
    }
    return perform(
        request, form(sent(request), entry), "recommendations/admin/split.html", context, do
    )


def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a theme another label or address."""
    who, theme, context = about(request, pk, "Rename")
    form = RenameForm(sent(request), initial={"label": theme.label, "slug": theme.slug})

    def do(label: str, slug: str, reason: str) -> str:
        check_entries(who, theme)
        themes.rename(who, theme, slug, label, reason)
        return f"“{theme.label}” is now “{label}”, at /themes/{slug}."

    return perform(request, form, "recommendations/admin/theme_rename.html", context, do)


def merge_theme(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge a theme into another."""
    who, theme, context = about(request, pk, "Merge")

    def do(into: Theme, keep_names: bool, reason: str) -> str:
        check_entries(who, theme)
        themes.merge_themes(who, theme, into, reason, keep_names=keep_names)
        return f"“{theme.label}” was merged into “{into.label}”."

    form = MergeThemeForm(sent(request), theme)
    return perform(request, form, "recommendations/admin/theme_merge.html", context, do)


def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire a theme."""
    who, theme, context = about(request, pk, "Retire")
    context["alone"] = themes.only_in(theme)

    def do(successor: Theme | None, reason: str) -> str:
        check_entries(who, theme)
        themes.retire(who, theme, reason, successor)
        return f"“{theme.label}” was retired."

    return perform(
        request,
        RetireForm(sent(request), theme),
        "recommendations/admin/theme_retire.html",
        context,
        do,
    )


def check_entries(who: str, theme: Theme) -> None:
    """Raise Unpublishable where somebody would publish an entry of a theme that they
    changed last.
    """
    approval.check(who, *Recommendation.objects.published().in_theme(theme).only("code"))


def about(request: HttpRequest, pk: int, verb: str) -> tuple[str, Theme, dict]:
    """Return who acts, on which theme, and what its pages say: how much would be touched."""
    who, theme = (
        require(request, PUBLISH, "recommendations.change_theme"),
        get_object_or_404(Theme, pk=pk),
    )
    filed = theme.recommendations.all()
    return (
        who,
        theme,
        {
            "theme": theme,
            "published": filed.published().count(),
            "others": filed.filter(published_at=None).count(),
            "proposals": theme.proposals.filter(published_at=None).count(),
            "former": list(theme.former.all()),
            "title": f"{verb} “{theme.label}”",
            "back": reverse("admin:recommendations_theme_changelist"),
            "thing": "Themes",
        },
    )
