"""`manage.py rebuildsearch`: rebuilds the search index, after its analysis of words changed."""

from django.core.management.base import BaseCommand
from django.db import transaction

from recommendations.models import Recommendation
from recommendations.search import fulltext
from recommendations.search.indexing import index_again


class Command(BaseCommand):
    help = "Rebuild the search index in one transaction; searches keep working meanwhile."

    @transaction.atomic
    def handle(self, *, verbosity, **options):
        fulltext.remove(Recommendation.with_withdrawn.values_list("pk", flat=True))
        entries = Recommendation.objects.all()
        index_again(entries)
        if verbosity:
            self.stdout.write(f"{entries.count()} entries indexed.")
