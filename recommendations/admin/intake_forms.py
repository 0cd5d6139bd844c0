"""The forms of an intake: what to bring in, and what it is."""

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import RegexValidator

from recommendations.ingest.extract import limits
from recommendations.models import Intake, Source
from recommendations.views.text_form import TextForm

LANGUAGE = RegexValidator(
    r"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", "A BCP 47 tag: en, fr, de, it, ja or en-GB."
)


class BringForm(TextForm):
    """A declaration to bring in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = (
            f"At most {limits.CHARACTERS:,} characters. Paste all of the page: what does not "
            "belong to the declaration is taken off, and you see what it was."
        )

    def brought(self) -> tuple[bytes, str]:
        """Return the bytes and the file's name, which a pasted text lacks."""
        file = self.cleaned_data["file"]
        return (file.read(), file.name) if file else (self.cleaned_data["text"].encode(), "")


class DescriptionForm(forms.ModelForm):
    """Title, date, issuer and so on of a declaration; all may stay empty until it is created."""

    code = forms.CharField(
        max_length=60,
        required=False,
        validators=Source._meta.get_field("code").validators[:1],
        help_text="Stands in every address, for ever: a place and the year, such as PARIS-2025.",
        widget=AdminTextInputWidget,
    )
    language = forms.CharField(
        max_length=12, validators=[LANGUAGE], help_text="A BCP 47 tag, such as en or fr."
    )

    class Meta:
        model = Intake
        fields = [
            "title",
            "short_title",
            "issuer",
            "code",
            "issued_on",
            "occasion",
            "url",
            "language",
        ]
        labels = {"issued_on": "Date of issue"}
        help_texts = {
            "short_title": "For lists.",
            "occasion": "The meeting it was written for, if any.",
        }
        help_texts |= {
            "issuer": "Who speaks in it, by its full name. A new name makes a new organisation.",
            "issued_on": "As the document gives it.",
            "url": "Where readers find it as published.",
        }
        widgets = {
            "title": AdminTextInputWidget,
            "issuer": AdminTextInputWidget(attrs={"list": "organisations"}),
            "issued_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "url": forms.URLInput(attrs={"class": "vURLField"}),
        }

    def clean_code(self) -> str:
        """Refuse a code that a declaration has already."""
        code = self.cleaned_data["code"].strip()
        if code and Source.objects.filter(code=code).exists():
            raise ValidationError(f"{code} is taken by another declaration. Choose another code.")
        return code

    def take_over(self, error: ValidationError) -> None:
        """Show errors at the fields that they are about, and all others above the form."""
        fields = (
            error.message_dict
            if hasattr(error, "error_dict")
            else {NON_FIELD_ERRORS: error.messages}
        )
        for field, found in fields.items():
            self.add_error(field if field in self.fields else None, found)
