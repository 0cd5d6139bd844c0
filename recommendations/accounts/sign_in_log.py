"""Logs every sign-in and failure, and records sign-ins for administrators."""

import logging

from allauth.account import signals
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from recommendations.editorial.audit import SECOND_STEP_FAILED, SIGN_IN, note

log = logging.getLogger("security")

FACTORS = {
    Authenticator.Type.TOTP: "app",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery code",
}
NO_FACTOR = "none"
PASSWORD, SECOND = "password", "second"  # the steps; `forms` reports failures of the second


@receiver(signals.user_logged_in)
def signed_in(sender, request: HttpRequest, user: User, **kwargs) -> None:
    """Log and record who signed in, by which second factor, after how many failures."""
    steps = get_authentication_records(request, user)
    types = [step["type"] for step in steps if "type" in step]
    factor = FACTORS[types[-1]] if types else NO_FACTOR
    log.info(
        "Somebody signed in.",
        extra={"event": "sign-in", "account": user.get_username(), "factor": factor},
    )
    failures = (
        {"failures in the day before": request.failures_before} if request.failures_before else {}
    )
    note(user.get_username(), SIGN_IN, user, None, {"second factor": factor} | failures)


@receiver(user_login_failed)
def failed(sender: str, credentials: dict, request: HttpRequest | None = None, **kwargs) -> None:
    """Log a failed attempt, without names that do not exist: people type passwords there."""
    if request is None:
        return
    step = SECOND if sender.startswith(__package__) else PASSWORD
    user = User.objects.filter(username=credentials.get("username")).first()
    seen = {"event": "failed sign-in", "step": step, "address": request.axes_ip_address}
    log.warning(
        "Somebody failed to sign in.",
        extra=seen | ({"account": user.get_username()} if user else {}),
    )
    if user and step == SECOND:  # the password was right
        note(user.get_username(), SECOND_STEP_FAILED, user, None, None)
