"""What trials publish without the desk: entries, changes and corrections, made as the tests do."""

from importlib import import_module
from types import ModuleType

from .addresses import part


def factories() -> ModuleType:
    """Return what makes entries for the tests, which needs Django to be set up."""
    return import_module("tests.factories")


def publish(*proposals, reason: str = "Sample reason.") -> list:
    """Publish proposals and return the versions that they made."""
    return part("editorial.publish.publish")("trial", proposals, reason)


def correct(source, text: str, note_signs: list = (), contents: list = ()) -> None:
    """Correct the text of a source; raises Refused."""
    correction = part("editorial.corrections.Correction")(text, [*note_signs], [*contents])
    publish(part("editorial.corrections.propose")(source, correction))


def retire(theme) -> None:
    """Retire a theme for no other."""
    publish(part("editorial.themes.propose_retirement")(theme))
