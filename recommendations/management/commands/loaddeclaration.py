"""`manage.py loaddeclaration FOLDER`: loads a declaration's folder into the database."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from recommendations.editorial import bundle


class Command(BaseCommand):
    help = "Load declaration.txt and declaration.toml from a folder: all or nothing, repeatable."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--overwrite", action="store_true", help="replace what differs from the folder"
        )

    def handle(self, *, folder, overwrite, verbosity, **options):
        try:
            report = bundle.load(folder, overwrite=overwrite)
        except bundle.BundleError as error:
            raise CommandError(str(error)) from error
        for name in report.kept if verbosity else []:
            self.stderr.write(f"Kept although the folder differs (--overwrite replaces it): {name}")
        for name in report.overwritten:
            self.stdout.write(f"Overwritten: {name}")
        if verbosity:
            self.stdout.write(
                f"{folder}: {len(report.created)} created, {len(report.unchanged)} unchanged."
            )
