"""Answers for this site; run by start.py."""

from time import perf_counter

import loop
import pages
from django.db import transaction
from django.http import QueryDict

from recommendations.editorial import entries
from recommendations.editorial.publish import publish
from recommendations.models import Recommendation
from recommendations.search import facets
from recommendations.search.selection import read_selection

PARTS_BETWEEN = 20  # parts of a streamed file between two looks at the memory


def facts(query: str) -> dict:
    """Return how many entries a question finds, and how many of each value of each facet."""
    chosen = read_selection(QueryDict(query))
    return {
        "count": chosen.count,
        "facets": {name: counts.all() for name, counts in chosen.filterset.counts().items()},
        "missing": [],
        "partial": False,
    }


def table(path: str) -> dict:
    """Stream a file of rows; return how many a second, and the memory it took over what the process
    held, in MB.
    """
    held = most = loop.memory()["now"] or 0
    rows = read_selection(QueryDict(), "").count
    start = perf_counter()
    for number, _part in enumerate(pages.client.get(path).streaming_content):
        if number % PARTS_BETWEEN == 0:
            most = max(most, loop.memory()["now"] or 0)
    return {"rows": rows, "rows_a_second": rows / (perf_counter() - start), "memory": most - held}


def renewal(code: str, times: int) -> dict:
    """Publish an entry a few times and take all back; return what the catalogue took each time to
    know it, in ms.
    """
    took = []
    facets.current()
    with transaction.atomic():
        for _each in range(times):
            entry = Recommendation.objects.get(code=code)
            publish("Measurement", [entries.change_of(entry)], "To measure.")
            start = perf_counter()
            facets.current()
            took.append(1000 * (perf_counter() - start))
        transaction.set_rollback(True)
    facets.forget()
    start = perf_counter()
    facets.current()
    return {"ms": took, "from_nothing": 1000 * (perf_counter() - start)}


def main() -> None:
    """Answer until nobody asks any more."""
    loop.serve(
        {
            "get": pages.get,
            "facts": facts,
            "memory": loop.memory,
            "table": table,
            "renewal": renewal,
        }
    )
