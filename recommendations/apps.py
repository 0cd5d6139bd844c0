"""The application as Django knows it."""

from importlib import import_module

from django.apps import AppConfig

from recommendations.operations import checks

__all__ = ["RecommendationsConfig", "checks"]  # importing the checks registers them


class RecommendationsConfig(AppConfig):
    """The site's one application."""

    name = "recommendations"
    verbose_name = "Desk"  # in the crumbs of the editors’ pages

    def ready(self) -> None:
        """Connect the receivers of sign-in and second-factor events, which need the models."""
        import_module("recommendations.accounts.sign_in_log")
        import_module("recommendations.accounts.mfa_audit")
        import_module("recommendations.accounts.sessions")
