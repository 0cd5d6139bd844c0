"""`manage.py resetsignin NAME`: helps somebody who lost their second factor."""

from allauth.mfa.models import Authenticator
from axes.models import AccessFailureLog
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from recommendations.accounts.mfa_audit import described
from recommendations.accounts.sessions import end_sessions
from recommendations.editorial.audit import COMMAND_LINE, note


class Command(BaseCommand):
    """For an administrator who has verified, outside this site, who is asking."""

    help = "Remove an account's second factors, end its sessions and clear its failed attempts."

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", help="the username")

    def handle(self, name: str, **options) -> None:
        """Keep the password; raises CommandError for an unknown name."""
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account '{name}'.")
        with transaction.atomic():
            factors = Authenticator.objects.filter(user=user)
            note(COMMAND_LINE, "remove second factor", user, described(list(factors)), None)
            factors.delete()
        end_sessions(user)
        AccessFailureLog.objects.filter(username=name).delete()
        self.stdout.write(
            f"{name} can now sign in with the password alone and set up a new second factor."
        )
