"""The OpenAPI document: every address, parameter, format and error."""

import re
from typing import Any

import django_filters
from django.conf import settings
from django.http import QueryDict
from django.urls import get_resolver

from recommendations import formats as data_formats
from recommendations.models.source import CODE
from recommendations.search.filterset import MAX_QUERY, SORTS, FacetFilter, RecommendationFilter
from recommendations.search.query_errors import MOST_VALUES
from recommendations.search.quote_check import FEWEST_WORDS, LONGEST
from recommendations.search.results import MOST_RANKED

from .. import Representation
from .shapes import SHAPES, ref

ABOUT = (
    "TECH7's recommendations, word for word, open to all. Unknown or malformed parameters return "
    "400. Values of one facet are alternatives, facets narrow each other. JSON comes in parts: "
    "follow “next” unchanged, since only the site can make its parameter “after”. Other formats "
    "hold a whole selection. Send If-None-Match with the last ETag to get 304 if nothing changed. "
    "CORS is open."
)
SHAPE = {
    ("export", "json"): "Selection",
    ("theme_as", "json"): "Selection",
    ("addressee_as", "json"): "Selection",
    ("recommendation_as", "json"): "Recommendation",
    ("declaration_as", "json"): "Declaration",
}
OWN_FILTER = {"theme_as": "theme", "addressee_as": "addressee"}  # which their address says
BY_EXTENSION = {"jsonfeed": "Feed", "csl.json": "CSL"}
GROUPS = {  # name of the address in the site map: formats, what is answered, how it can fail
    "export": (data_formats.RECOMMENDATIONS, "A selection of recommendations", (301, 400, 410)),
    "theme_as": (
        data_formats.RECOMMENDATIONS,
        "The recommendations of a theme",
        (301, 400, 404, 410),
    ),
    "addressee_as": (
        data_formats.RECOMMENDATIONS,
        "The recommendations to an addressee",
        (301, 400, 404, 410),
    ),
    "recommendation_as": (data_formats.RECOMMENDATION, "One recommendation", (301, 404, 410)),
    "declaration_as": (data_formats.DECLARATION, "One declaration", (301, 404)),
}
REFUSALS = {
    301: "Another spelling of an address, or a renamed theme: see Location.",
    400: "The query cannot be answered: each problem with the nearest query that works.",
    404: "There is nothing at this address.",
    410: "The recommendation was withdrawn or the theme retired, and why.",
}


def describe() -> dict:
    """Return the OpenAPI document, with the values that filters take at this moment."""
    filterset = RecommendationFilter(QueryDict())
    paths = {}
    for name, (formats, about, failures) in GROUPS.items():
        parameters = _path_parameters(name, filterset) + _query_parameters(name, filterset)
        for each in formats.values():
            paths[_template(name, each)] = {
                "get": _operation(name, each, about, failures, parameters)
            }
    paths["/check.json"] = {"get": _check()}
    return {
        "openapi": "3.1.1",
        "info": {"title": "TECH7 Recommendations", "version": "1", "description": ABOUT},
        "servers": [{"url": settings.SITE_URL}],
        "paths": paths,
        "components": {"schemas": SHAPES},
    }


def _operation(
    name: str, each: Representation, about: str, failures: tuple, parameters: list
) -> dict:
    shape = BY_EXTENSION.get(each.extension) or SHAPE.get((name, each.extension))
    schema = ref(shape) if shape else {"type": "string"}
    content = {each.media_type.split(";")[0]: {"schema": schema}}
    tag = {"description": "For If-None-Match.", "required": True, "schema": {"type": "string"}}
    responses = {
        "200": {
            "description": f"{about}, as {each.name}.",
            "headers": {"ETag": tag},
            "content": content,
        },
        "304": {"description": "Nothing changed since the answer with the tag in If-None-Match."},
    }
    problem = {data_formats.PROBLEM: {"schema": ref("Problem")}}
    for status in failures:
        body = {"content": problem} if status >= 400 else {}
        responses[str(status)] = {"description": REFUSALS[status]} | body
    return {
        "operationId": f"{name.removesuffix('_as')}_{re.sub(r'[^a-z]', '_', each.extension)}",
        "summary": f"{about}, as {each.name}",
        "parameters": parameters,
        "responses": responses,
    }


