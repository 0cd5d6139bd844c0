"""The form of a proposal of an entry: its words, found in the text, and what is said of it."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory

from recommendations.editorial.content import Content
from recommendations.editorial.review.decisions import clean_tags
from recommendations.models import Organisation, Source, Theme
from recommendations.models.citation import Role
from recommendations.models.proposal import Proposal
from recommendations.text import positions


class EntryForm(forms.Form):
    """What the editors say of an entry, on the revision or the version that was seen."""

    title = forms.CharField(max_length=120, widget=AdminTextInputWidget(attrs={"size": 100}))
    summary = forms.CharField(
        max_length=600, required=False, widget=AdminTextareaWidget(attrs={"rows": 4})
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    tags = forms.CharField(
        max_length=2200,
        required=False,
        help_text="With commas between them.",
        widget=AdminTextInputWidget(attrs={"size": 100}),
    )
    addressees = forms.ModelMultipleChoiceField(
        Organisation.objects.all(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text="For the editors: readers never see it.",
    )
    reason = forms.CharField(
        max_length=300,
        required=False,
        help_text="Public: it stands in the history.",
        widget=AdminTextInputWidget(attrs={"size": 100}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_tags(self) -> list[str]:
        """Part the tags."""
        return clean_tags(self.cleaned_data["tags"])


class QuoteForm(forms.Form):
    """One passage, by its exact words."""

    quote = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4, "cols": 100}))

    def clean_quote(self) -> str:
        """Undo the line ends of form submission (HTML standard, 4.10.21.4)."""
        return self.cleaned_data["quote"].replace("\r\n", "\n")


class WorkForm(forms.Form):
    """One work that the passage refers to."""

    source = forms.ModelChoiceField(
        Source.objects.defer("text").order_by("code"), to_field_name="code", required=False
    )
    note = forms.CharField(
        max_length=200,
        required=False,
        help_text="The editors' word on the link, shown to readers.",
    )


class PassageFormSet(BaseFormSet):
    """The passages of an entry, found in the text of its declaration."""

    def __init__(self, *args, proposal: Proposal, **kwargs):
        self.proposal = proposal
        super().__init__(*args, **kwargs)

    def clean(self) -> None:
        """Find each quote; an absent or a repeated one is an error that shows the places."""
        source = self.proposal.source
        left = {words.strip(): place for place, words in left_behind(self.proposal)}
        self.places = []
        for form in self.forms:
            quote = form.cleaned_data.get("quote", "") if form.is_valid() else ""
            if not quote or form in self.deleted_forms:
                continue
            try:
                start, end = positions.locate(source.text, quote)
                self.places.append((start, end, source.text_number))
            except positions.QuoteError as error:
                if quote in left:  # its words are those that a correction left behind
                    self.places.append(left[quote])
                else:
                    form.add_error("quote", str(error))
        if len(set(self.places)) < len(self.places):
            raise ValidationError("The same quote is given twice.")


Quotes = formset_factory(QuoteForm, PassageFormSet, extra=1, can_delete=True)
Works = formset_factory(WorkForm, extra=1, can_delete=True)


def left_behind(proposal: Proposal) -> list[tuple[tuple[int, int, int], str]]:
    """Return the passages that stand in a former text, each with its words."""
    places = [tuple(each) for each in proposal.details.get("left", [])]
    if proposal.text_number != proposal.source.text_number:
        places += [(start, end, proposal.text_number) for start, end in proposal.spans]
    return [(p, proposal.source.text_of(p[2])[p[0] : p[1]]) for p in places]


def forms_of(proposal: Proposal, data, seen: str) -> tuple[EntryForm, PassageFormSet, BaseFormSet]:
    """Return the form of a proposal, and those of its passages and its works."""
    initial = {
        "title": proposal.title,
        "summary": proposal.summary,
        "themes": proposal.themes,
        "tags": ", ".join(proposal.tags),
        "addressees": proposal.addressees,
        "note": proposal.note,
        "reason": proposal.reason,
        "seen": seen,
    }
    text = proposal.source.text_of(proposal.text_number)
    quotes = [text[start:end] for start, end in proposal.spans]
    quotes += [words for _place, words in left_behind(proposal) if words not in quotes]
    works = [{"source": code, "note": note} for _role, code, note in proposal.works]
    return (
        EntryForm(data, initial=initial),
        Quotes(
            data,
            prefix="quotes",
            initial=[{"quote": quote} for quote in quotes],
            proposal=proposal,
        ),
        Works(data, prefix="works", initial=works),
    )


def content_of(form: EntryForm, quotes: PassageFormSet, works: BaseFormSet) -> Content:
    """Return what valid forms say."""
    values = form.cleaned_data
    cited = [each.cleaned_data for each in works.forms if each not in works.deleted_forms]
    return Content(
        title=values["title"],
        summary=values["summary"],
        passages=sorted(quotes.places, key=lambda each: (each[0], each[2])),
        themes=[theme.slug for theme in values["themes"]],
        tags=values["tags"],
        addressees=[each.slug for each in values["addressees"]],
        works=[
            (str(Role.REFERS_TO), each["source"].code, each["note"])
            for each in cited
            if each.get("source")
        ],
    )
