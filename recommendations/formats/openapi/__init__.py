"""The data formats as an OpenAPI 3.1 document, made from the filters, formats and URLs.

It is not made by Django REST framework with drf-spectacular: their filter backend would read the
query a second time, and ignore unknown parameters, which `read_selection()` refuses.
"""

from .description import REFUSALS, describe

__all__ = ["REFUSALS", "describe"]
