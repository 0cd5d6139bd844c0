"""The content version: a number that grows with each change that readers can see."""

from django.db import models


class ContentVersion(models.Model):
    """One row. Triggers raise its number in the transaction of each change, whoever makes it."""

    number = models.BigIntegerField()
    raised_by = models.BigIntegerField(
        null=True
    )  # on PostgreSQL the transaction and the moment of the statement,
    raised_at = models.DateTimeField(null=True)  # so that one statement raises it once

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def now(cls) -> int:
        """Return the present number; data read later is of this version or a newer one."""
        return cls.objects.values_list("number", flat=True).get()


class ContentChange(models.Model):
    """An entry that changed at a content version or, without an entry, the names of things."""

    number = models.BigIntegerField(db_index=True)
    entry = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.number}: {self.entry or 'names'}"

    @classmethod
    def since(cls, number: int) -> tuple[set[int], bool]:
        """Return the keys of entries changed after a content version, and whether names did."""
        entries = set(cls.objects.filter(number__gt=number).values_list("entry", flat=True))
        return entries - {None}, None in entries

    @classmethod
    def reaches(cls, number: int) -> bool:
        """Tell whether all changes after a content version are known, as not after a restore."""
        first = cls.objects.order_by("number").values_list("number", flat=True).first()
        return first is not None and first <= number + 1
