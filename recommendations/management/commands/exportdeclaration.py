"""`manage.py exportdeclaration CODE FOLDER`: writes a folder that `loaddeclaration` reads."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from recommendations.editorial import bundle
from recommendations.models import Source


class Command(BaseCommand):
    help = (
        "Write a declaration's folder: declaration.txt, verbatim, and declaration.toml. Drafts "
        "are part of it."
    )

    def add_arguments(self, parser):
        parser.add_argument("code")
        parser.add_argument("folder", type=Path)

    def handle(self, *, code, folder, verbosity, **options):
        source = Source.objects.declarations().filter(code=code.upper()).first()
        if source is None:
            raise CommandError(f"There is no declaration {code}.")
        try:
            left = bundle.export(source, folder)
        except bundle.BundleError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        if verbosity:
            self.stdout.write(f"{source.code} written to {folder}.")
            for entry in left:
                why = "withdrawn, and its words stand in a former text only"
                self.stdout.write(f"Named, but not in the folder: {entry.code} ({why}).")
