"""`manage.py rebuildsearch`: index every published entry anew, after an upgrade that reads words in
another way.
"""

from django.core.management.base import BaseCommand
from django.db import transaction

from recommendations.models import Recommendation
from recommendations.search import fulltext


class Command(BaseCommand):
    help = "Index every published entry anew: all or nothing, while readers go on searching."

    @transaction.atomic
    def handle(self, *, verbosity, **options):
        fulltext.remove(Recommendation.objects.values_list("pk", flat=True))
        entries = Recommendation.objects.published()
        entries.index()
        if verbosity:
            self.stdout.write(f"{entries.count()} entries indexed.")
