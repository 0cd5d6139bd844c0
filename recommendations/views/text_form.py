"""The form that takes a text: as a file or pasted, at the desk and where a reader compares one."""

from django import forms
from django.core.exceptions import ValidationError

from recommendations.ingest.extract import limits

MEGABYTES = limits.FILE_BYTES // 1024**2
TOO_BIG = (
    f"That is too big: a file may have {MEGABYTES} MB, a pasted text {limits.CHARACTERS:,} "
    "characters. Give a smaller file, or only the part that matters."
)


class TextForm(forms.Form):
    """A file or pasted text, exactly one of them."""

    file = forms.FileField(
        required=False,
        label="A file",
        help_text="PDF, Word (.docx), a saved web page (.html) or plain text (.txt). At most "
        f"{MEGABYTES} MB and {limits.PAGES} pages.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.html,.htm,.txt"}),
        error_messages={"empty": "The file is empty. Choose another."},
    )
    text = forms.CharField(
        required=False,
        strip=False,
        label="Or pasted text",
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )

    def clean_file(self):
        """Refuse by size what extraction would refuse."""
        file = self.cleaned_data["file"]
        if file and file.size > limits.FILE_BYTES:
            raise ValidationError(TOO_BIG)
        return file

    def clean_text(self) -> str:
        """Undo the line ends of form submission (HTML, 4.10.21.4) and drop lone surrogates."""
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        return text.encode(errors="replace").decode()

    def clean(self) -> dict:
        """Ask for exactly one."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned.get("file")) == bool(cleaned.get("text", "").strip()):
            raise ValidationError("Choose a file, or paste a text: one of the two.")
        return cleaned
