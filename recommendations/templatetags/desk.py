"""What the desk's own templates ask for."""

from django import template

from .. import care

register = template.Library()


@register.simple_tag
def care_total() -> int:
    """Count what needs care, for the desk's first page, whose view is Django's."""
    return care.total()
