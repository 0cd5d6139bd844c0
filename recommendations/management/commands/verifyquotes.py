"""`manage.py verifyquotes`: prove every text, every quote and every version."""

import sys

from django.core.management.base import BaseCommand

from recommendations.editorial import integrity


class Command(BaseCommand):
    help = (
        "Prove every text, present or former, against its hash, every quote against the text that "
        "it names,"
        " and every chain of versions. Exits 1 naming what fails."
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
