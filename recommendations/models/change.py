"""The record of every change: who, when, what before and after."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Change(models.Model):
    """One act of one person on one object. The database refuses to change or delete it."""

    moment = models.DateTimeField(auto_now_add=True)
    who = models.CharField(max_length=150)
    act = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    reason = models.CharField(max_length=300, blank=True)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "object_id"], name="change_of_thing")]

    def __str__(self) -> str:
        return f"{self.moment:%Y-%m-%d %H:%M} {self.who} {self.act} {self.label}"
