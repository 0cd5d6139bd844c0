"""The data formats as an OpenAPI 3.1 document, made from the filters, formats and URLs.

    shapes ──> description      what an answer holds -> what may be asked

This is not Django REST framework with drf-spectacular: its filter backend would read the query a
second time, and as django-filter does by itself it leaves out a parameter that it does not know,
where `selection()` refuses. The formats, the refusals and the paging are here already; what was
missing is only the description.
"""

from .description import REFUSALS, describe

__all__ = ["REFUSALS", "describe"]
