"""The editors' desk: Django's admin, with explicit acts of publishing and withdrawing."""

from django.contrib import admin

from . import acts, recommendations, sources, vocabulary

__all__ = ["acts", "recommendations", "sources", "vocabulary"]

admin.site.site_header = admin.site.site_title = "TECH7 Recommendations: editors’ desk"
admin.site.index_title = "What would you like to edit?"
