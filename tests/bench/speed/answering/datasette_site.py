"""Answers for Datasette, run by the Python that has it: `python datasette_site.py FLAT.sqlite3
as-it-comes|plain`.
"""

import asyncio
import sys
from time import perf_counter
from urllib.parse import parse_qs, urlencode

import loop
from datasette.app import Datasette

TABLE = "/flat/recommendations"
COLUMNS = {"source": "source", "year": "year"}
LISTS = ("theme", "tag", "issuer", "addressee")
site = Datasette(
    [sys.argv[1]], settings={} if sys.argv[2] == "as-it-comes" else {"suggest_facets": False}
)
runner = asyncio.Runner()
places: dict[str, str] = {}


def address(query: str, extension: str = "") -> str:
    """Write a question as Datasette takes it, with the same facets; "" for the one page that it
    cannot be asked for.
    """
    asked = {name: found[0] for name, found in parse_qs(query).items()}
    pairs = [
        ("_size", "10"),
        *[("_facet", name) for name in COLUMNS],
        *[("_facet_array", name) for name in LISTS],
    ]
    pairs.append(("_sort", "code") if asked.get("sort") == "code" else ("_sort_desc", "issued_on"))
    pairs += [("_search", asked["q"])] if "q" in asked else []
    pairs += [(f"{name}__exact", asked[name]) for name in COLUMNS if name in asked]
    pairs += [(f"{name}__arraycontains", asked[name]) for name in LISTS if name in asked]
    if "page" in asked:
        if asked["page"] != "2" or not places.get("second"):
            return ""
        pairs.append(("_next", places["second"]))
    return f"{TABLE}{extension}?{urlencode(pairs)}"


def get(path: str, mode: str = "new") -> dict:
    """Ask for a page and return what it took, in ms; None where it gives no answer."""
    route, _question, query = path.partition("?")
    mine = (
        address(query) if route == "/recommendations/" else TABLE + route if len(route) > 1 else "/"
    )
    if not mine:
        return {"ms": None}
    start = perf_counter()
    response = runner.run(site.client.get(mine))
    took = 1000 * (perf_counter() - start)
    return {"ms": took if response.status_code == 200 else None, "status": response.status_code}


def facts(query: str) -> dict:
    """Return how many entries a question finds and the counts of the facets, and which of these it
    gave up.
    """
    mine = address(query, ".json")
    told = runner.run(site.client.get(mine)).json() if mine else {}
    if (
        "facet_results" not in told
    ):  # an error's JSON holds none: its query took longer than it allows itself
        return {"count": None, "facets": {}, "missing": [], "partial": True}
    if not query:
        places["second"] = told["next"]
    facets = {
        name: {str(each["value"]): each["count"] for each in facet["results"]}
        for name, facet in told["facet_results"].items()
    }
    missing = [name for name in (*COLUMNS, *LISTS) if name not in facets]
    return {
        "count": told["filtered_table_rows_count"],
        "facets": facets,
        "missing": missing,
        "partial": True,
    }


loop.serve({"get": get, "facts": facts, "memory": loop.memory})
