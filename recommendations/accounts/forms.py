"""allauth's forms, with every proof counted and every code used once, in the database."""

import struct
from collections.abc import Callable

from allauth.account import forms as account
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.webauthn import forms as passkeys
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db import transaction

from .recovery import spend_recovery_code
from .throttle import proved_right

# What reading a made-up passkey can raise: wrong types, missing parts, truncated binary data.
UNREADABLE = (TypeError, ValueError, LookupError, AttributeError, struct.error)


class Plain:
    """A form in the site's manner: labels instead of placeholders, and no capitals in the middle of
    them.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.label = str(field.label).capitalize()


class Digits(Plain):
    """A form for a code, which a phone offers its digits for."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class Counted:
    """A form in which somebody proves to be `user`: too many failures, and a proof is refused
    unread.
    """

    def prove(self, check: Callable[[], object]) -> object:
        """Return what the check returns; raises ValidationError where it fails or has to wait."""
        request, credentials = context.request, {"username": self.user.get_username()}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out, request.axes_credentials = True, credentials
            raise get_adapter().validation_error("incorrect_code")
        try:
            proved = check()
        except ValidationError:
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            raise
        proved_right(request)
        return proved


class Code(Counted, Digits):
    """A form for a code from an app or a recovery code."""

    def clean_code(self) -> str:
        return self.prove(self._spend_code)

    def _spend_code(self) -> str:
        code = self.cleaned_data["code"]
        self.authenticator = spend_recovery_code(self.user, code)
        if self.authenticator is None:
            code = super().clean_code()
            spend(self.authenticator, code)
        return code


class Passkey(Counted):
    """A form for what a passkey signed."""

    def clean_credential(self) -> Authenticator:
        return self.prove(self._read_credential)

    def _read_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except UNREADABLE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class LoginForm(Plain, account.LoginForm):
    """Username and password; `axes.backends` counts their failures."""


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    """The password once more, before anything about signing in changes."""


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    """A new password; the current one is counted like one at sign-in."""

    def clean_oldpassword(self) -> str:
        password = self.cleaned_data["oldpassword"]
        if not get_account_adapter().reauthenticate(self.user, password):
            raise get_account_adapter().validation_error("enter_current_password")
        return password


class SetPasswordForm(Plain, account.SetPasswordForm):
    """A password for an account that has none, by a link."""


class CodeAtSignIn(Code, codes.AuthenticateForm):
    """A code as the second step."""


class CodeAgain(Code, codes.ReauthenticateForm):
    """A code once more, before anything about signing in changes."""


class PasskeyAtSignIn(Passkey, passkeys.AuthenticateWebAuthnForm):
    """A passkey as the second step."""


class PasskeyAgain(Passkey, passkeys.ReauthenticateWebAuthnForm):
    """A passkey once more, before anything about signing in changes."""


class ActivateTOTPForm(Digits, totp.ActivateTOTPForm):
    """The first code of a new app."""


class AddPasskeyForm(passkeys.AddWebAuthnForm):
    """A new passkey and a name to know it by."""

    name = forms.CharField(label="Name", required=False, max_length=60)

    def clean(self) -> dict:
        try:
            cleaned = super().clean()
        except UNREADABLE as error:
            raise get_adapter().validation_error("incorrect_code") from error
        if "\\u0000" in self.data.get("credential", ""):  # PostgreSQL stores no NUL
            raise get_adapter().validation_error("incorrect_code")
        return cleaned


class RenamePasskeyForm(passkeys.EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label="Name", max_length=60)


def spend(authenticator: Authenticator, code: str) -> None:
    """Use up a code and all before it (RFC 6238, section 5.2); raises ValidationError if it was
    used before.
    """
    with transaction.atomic():
        stored = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        secret = get_adapter().decrypt(stored.data["secret"])
        steps = [
            step
            for step in yield_hotp_counters_from_time()
            if step > stored.data.get("last_step", 0)
        ]
        matching = [
            step
            for step in steps
            if compare_user_code(actual=code, expected=expected(secret, step))
        ]
        if not matching:
            raise get_adapter().validation_error("incorrect_code")
        stored.data["last_step"] = max(matching)
        stored.save(update_fields=["data"])


def expected(secret: str, step: int) -> str:
    """Return the code that an app shows in one step of 30 seconds."""
    return format_hotp_value(hotp_value(secret, step))
