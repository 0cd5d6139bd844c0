"""Forms of the review: a proposal's fields, a passage to add, the reason of a publication."""

import re

from django import forms

from recommendations.editorial.errors import Refused
from recommendations.editorial.review import decisions, passages
from recommendations.editorial.review.decisions import ProposalDetails
from recommendations.models import Organisation, Source, Theme

LONGEST_TAG = 100
MOST_TAGS = 20
DECISIONS = decisions.ACTS | {"join": passages.join}
MARKS = re.compile(r"\A[0-9]{1,18}:[0-9]{1,9}(?:,[0-9]{1,18}:[0-9]{1,9})*\Z", re.ASCII)
EDGES, WAYS = ("start", "end"), ("earlier", "later", "sentence")
NO_SUCH_ACT = "This page has no such button. Load it again."


class Prose(forms.CharField):
    """Text of several lines; a browser's line ends become single signs before they are counted."""

    def to_python(self, value) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class OfText(forms.Form):
    """A form whose offsets count in one version of a declaration's text."""

    text = forms.IntegerField(required=False)
    start = forms.IntegerField(required=False)
    end = forms.IntegerField(required=False)

    @property
    def fault(self) -> str:
        """What is wrong, in one line."""
        named = [
            f"{self.fields[name].label or name.capitalize()}: {' '.join(e)}"
            for name, e in self.errors.items()
        ]
        return f"{' '.join(named)} Nothing was saved."

    def span_in(self, source: Source) -> tuple[int, int]:
        """Return both offsets; raises Refused if they are missing or the text has changed."""
        start, end, text = (self.cleaned_data[name] for name in ("start", "end", "text"))
        if start is None or end is None:
            raise Refused("Select some words of the text first.")
        if text != source.text_number:
            raise Refused("The text was corrected after you had opened this page. Load it again.")
        return start, end


class CardForm(OfText):
    """A proposal's fields at the revision that the editor saw, and the button pressed."""

    revision = forms.IntegerField(min_value=0)
    act = forms.CharField(max_length=40, required=False)
    before = forms.CharField(max_length=200, required=False)
    title = forms.CharField(max_length=120, required=False)
    summary = Prose(max_length=600, required=False)
    tags = forms.CharField(max_length=2200, required=False)
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(), to_field_name="slug", required=False
    )
    addressees = forms.ModelMultipleChoiceField(
        Organisation.objects.all(), to_field_name="slug", required=False
    )

    def clean_title(self) -> str:
        """Make a title of one line."""
        return " ".join(self.cleaned_data["title"].split())

    def clean_tags(self) -> list[str]:
        """Part the tags."""
        tags = decisions.clean_tags(self.cleaned_data["tags"])
        if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
            raise forms.ValidationError(
                f"Give at most {MOST_TAGS} tags of at most {LONGEST_TAG} characters."
            )
        return tags

    @property
    def details(self) -> ProposalDetails:
        """What the editor says."""
        values = self.cleaned_data
        themes, addressees = (
            [each.slug for each in values[name]] for name in ("themes", "addressees")
        )
        return ProposalDetails(
            values["title"], values["summary"], values["tags"], themes, addressees
        )

    def typed(self) -> dict[str, str]:
        """Return what was typed, as it was sent, for an editor to copy."""
        sent = {
            name: ", ".join(self.data.getlist(name))
            for name in ("title", "themes", "tags", "summary")
        }
        return {name.capitalize(): value for name, value in sent.items() if value}

    def do(self, who: str, proposal, revision: int) -> None:
        """Do what the button says to a saved proposal; raises Refused."""
        before = self.cleaned_data["before"]
        name, *details = self.cleaned_data["act"].split() or ["save"]
        if name == "save" and before:  # the Enter key in that field presses the form's first button
            name = "split"
        if name in DECISIONS and not details:
            DECISIONS[name](who, proposal, revision)
        elif name == "move" and len(details) == 3 and details[1] in EDGES and details[2] in WAYS:
            passages.move(who, proposal, revision, number(details[0]), details[1], details[2])
        elif name == "split" and len(details) < 2:
            at = number(details[0]) if details else passages.place_of(proposal, before)
            passages.split(who, proposal, revision, at)
        elif name == "words" and not details:
            passages.set_words(who, proposal, revision, *self.span_in(proposal.source))
        elif name != "save":
            raise Refused(NO_SUCH_ACT)


class AllForm(forms.Form):
    """One decision on several proposals, each as its key and the revision that the editor saw."""

    act = forms.ChoiceField(choices=[(act, act) for act in decisions.ACTS])
    each = forms.RegexField(MARKS)  # one field, because Django takes 1,000 of a form at most

    def do(self, who: str, source: Source) -> list:
        """Decide on all of them, or on none; raises Refused."""
        if not self.is_valid():
            raise Refused(NO_SUCH_ACT)
        marks = dict.fromkeys(self.cleaned_data["each"].split(","))
        seen = [tuple(map(int, mark.split(":"))) for mark in marks]
        return decisions.decide_all(who, source.pk, seen, self.cleaned_data["act"])


class AddForm(OfText):
    """A passage to add: its exact words, its paragraph's number, or the selected offsets."""

    quote = Prose(required=False, strip=False, label="Exact words")
    paragraph = forms.IntegerField(required=False)

    def do(self, who: str, source: Source):
        """Add the passage; raises Refused, and QuoteError with the places of the words."""
        quote, paragraph = self.cleaned_data["quote"], self.cleaned_data["paragraph"]
        if quote.strip():
            return passages.add_quote(who, source.pk, quote.strip())
        if paragraph is not None:
            return passages.add_paragraph(who, source.pk, paragraph)
        return passages.add(who, source.pk, *self.span_in(source))


class PublishForm(forms.Form):
    """The public reason, and what the publisher looked at."""

    reason = forms.CharField(max_length=300, initial="First publication.")
    seen = forms.CharField(max_length=64)
    confirmed = forms.BooleanField(required=False)


def number(text: str) -> int:
    """Read an offset or a place; raises Refused."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused(NO_SUCH_ACT)
    return int(text)
