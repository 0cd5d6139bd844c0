"""Two people at one thing: whoever saves second is told, and overwrites nothing."""

import hashlib
import json

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from recommendations.editorial.audit import SECOND_STEP_FAILED, SIGN_IN, state
from recommendations.models import Change


def conflict(thing: models.Model) -> SafeString:
    """Tell an editor who saved a thing meanwhile, and what to do."""
    kind, name = thing._meta.model_name, thing._meta.verbose_name
    about = Change.objects.filter(kind=kind, object_id=str(thing.pk))
    last = about.exclude(act__in=(SIGN_IN, SECOND_STEP_FAILED)).first()
    by = f" by {last.who} at {last.moment:%H:%M} UTC" if last else ""
    return format_html(
        "This {} was saved{} after you had opened it. Nothing of yours was saved, nothing of "
        "theirs was overwritten."
        ' Your text is still below: <a href="{}" target="_blank" rel="noopener">open the {} as it '
        "is now</a>"
        " and bring your changes there.",
        name,
        by,
        reverse(f"admin:{thing._meta.app_label}_{kind}_change", args=[thing.pk]),
        name,
    )


def fingerprint(thing: models.Model) -> str:
    """Return a hash of what the database holds of a thing, with all that is on record of it."""
    described = json.dumps(state(thing), cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(described.encode()).hexdigest()


class OptimisticLockForm(forms.ModelForm):
    """A form that knows what its thing was when it was opened, and saves only over that."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = fingerprint(self.instance)

    def clean(self) -> dict:
        """Refuse to overwrite what somebody else saved since the form was opened."""
        cleaned = super().clean()
        if self.instance.pk:
            type(self.instance)._base_manager.select_for_update().only("pk").get(
                pk=self.instance.pk
            )
            if fingerprint(self.instance) != cleaned.get("seen"):
                raise ValidationError(conflict(self.instance))
        return cleaned
