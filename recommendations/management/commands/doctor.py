"""`manage.py doctor`: what is wrong with the site as it runs, and what to do."""

from django.core.management.base import BaseCommand, CommandError

from ...operations.doctor import CHECKS, PROBLEM


class Command(BaseCommand):
    help = (
        "Check the running site: settings, database, files, disk, last backup, public address, "
        "certificate, clock and proxy headers."
    )
    requires_system_checks = []  # they stop where the database is away, which is told here

    def handle(self, **options) -> None:
        """Print every finding; raises CommandError if one is a problem."""
        findings = [finding for check in CHECKS for finding in check()]
        for each in findings:
            self.stdout.write(f"{each.level:8} {each.what} {each.advice}".rstrip())
        if problems := sum(each.level == PROBLEM for each in findings):
            raise CommandError(f"{problems} problem{'s' if problems > 1 else ''} to solve.")
