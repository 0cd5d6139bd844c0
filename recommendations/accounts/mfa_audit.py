"""Records when somebody adds, removes or renews a second factor."""

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.models import User
from django.dispatch import receiver

from recommendations.editorial.audit import note

NAMES = {
    Authenticator.Type.TOTP: "authenticator app",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}


@receiver(authenticator_added)
def added(sender, user: User, authenticator: Authenticator, **kwargs) -> None:
    """Record that somebody set up a second factor."""
    note(user.get_username(), "add second factor", user, None, described([authenticator]))


@receiver(authenticator_removed)
def removed(sender, user: User, authenticator: Authenticator, **kwargs) -> None:
    """Record that somebody removed a second factor."""
    note(user.get_username(), "remove second factor", user, described([authenticator]), None)


@receiver(authenticator_reset)
def renewed(sender, user: User, authenticator: Authenticator, **kwargs) -> None:
    """Record that somebody made new recovery codes."""
    note(user.get_username(), "renew second factor", user, None, described([authenticator]))


def described(authenticators: list[Authenticator]) -> dict:
    """Name the kinds of second factors."""
    return {"second factors": sorted(NAMES[each.type] for each in authenticators)}
