"""Addresses: absolute ones for readers to pass on, and the canonical spelling of a path."""

import re

from django.conf import settings

CODE_LIKE = re.compile(r"[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*-[0-9]{4}(-[0-9]+)?")


def permalink(path: str) -> str:
    """Return the absolute address of a path on this site, whatever host a request named."""
    return settings.SITE_URL + path


def spellings(path: str) -> list[str]:
    """Return the canonical paths, without and with a slash: codes in capitals, the rest small."""
    parts = [part for part in path.split("/") if part]
    if not parts:
        return ["/"]
    stem, dot, extension = parts[0].partition(".")
    first = (stem.upper() if CODE_LIKE.fullmatch(stem) else stem.lower()) + dot + extension.lower()
    plain = "/".join(["", first, *(part.lower() for part in parts[1:])])
    return [plain, f"{plain}/"]
