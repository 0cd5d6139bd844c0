"""The page to correct a source's stored text; it shows what a correction would do beforehand."""

from collections.abc import Callable
from dataclasses import replace

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse

from recommendations.editorial.conflicts import correction_of
from recommendations.editorial.corrections import (
    REASON,
    Correction,
    Outcome,
    outcome_of,
    propose,
)
from recommendations.editorial.errors import Refused
from recommendations.models import Source
from recommendations.models.proposal import Act
from recommendations.text import positions
from recommendations.text.anchoring import carried_headings, carried_note_markers
from recommendations.text.diff import compare, shorten

from .actions import PROPOSE, publishes_at_once, require, submit

AROUND = 40  # characters shown on both sides of a footnote sign


class CorrectionForm(forms.Form):
    """The corrected text, its footnotes and headings, the reason, and the text the editor saw."""

    text = forms.CharField(
        strip=False,
        help_text="As published, verbatim.",
        widget=AdminTextareaWidget(attrs={"rows": 30, "spellcheck": "false"}),
    )
    note_signs = forms.JSONField(
        required=False,
        label="Footnote signs",
        help_text="[start, end] of each sign. Left as they are, they move with the words around "
        "them.",
        widget=AdminTextareaWidget(attrs={"rows": 2}),
    )
    contents = forms.CharField(
        strip=False,
        required=False,
        label="Headings",
        help_text="One a line, in the order of the paragraphs. Left as they are, they move with "
        "their paragraphs.",
        widget=AdminTextareaWidget(attrs={"rows": 8}),
    )
    reason = forms.CharField(
        max_length=REASON,
        label="Reason for this correction",
        help_text="Public: it stands with the text, and in the history of every entry.",
        widget=AdminTextInputWidget(attrs={"size": 100}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)
    filled = forms.JSONField(
        required=False, widget=forms.HiddenInput
    )  # signs and headings as the form was given out

    def clean_text(self) -> str:
        """Undo the line ends of form submission (HTML standard, 4.10.21.4)."""
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def clean_note_signs(self) -> list:
        """Take an empty field for no signs."""
        return self.cleaned_data["note_signs"] or []

    def clean_contents(self) -> list[str]:
        """Read one heading a line."""
        return [line.strip() for line in self.cleaned_data["contents"].rstrip().splitlines()]

    def clean(self) -> dict:
        """Take what a browser cannot have sent for a form that was given out with nothing."""
        cleaned = super().clean()
        filled = cleaned.get("filled")
        cleaned["filled"] = filled if isinstance(filled, dict) else {}
        return cleaned

    def is_left(self, name: str) -> bool:
        """Whether the editor left a field as it was given out."""
        return self.cleaned_data["filled"].get(name) == self.cleaned_data[name]

    @property
    def correction(self) -> Correction:
        """The correction as the form says it."""
        return Correction(
            **{key: self.cleaned_data[key] for key in ("text", "note_signs", "contents")}
        )

    @property
    def is_previewed(self) -> bool:
        """Whether the editor was shown what this very text would do."""
        return self.cleaned_data["previewed"] == positions.sha256(self.cleaned_data["text"])


def paths(view: Callable) -> list[URLPattern]:
    """Return the address of the page, below that of a source; `view` wraps it for the admin."""
    return [path("<int:pk>/correct/", view(correct_text), name="correct_source")]


def correct_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a correction would do, then make or propose it: all of it, or nothing and why."""
    require(request, PROPOSE)
    source = get_object_or_404(Source.objects.declarations(), pk=pk)
    if request.method != "POST":
        return show(
            request, source, CorrectionForm(initial=values(source) | {"seen": source.text_number})
        )
    form, shown = CorrectionForm(request.POST), {}
    if form.is_valid():
        try:
            refuse_stale(source, form.cleaned_data["seen"])
            if form.is_previewed and {"confirm", "propose"} & set(request.POST):
                outcome = outcome_of(source, form.correction)
                said = submit(
                    request, propose(source, form.correction), form.cleaned_data["reason"]
                )
                at_once = "propose" not in request.POST and publishes_at_once(request, Act.CORRECT)
                messages.success(request, done(source, outcome) if at_once else said)
                return HttpResponseRedirect(
                    reverse("admin:recommendations_source_change", args=[source.pk])
                )
            form, shown = preview(source, form)
        except Refused as error:
            form.add_error(None, str(error))
    return show(request, source, form, **shown)


def refuse_stale(source: Source, seen: int) -> None:
    """Raise Refused where somebody corrected the text after the editor had seen it."""
    if source.text_number != seen:
        raise Refused(
            f"{correction_of(source)}, after you had opened it. Nothing of yours was saved, and "
            "nothing of theirs was overwritten."
        )


def preview(source: Source, form: CorrectionForm) -> tuple[CorrectionForm, dict]:
    """Return the form to confirm, with moved note markers and headings, and its preview."""
    correction = form.correction if form.is_previewed else carried(source, form)
    outcome = outcome_of(source, correction)
    said = {"reason": form.cleaned_data["reason"], "seen": form.cleaned_data["seen"]}
    filled = CorrectionForm(
        initial=said | values(correction) | {"previewed": positions.sha256(correction.text)}
    )
    shown = {
        "outcome": outcome,
        "difference": shorten(compare(source.text, correction.text)),
        "signs": [around(correction.text, *span) for span in correction.note_signs],
        "signs_lost": len(source.note_signs) - len(correction.note_signs),
        "headings": headings(correction),
        "headings_lost": [
            each for each in source.contents if each and each not in correction.contents
        ],
    }
    return filled, shown


def carried(source: Source, form: CorrectionForm) -> Correction:
    """Move the note markers and headings that the editor left alone to their new places."""
    correction = form.correction
    if form.is_left("note_signs"):
        correction = replace(
            correction,
            note_signs=carried_note_markers(source.text, correction.text, source.note_signs),
        )
    if form.is_left("contents"):
        correction = replace(
            correction, contents=carried_headings(source.text, correction.text, source.contents)
        )
    return correction


def headings(correction: Correction) -> list[tuple[str, str]]:
    """Return each heading, with the first words of its paragraph."""
    paragraphs = positions.paragraphs(correction.text)
    pairs = zip(correction.contents, paragraphs, strict=False)
    return [(heading, correction.text[p.start : p.end][: 2 * AROUND]) for heading, p in pairs]


def around(text: str, start: int, end: int) -> tuple[str, str, str]:
    """Return a footnote sign between what stands before and behind it."""
    return text[max(0, start - AROUND) : start], text[start:end], text[end : end + AROUND]


def values(text: Source | Correction) -> dict:
    """Return what the form holds of a text, and beside it what it was given out with."""
    given = {"note_signs": text.note_signs, "contents": text.contents}
    return {
        "text": text.text,
        "note_signs": text.note_signs,
        "contents": "\n".join(text.contents),
        "filled": given,
    }


def done(source: Source, outcome: Outcome) -> str:
    """Say what was done, and what is left to do."""
    orphans = ", ".join(sorted({citation.recommendation.code for citation in outcome.orphans}))
    said = f"{source.code} is corrected: {len(outcome.anchored)} quotes stand in the new text."
    return f"{said} Give these entries new words: {orphans}." if orphans else said


def show(request: HttpRequest, source: Source, form: CorrectionForm, **shown) -> HttpResponse:
    """Show the page."""
    context = {"source": source, "form": form, "title": f"Correct the text of {source.code}"}
    context["publishes"] = publishes_at_once(request, Act.CORRECT)
    context |= shown | admin.site.each_context(request)
    return render(request, "recommendations/admin/correct.html", context)
