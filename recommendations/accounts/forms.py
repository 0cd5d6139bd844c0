"""allauth's forms, with failures counted and codes accepted once, in the database."""

import struct
import time
from collections.abc import Callable

from allauth.account import forms as account
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db import transaction

from .recovery import use_recovery_code
from .throttle import attempt_succeeded

TIME_STEP = 30  # seconds for which a code is valid
# What parsing a forged passkey can raise: wrong types, missing parts, truncated binary data.
PARSE_ERRORS = (TypeError, ValueError, LookupError, AttributeError, struct.error)


class PlainLabelsMixin:
    """Labels in sentence case, and no placeholders."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.label = str(field.label).capitalize()


class NumericCodeMixin(PlainLabelsMixin):
    """A form for a code, with a numeric keyboard on phones."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class ThrottledMixin:
    """A form in which `user` proves who they are; after too many failures it checks nothing."""

    def throttled(self, check: Callable[[], object]) -> object:
        """Return what the check returns; raises ValidationError if it fails or has to wait."""
        request, credentials = context.request, {"username": self.user.get_username()}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out, request.axes_credentials = True, credentials
            raise get_adapter().validation_error("incorrect_code")
        try:
            checked = check()
        except ValidationError:
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            raise
        attempt_succeeded(request)
        return checked


class CodeMixin(ThrottledMixin, NumericCodeMixin):
    """A form for a code from an app or a recovery code."""

    def clean_code(self) -> str:
        return self.throttled(self.checked_code)

    def checked_code(self) -> str:
        """Return the code; raises ValidationError if it is wrong or was used before."""
        code = self.cleaned_data["code"]
        self.authenticator = use_recovery_code(self.user, code)
        if self.authenticator is None:
            code = super().clean_code()
            use_once(self.authenticator)
        return code


class PasskeyMixin(ThrottledMixin):
    """A form for what a passkey signed."""

    def clean_credential(self) -> Authenticator:
        return self.throttled(self.checked_credential)

    def checked_credential(self) -> Authenticator:
        """Return the passkey; raises ValidationError if it is wrong or cannot be parsed."""
        try:
            return super().clean_credential()
        except PARSE_ERRORS as error:
            raise get_adapter().validation_error("incorrect_code") from error


class LoginForm(PlainLabelsMixin, account.LoginForm):
    """Username and password; django-axes counts failures."""


class ReauthenticateForm(PlainLabelsMixin, account.ReauthenticateForm):
    """The password again, before a change to how somebody signs in."""


class ChangePasswordForm(PlainLabelsMixin, account.ChangePasswordForm):
    """A new password; a wrong current one counts as a failed sign-in."""

    def clean_oldpassword(self) -> str:
        password = self.cleaned_data["oldpassword"]
        if not get_account_adapter().reauthenticate(self.user, password):
            raise get_account_adapter().validation_error("enter_current_password")
        return password


class SetPasswordForm(PlainLabelsMixin, account.SetPasswordForm):
    """A password chosen by a link."""


class SignInCodeForm(CodeMixin, codes.AuthenticateForm):
    """A code as the second step."""


class ReauthenticateCodeForm(CodeMixin, codes.ReauthenticateForm):
    """A code, before a change to how somebody signs in."""


class SignInPasskeyForm(PasskeyMixin, passkeys.AuthenticateWebAuthnForm):
    """A passkey as the second step."""


class ReauthenticatePasskeyForm(PasskeyMixin, passkeys.ReauthenticateWebAuthnForm):
    """A passkey, before a change to how somebody signs in."""


class ActivateTOTPForm(NumericCodeMixin, totp.ActivateTOTPForm):
    """The first code of a new app."""


class AddPasskeyForm(passkeys.AddWebAuthnForm):
    """A new passkey with a name."""

    name = forms.CharField(label="Name", required=False, max_length=60)

    def clean(self) -> dict:
        try:
            cleaned = super().clean()
        except PARSE_ERRORS as error:
            raise get_adapter().validation_error("incorrect_code") from error
        if "\\u0000" in self.data.get("credential", ""):  # PostgreSQL stores no NUL
            raise get_adapter().validation_error("incorrect_code")
        return cleaned


class RenamePasskeyForm(passkeys.EditWebAuthnForm):
    """A new name for a passkey."""

    name = forms.CharField(label="Name", max_length=60)


def use_once(authenticator: Authenticator) -> None:
    """Accept one code in each time step (RFC 6238, section 5.2), whichever process checks it.

    Call it after the code was checked. Raises ValidationError if one was accepted before.
    """
    with transaction.atomic():
        stored = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        step = int(time.time()) // TIME_STEP
        if step <= stored.data.get("last_step", 0):
            raise get_adapter().validation_error("incorrect_code")
        stored.data["last_step"] = step
        stored.save(update_fields=["data"])
