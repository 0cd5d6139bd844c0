"""Withdrawing, merging and splitting entries: each a page with what will happen."""

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from recommendations.editorial import merge, split, withdraw
from recommendations.models import Recommendation
from recommendations.models.proposal import Act, Proposal

from .actions import PROPOSE, WIDE, chosen, perform, public_reason, require, sent

LIST = "admin:recommendations_recommendation_changelist"


class WithdrawForm(forms.Form):
    """The public reason, and the code of the entry to use instead."""

    reason = public_reason("the entry's address shows it from now on.")
    replaced_by = forms.CharField(
        required=False,
        label="Use instead",
        help_text="The code of a published entry, such as PARIS-2025-4. Readers are led to it.",
        widget=AdminTextInputWidget(attrs={"list": "codes"}),
    )

    def clean_replaced_by(self) -> Recommendation | None:
        """Find the entry by its code, however its letters are written."""
        code = self.cleaned_data["replaced_by"].upper()
        found = Recommendation.objects.filter(code=code).first()
        if code and found is None:
            raise ValidationError(f"There is no published entry {code}.")
        return found


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
    reason = public_reason(
        "it stands in the history of the entry kept, and at the addresses of the others."
    )

    def __init__(self, data, entries):
        super().__init__(data)
        self.fields["survivor"].queryset = entries
        self.fields["survivor"].initial = entries.first()


class SplitForm(forms.Form):
    """The new entry, and why."""

    title = forms.CharField(max_length=120, label="Title of the new entry", widget=WIDE)
    reason = public_reason("it stands in the history of both, with the code of the other.", 200)


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


def withdraw_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a published entry with a reason; its address says so from now on."""
    require(request, PROPOSE)
    entry = get_object_or_404(Recommendation.objects.select_related("source"), pk=pk)
    context = {
        "entry": entry,
        "title": f"Withdraw {entry.code}",
        "back": reverse(LIST),
        "thing": "Recommendations",
        "others": entry.source.recommendations.exclude(pk=pk),
    }

    def propose(replaced_by: Recommendation | None) -> Proposal:
        return withdraw.propose(entry, replaced_by)

    form, template = WithdrawForm(sent(request)), "recommendations/admin/withdraw.html"
    return perform(request, Act.WITHDRAW, form, template, context, propose)


def merge_entries(request: HttpRequest) -> HttpResponse:
    """Merge the chosen entries into one of them."""
    require(request, PROPOSE)
    entries = chosen(request)
    context = {
        "entries": entries,
        "title": "Merge entries",
        "back": reverse(LIST),
        "thing": "Recommendations",
    }

    def propose(survivor: Recommendation, unite: bool) -> Proposal:
        return merge.propose(survivor, list(entries), unite=unite)

    form, template = MergeForm(sent(request), entries), "recommendations/admin/merge.html"
    return perform(request, Act.MERGE, form, template, context, propose)


def split_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Split an entry in two."""
    require(request, PROPOSE)
    entry = get_object_or_404(Recommendation.objects.select_related("source"), pk=pk)
    has_one = len(entry.passages) == 1
    form = SplitWordsForm if has_one else SplitPassagesForm
    context = {
        "entry": entry,
        "has_one": has_one,
        "title": f"Split {entry.code}",
        "back": reverse("admin:recommendations_recommendation_change", args=[pk]),
        "thing": entry.code,
    }

    def propose(**values) -> Proposal:
        return (split.propose_by_words if has_one else split.propose)(entry, **values)

    template = "recommendations/admin/split.html"
    return perform(request, Act.SPLIT, form(sent(request), entry), template, context, propose)
