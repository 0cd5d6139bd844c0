"""`manage.py verifyquotes`: checks every text, quote and version."""

import sys

from django.core.management.base import BaseCommand

from recommendations.editorial import integrity


class Command(BaseCommand):
    help = (
        "Check every text against its hash, every quote against its text, and every chain of "
        "versions. Names what fails and exits with 1."
    )

    def handle(self, *, verbosity, **options):
        proof = integrity.prove()
        for failure in proof.failures:
            self.stderr.write(failure)
        if verbosity:
            self.stdout.write(
                f"{proof.texts} texts, {proof.former_texts} former texts, {proof.quotes} quotes,"
                f" {proof.orphans} of them orphans, {proof.versions} versions checked;"
                f" {len(proof.failures)} failures."
            )
        if proof.failures:
            sys.exit(1)