def _check() -> dict:
    """Describe the check of a quote, which is no format of a page and has no entity tag."""
    about = "Whether these words stand in a declaration"
    text = {"type": "string", "maxLength": LONGEST, "pattern": "^[^\\u0000]*$"}
    quote = _parameter("q", "query", f"At least {FEWEST_WORDS} words.", text) | {"required": True}
    answer = {"application/json": {"schema": ref("QuoteCheck")}}
    problem = {data_formats.PROBLEM: {"schema": ref("Problem")}}
    return {
        "operationId": "check_json",
        "summary": f"{about}, as JSON",
        "parameters": [quote],
        "responses": {
            "200": {"description": f"{about}: verbatim, altered or not found.", "content": answer},
            "400": {"description": REFUSALS[400], "content": problem},
        },
    }


def _template(name: str, each: Representation) -> str:
    """Return a URL pattern as a path template, with a code as {source}-{number}."""
    patterns = get_resolver("recommendations.urls").url_patterns
    (route,) = [str(each.pattern) for each in patterns if getattr(each, "name", "") == name]
    route = route.replace("<extension:extension>", each.extension)
    route = route.replace("<entry:code>", "{source}-{number}").replace("<source:code>", "{source}")
    return "/" + route.replace("<slug:slug>", "{slug}")


def _path_parameters(name: str, filterset: RecommendationFilter) -> list[dict]:
    themes = {"type": "string", "enum": [option.value for option in filterset.vocabulary["theme"]]}
    code = {"type": "string", "pattern": f"^{CODE}$", "maxLength": 60}
    known = [option.value for option in filterset.vocabulary["source"]]
    source = _parameter("source", "path", "The code of a declaration.", code)
    source |= {"example": known[0]} if known else {}
    number = {"type": "integer", "minimum": 1, "maximum": 999_999}
    entry = _parameter("number", "path", "The recommendation's number in it.", number)
    entry |= {"example": 1}
    slug = _parameter("slug", "path", "A theme.", themes)
    asked = [option.value for option in filterset.vocabulary["addressee"]]
    values = {"type": "string"} | ({"enum": asked} if asked else {})
    return {
        "theme_as": [slug],
        "addressee_as": [_parameter("slug", "path", "An addressee.", values)],
        "recommendation_as": [source, entry],
        "declaration_as": [source],
    }.get(name, [])


def _query_parameters(name: str, filterset: RecommendationFilter) -> list[dict]:
    if name not in ("export", *OWN_FILTER):
        return []
    return [
        _filter(key, each, filterset)
        for key, each in filterset.filters.items()
        if OWN_FILTER.get(name) != key
    ]


def _filter(name: str, each: django_filters.Filter, filterset: RecommendationFilter) -> dict:
    if isinstance(each, FacetFilter):
        values = [option.value for option in filterset.vocabulary[name]]
        several: dict[str, Any] = {"type": "array", "items": {"type": "string", "enum": values}}
        several["maxItems"] = MOST_VALUES
        schema = several if values else {"maxItems": 0}
        return _parameter(name, "query", f"{each.label}: any of these.", schema)
    if name == "sort":
        # In OpenAPI 3.1 the values of one parameter cannot depend on another.
        about = (
            "The order: newest declaration first, or by code. A search is best match first "
            f"(relevance), or newest first where more than {MOST_RANKED:,} recommendations match."
        )
        orders = [order for order in SORTS if order != "relevance"]
        return _parameter(name, "query", about, {"type": "string", "enum": orders})
    about = 'Words, "a phrase", -without, prefix*, or, a code.'
    text = {"type": "string", "maxLength": MAX_QUERY, "pattern": "^[^\\u0000]*$"}
    return _parameter(name, "query", about, text)


def _parameter(name: str, place: str, about: str, schema: dict) -> dict:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": about,
        "schema": schema,
    }
