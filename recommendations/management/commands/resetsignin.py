"""`manage.py resetsignin NAME`: lets somebody in again who lost the second factor."""

from allauth.mfa.models import Authenticator
from axes.utils import reset
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from recommendations.accounts.mfa_audit import described
from recommendations.accounts.sessions import end_sessions
from recommendations.editorial.audit import COMMAND_LINE, note


class Command(BaseCommand):
    """For an administrator who has made sure, outside this site, who is asking."""

    help = (
        "Remove an account's second factors, sign it out everywhere and forgive its failed "
        "attempts."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", help="the username")

    def handle(self, name: str, **options) -> None:
        """Leave the password as it is; raises CommandError for a name that nobody has."""
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account '{name}'.")
        with transaction.atomic():
            factors = Authenticator.objects.filter(user=user)
            note(COMMAND_LINE, "remove second factor", user, described(list(factors)), None)
            factors.delete()
        end_sessions(user)
        reset(username=name)
        self.stdout.write(
            f"{name} signs in with the password alone now, and can set up a second factor again."
        )
