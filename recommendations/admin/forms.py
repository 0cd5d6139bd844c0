"""The forms of an entry: revisions that collide, quotes that are found or refused, works that are
cited.
"""

from functools import cached_property

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

from recommendations.models import Citation, Recommendation, Status
from recommendations.models.citation import Role
from recommendations.text.positions import QuoteError, locate

from .optimistic_lock import collision

OPEN = [(Status.DRAFT, "draft"), (Status.IN_REVIEW, "in review")]


class EntryForm(forms.ModelForm):
    """An entry, with the revision that the editor saw and, once published, the public reason of a
    change.
    """

    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    stage = forms.ChoiceField(choices=OPEN, widget=forms.RadioSelect, required=False)
    reason = forms.CharField(
        max_length=300,
        required=False,
        label="Reason for this change",
        help_text="Public: it stands in the history.",
        widget=AdminTextInputWidget(attrs={"size": 100}),
    )

    class Meta:
        model = Recommendation
        fields = ["source", "title", "summary", "themes", "addressees"]
        widgets = {
            "title": AdminTextInputWidget(attrs={"size": 100}),
            "summary": AdminTextareaWidget(attrs={"rows": 4}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= {"seen_revision": self.instance.revision, "stage": self.instance.status}
        self.fields.pop("stage" if self.instance.published_at else "reason")

    def clean(self) -> dict:
        """Refuse to overwrite what somebody else saved since the form was opened."""
        cleaned = super().clean()
        if self.instance.pk:
            stored = (
                Recommendation.objects.select_for_update().only("revision").get(pk=self.instance.pk)
            )
            if stored.revision != cleaned.get("seen_revision"):
                raise ValidationError(collision(self.instance))
        return cleaned

    def clean_reason(self) -> str:
        """Ask for a reason where readers see the change."""
        reason = self.cleaned_data["reason"].strip()
        if self.instance.is_published and not reason:
            raise ValidationError("Readers see this entry: say why it changes.")
        return reason

    def _post_clean(self) -> None:
        """Take over the status that an unpublished entry may have."""
        super()._post_clean()
        if self.cleaned_data.get("stage"):
            self.instance.status = self.cleaned_data["stage"]


class QuoteField(forms.CharField):
    """Words of a text, with its line ends instead of a browser's."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 100})

    def to_python(self, value: object) -> str:
        """Undo the line ends of form submission (HTML standard, 4.10.21.4)."""
        return super().to_python(value).replace("\r\n", "\n")


class PassageForm(forms.ModelForm):
    """A pasted quote, whose place is found in the declaration; an orphan stays one until its words
    can be found.
    """

    quote = QuoteField()

    class Meta:
        model = Citation
        fields = ["quote"]

    def __init__(self, *args, entry: Recommendation, **kwargs):
        self.entry = entry
        super().__init__(*args, **kwargs)

    @cached_property
    def has_returned(self) -> bool:
        """Whether this was an orphan whose words now stand in the text, once, where no passage of
        its entry begins.
        """
        if not (self.instance.pk and self.instance.is_orphan):
            return False
        source = self.entry.source
        try:
            start, _end = locate(source.text, self.instance.quote)
        except QuoteError:
            return False
        here = self.entry.citations.filter(
            role=Role.STATES, text_number=source.text_number, start=start
        )
        return not here.exists()

    def has_changed(self) -> bool:
        """Tell whether there is something to save: other words, or the place of an orphan."""
        return super().has_changed() or self.has_returned

    def stays_orphan(self, quote: str) -> bool:
        """Tell whether these are the words of an orphan as they were, for which there is still no
        place.
        """
        orphan = self.instance
        return (
            bool(orphan.pk)
            and orphan.is_orphan
            and quote == orphan.quote.strip()
            and not self.has_returned
        )

    def clean(self) -> dict:
        """Find the quote; an absent or a repeated one is an error that shows the places."""
        cleaned = super().clean()
        quote = cleaned.get("quote", "")
        if self.stays_orphan(quote):
            cleaned["quote"] = self.instance.quote
        elif self.entry.source_id and quote:
            self.instance.source, self.instance.role = self.entry.source, Role.STATES
            try:
                self.instance.anchor(quote)
            except QuoteError as error:
                self.add_error("quote", str(error))
        return cleaned


class PassageFormSet(BaseInlineFormSet):
    """The passages of an entry."""

    def get_form_kwargs(self, index):
        """Tell each passage its entry, which a new one does not know before it is saved."""
        return super().get_form_kwargs(index) | {"entry": self.instance}

    def clean(self) -> None:
        """Leave a published entry a passage, and let one be changed rather than swapped."""
        super().clean()
        stay = [form for form in self.initial_forms if form not in self.deleted_forms]
        if self.instance.published_at and self.initial_forms and not stay:
            raise ValidationError(
                "A published entry needs its words: change the quote instead of deleting it."
            )
        quotes = [
            form.cleaned_data.get("quote")
            for form in self.forms
            if form not in self.deleted_forms
            and form.is_valid()
            and not (form.instance.pk and form.instance.is_orphan)
        ]
        if len(quotes) != len(set(filter(None, quotes))) + quotes.count(None):
            raise ValidationError("The same quote is given twice.")


class WorkForm(forms.ModelForm):
    """A cited work: `states` is for passages only."""

    class Meta:
        model = Citation
        fields = ["role", "source", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            choice for choice in Role.choices if choice[0] != Role.STATES
        ]
