"""Recommendations with their quotes, declarations, and what they are filed under."""

from django.db import models
from taggit.managers import TaggableManager


class Organisation(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    slug = models.SlugField(unique=True)
    label = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.label


class Source(models.Model):
    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=250)
    issued_on = models.DateField(db_index=True)
    issuers = models.ManyToManyField(Organisation)

    def __str__(self) -> str:
        return self.code


class Recommendation(models.Model):
    code = models.CharField(max_length=70, unique=True)
    source = models.ForeignKey(Source, models.PROTECT)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    quote = models.TextField()
    summary = models.TextField(blank=True)
    themes = models.ManyToManyField(Theme)
    addressees = models.ManyToManyField(Organisation, blank=True)
    tags = TaggableManager()

    def __str__(self) -> str:
        return self.code
