"""The application as Django knows it."""

from django.apps import AppConfig

from . import checks

__all__ = ["RecommendationsConfig", "checks"]  # importing the checks registers them


class RecommendationsConfig(AppConfig):
    """The site's one application."""

    name = "recommendations"
    verbose_name = "Desk"  # in the crumbs of the editors’ pages
