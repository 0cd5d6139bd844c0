"""The data formats described, for programs and for people."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from recommendations.formats import OPEN
from recommendations.formats.openapi import REFUSALS, describe

from .responses import with_alternates

SCHEMA = "/api/schema"


def schema(request: HttpRequest) -> HttpResponse:
    """Answer the OpenAPI document."""
    return JsonResponse(
        describe(), json_dumps_params={"ensure_ascii": False, "indent": 2}, headers=OPEN
    )


def api(request: HttpRequest) -> HttpResponse:
    """Show the OpenAPI document as a page."""
    document = describe()
    operations = [(path, item["get"]) for path, item in document["paths"].items()]
    shapes = [pair for pair in document["components"]["schemas"].items() if "properties" in pair[1]]
    filters = next(
        each["parameters"] for path, each in operations if path.startswith("/recommendations.")
    )
    context = {
        "document": document,
        "operations": operations,
        "filters": [
            (each["name"], each["description"], _values(each["schema"])) for each in filters
        ],
        "refusals": REFUSALS.items(),
        "shapes": [
            (name, shape["description"], list(shape["properties"])) for name, shape in shapes
        ],
    }
    formats = [("OpenAPI", SCHEMA, "application/json")]
    return with_alternates(render(request, "recommendations/api.html", context), formats)


def _values(schema: dict) -> list[str]:
    """Return the values that a parameter takes, where they can be counted."""
    return schema.get("enum") or schema.get("items", {}).get("enum", [])
