"""The site's scripts, each with its integrity hash (W3C Subresource Integrity)."""

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def script(name: str) -> SafeString:
    """Write the element that loads a script of ours once the page is there."""
    return format_html(
        '<script src="{}" integrity="{}" defer></script>', static(name), integrity(name)
    )


def integrity(name: str) -> str:
    """Return the SHA-384 of a static file's source; collecting changes only its name."""
    path = _found(name)
    return _hashed(path, path.stat().st_mtime_ns)


@cache
def _found(name: str) -> Path:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(f"There is no static file {name}.")
    return Path(path)


@cache
def _hashed(path: Path, _written: int) -> str:
    """Hash a file once, and again where a developer has saved it since."""
    return "sha384-" + b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
