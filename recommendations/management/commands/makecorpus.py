"""`manage.py makecorpus --size N --seed S`: fills a database with sample entries, to measure on."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from recommendations.editorial import sample_corpus
from recommendations.models import Source, Theme


class Command(BaseCommand):
    help = "Add sample declarations until there are SIZE recommendations. Never on a real site."

    def add_arguments(self, parser):
        parser.add_argument("--size", type=int, default=1000)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *, size, seed, verbosity, **options):
        if size < 1:
            raise CommandError("--size must be 1 or more.")
        try:
            themes = Theme.objects.count()
        except DatabaseError as error:
            raise CommandError("There are no tables yet: run ./kb manage prepare.") from error
        if Source.objects.filter(code__startswith="SAMPLE-").exists():
            raise CommandError("There is a sample corpus already; start with a new database.")
        if themes < 5:
            raise CommandError("Load fixtures/paris-2025 first: the samples use its themes.")
        count = sample_corpus.make(size, seed)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        if verbosity:
            self.stdout.write(f"{size} sample recommendations in {count} declarations.")
