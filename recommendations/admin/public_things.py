"""Sources and vocabulary: what readers already see changes by a proposal with a public reason."""

from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpResponseRedirect, QueryDict

from recommendations.editorial import change
from recommendations.editorial.errors import Refused
from recommendations.models.proposal import Act

from .actions import publishes_at_once, submit
from .delete_protection import ProtectUsed
from .history import AuditedAdmin
from .optimistic_lock import OptimisticLockForm

OWN = {"seen", "reason"}  # fields of the form that are none of the thing


class PublicThingForm(OptimisticLockForm):
    """A form that asks for a public reason where readers see what it changes."""

    reason = forms.CharField(
        max_length=300,
        required=False,
        label="Reason for this change",
        help_text="Public. Needed for what readers see.",
        widget=AdminTextInputWidget(attrs={"size": 100}),
    )

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(own_line_ends(data), *args, **kwargs)
        self.is_public = bool(self.instance.pk) and change.is_public(self.instance)

    def clean(self) -> dict:
        """Ask for the reason."""
        cleaned = super().clean()
        cleaned["reason"] = cleaned.get("reason", "").strip()
        if self.is_public and not cleaned["reason"] and set(self.changed_data) - OWN:
            self.add_error("reason", ValidationError("Readers see this: say why it changes."))
        return cleaned

    def changed_values(self) -> dict:
        """Return the changed fields as a proposal keeps them."""
        names = [name for name in self.changed_data if name not in OWN]
        return {name: _plain(self.cleaned_data[name]) for name in names}


def own_line_ends(data: QueryDict | None) -> QueryDict | None:
    """Undo the line ends of form submission (HTML standard, 4.10.21.4)."""
    if data is None:
        return None
    data = data.copy()
    for name in data:
        data.setlist(name, [value.replace("\r\n", "\n") for value in data.getlist(name)])
    return data


def _plain(value):
    if isinstance(value, QuerySet):
        return [each.slug for each in value]
    return value.isoformat() if isinstance(value, date) else value


class PublicThingAdmin(AuditedAdmin, ProtectUsed):
    """Saves what no reader sees yet; proposes, or publishes, changes of what readers see."""

    form = PublicThingForm

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Tell an editor, and save nothing, where a change cannot be published."""
        publishes = publishes_at_once(request, Act.CHANGE)
        try:
            return super().changeform_view(
                request, object_id, form_url, {"publishes": publishes, **(extra_context or {})}
            )
        except Refused as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request, obj, form, change):
        """Propose the change of what readers see, and publish it where that may be done at once."""
        if not change or not form.is_public:
            super().save_model(request, obj, form, change)
        elif values := form.changed_values():
            request.submitted = _submit(request, obj, values, form.cleaned_data["reason"])
        else:
            request.submitted = "Nothing was changed."

    def save_related(self, request, form, formsets, change):
        """Save related things, unless publishing does."""
        if not hasattr(request, "submitted"):
            super().save_related(request, form, formsets, change)

    def log_change(self, request, obj, message):
        """Record what was saved; publishing and proposing have their own record."""
        if not hasattr(request, "submitted"):
            super().log_change(request, obj, message)

    def response_change(self, request, obj):
        """Say what became of a change."""
        if not hasattr(request, "submitted"):
            return super().response_change(request, obj)
        messages.success(request, request.submitted)
        return self.response_post_save_change(request, obj)


def _submit(request, thing: Model, values: dict, reason: str) -> str:
    stored = type(thing)._base_manager.get(pk=thing.pk)
    return submit(request, change.propose(stored, values), reason)
