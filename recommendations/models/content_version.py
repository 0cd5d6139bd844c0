"""The content version: a number that grows with everything that readers can see, in the same
transaction.
"""

from django.db import models


class ContentVersion(models.Model):
    """One row. Triggers raise its number (`migrations/0008_content_version.py`), whatever code
    makes the change.
    """

    number = models.BigIntegerField()
    raised_by = models.BigIntegerField(
        null=True
    )  # on PostgreSQL the transaction and the moment of the statement,
    raised_at = models.DateTimeField(null=True)  # so that one statement raises it once

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def now(cls) -> int:
        """Return the number as of now; whoever reads data later sees this version or a
        newer one.
        """
        return cls.objects.values_list("number", flat=True).get()


class ContentChange(models.Model):
    """An entry that readers see otherwise since a content version, or (without an entry) the names
    of things.
    """

    number = models.BigIntegerField(db_index=True)
    entry = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.number}: {self.entry or 'names'}"

    @classmethod
    def since(cls, number: int) -> tuple[set[int], bool]:
        """Return the keys of the entries that have changed after a content version, and whether
        names have.
        """
        entries = set(cls.objects.filter(number__gt=number).values_list("entry", flat=True))
        return entries - {None}, None in entries

    @classmethod
    def reaches(cls, number: int) -> bool:
        """Tell whether all changes after a content version are on record: it begins anew where a
        backup is restored.
        """
        first = cls.objects.order_by("number").values_list("number", flat=True).first()
        return first is not None and first <= number + 1
