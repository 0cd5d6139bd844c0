"""The tools of an assistant and their answers, independent of the protocol.

A tool takes the arguments of a call as JSON gives them and returns what JSON can hold, or raises
Refused.
"""

import difflib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from recommendations.editorial.withdraw import final_replacement
from recommendations.models import Recommendation, Theme
from recommendations.search import echoes, facets, quote_check
from recommendations.search.filterset import SORTS
from recommendations.search.query_errors import BadSelection
from recommendations.search.results import fetch
from recommendations.search.selection import read_selection

from . import briefing, citations, quote_checks, records
from .absolute_url import permalink

Arguments = Mapping[str, Any]
STYLES: dict[str, Callable[[citations.Record], Any]] = {
    "sentence": citations.sentence,
    "apa": lambda record: str(citations.apa(record)),
    "chicago": lambda record: str(citations.chicago(record)),
    "bibtex": citations.bibtex,
    "ris": citations.ris,
    "csl": lambda record: record,
}
TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
CODE = TEXT | {"description": "A code such as PARIS-2025-4, or a link to a recommendation."}


class Refused(ValueError):
    """A call that cannot be answered; says why, and what works instead."""


@dataclass(frozen=True)
class Tool:
    """A tool: its name, purpose, arguments as JSON Schema, and function."""

    name: str
    description: str
    properties: dict[str, dict]
    required: tuple[str, ...]
    answer: Callable[[Arguments], dict]

    @property
    def schema(self) -> dict:
        """The arguments as JSON Schema; no others are taken."""
        return {
            "type": "object",
            "properties": self.properties,
            "required": list(self.required),
            "additionalProperties": False,
        }


def ask(name: str, arguments: Arguments) -> dict:
    """Answer a call of a tool; raises Refused."""
    tool = next((tool for tool in TOOLS if tool.name == name), None)
    if tool is None:
        names = ", ".join(tool.name for tool in TOOLS)
        raise Refused(f"There is no tool “{name[:50]}”. The tools are {names}.")
    given = {name: value for name, value in arguments.items() if value is not None}
    if missing := [name for name in tool.required if name not in given]:
        raise Refused(f"{tool.name} needs {' and '.join(missing)}.")
    return tool.answer(given)


def search_recommendations(arguments: Arguments) -> dict:
    """Answer one page of a selection, by the rules of the web page."""
    pairs = [(name, value) for name, given in arguments.items() for value in _values(name, given)]
    try:
        params = QueryDict(mutable=True)
        for name, value in pairs:
            params.appendlist(name, value.encode(errors="replace").decode())
        selection = read_selection(params)
        page = selection.page
    except BadSelection as bad:
        found = (f"{each.message} {each.advice}: {permalink(each.url)}" for each in bad.problems)
        raise Refused(" ".join(found)) from bad
    entries = fetch(page.object_list, Recommendation.objects.for_records())
    return {
        "count": page.paginator.count,
        "page": page.number,
        "pages": page.paginator.num_pages,
        "url": permalink(selection.page_url(page.number)),
        "recommendations": [_described(entry) for entry in entries],
    }


def get_recommendation(arguments: Arguments) -> dict:
    """Answer one recommendation, or when and why it was withdrawn and what it said."""
    entry = _find(arguments)
    if entry.is_published:
        return _described(entry) | json.loads(records.one(entry))
    last, final = entry.versions.latest("number"), final_replacement(entry)
    other = final if final and final.is_published else None
    return {
        "code": entry.code,
        "status": "withdrawn",
        "withdrawn_at": records.plain(entry.withdrawn_at),
        "reason": entry.withdrawal_reason,
        "replaced_by": {"code": other.code, "url": records.address(other)} if other else None,
        "quote": "\n".join(passage["quote"] for passage in last.snapshot["passages"]),
        "version": last.number,
        "url": records.address(entry),
        "version_url": permalink(last.get_absolute_url()),
    }


def list_themes(arguments: Arguments) -> dict:
    """Answer the themes with what each means and how many recommendations are filed under it."""
    _only(arguments)
    counts = facets.current().totals["theme"]
    return {
        "themes": [
            {
                "theme": theme.slug,
                "label": theme.label,
                "other_names": theme.names[1:],
                "definition": theme.definition,
                "count": counts[theme.slug],
                "url": permalink(theme.get_absolute_url()),
            }
            for theme in Theme.objects.prefetch_related("alternatives")
        ]
    }


def cite(arguments: Arguments) -> dict:
    """Answer a ready citation of one recommendation, pinned to its newest version."""
    style = arguments.get("style", "sentence")
    if style not in [*STYLES]:
        raise Refused(f"There is no style “{str(style)[:50]}”. The styles are {', '.join(STYLES)}.")
    entry = _find(arguments, "style")
    if not entry.is_published:
        raise Refused(f"{entry.code} was withdrawn: get_recommendation says why.")
    return _described(entry) | {"style": style, "citation": STYLES[style](records.citation(entry))}


def check_quote(arguments: Arguments) -> dict:
    """Answer whether words stand in a declaration exactly, altered, or not at all."""
    _only(arguments, "quote")
    quote = arguments["quote"]
    if not isinstance(quote, str) or not 0 < len(quote) <= quote_check.LONGEST:
        raise Refused(f"quote must be text of at most {quote_check.LONGEST} characters.")
    if not quote_check.is_long_enough(quote):
        raise Refused(f"quote must have at least {quote_check.FEWEST_WORDS} words.")
    return quote_checks.described(quote_check.check(quote))


def compare_text(arguments: Arguments) -> dict:
    """Answer which recommendations a text repeats, the strongest first."""
    _only(arguments, "text")
    text = arguments["text"]
    if not isinstance(text, str) or not text.strip():
        raise Refused("text must be words: a communiqué, a draft or a part of one.")
    if len(text) > echoes.LONGEST:
        raise Refused(f"text has {len(text)} characters; at most {echoes.LONGEST} are compared.")
    return {
        "echoes": [
            {
                "code": echo.entry.code,
                "title": echo.entry.title,
                "url": records.address(echo.entry),
                "likeness": echo.percent / 100,
                "quote": "".join(piece.text for piece in echo.ask),
                "passage": "".join(piece.text for piece in echo.passage),
            }
            for echo in echoes.find_echoes(text)
        ]
    }


TOOLS = (
    Tool(
        "search_recommendations",
        "Search the recommendations of TECH7, the technology trade associations of the G7. Each "
        "result has the exact quote from the declaration, its code, permanent link and version. "
        "Values of one facet are alternatives; facets narrow each other. list_themes has themes.",
        {
            "q": TEXT | {"description": 'Words, "a phrase", -without, prefix*, or a code.'},
            **dict.fromkeys(("theme", "tag", "source", "year", "issuer", "addressee"), TEXTS),
            "sort": TEXT | {"enum": list(SORTS)},
            "page": {"type": "integer", "minimum": 1},
        },
        (),
        search_recommendations,
    ),
    Tool(
        "get_recommendation",
        "Get one recommendation by its code: quote, passages with their place in the text, "
        "source, works referred to.",
        {"code": CODE},
        ("code",),
        get_recommendation,
    ),
    Tool(
        "list_themes", "List the themes that recommendations are filed under.", {}, (), list_themes
    ),
    Tool(
        "cite",
        "Get a ready citation of a recommendation, pinned to its version.",
        {"code": CODE, "style": TEXT | {"enum": list(STYLES), "default": "sentence"}},
        ("code",),
        cite,
    ),
    Tool(
        "check_quote",
        "Check whether a sentence stands word for word in the declarations before repeating it: "
        "the verdict is verbatim, altered (with the nearest passage) or not found.",
        {"quote": TEXT | {"description": "One or two sentences.", "maxLength": 1000}},
        ("quote",),
        check_quote,
    ),
    Tool(
        "find_echoes",
        "Find which recommendations a text repeats: each with the passage and how alike they are. "
        "That words agree does not show what caused them.",
        {"text": TEXT | {"description": "A text, or a part of one."}},
        ("text",),
        compare_text,
    ),
)


def _described(entry: Recommendation) -> dict:
    """Return what every answer says of an entry."""
    record, latest = records.citation(entry), records.latest(entry)
    return {
        "code": entry.code,
        "status": "published",
        "title": entry.title,
        "quote": entry.quote,
        "language": entry.source.language,
        "version": latest.number if latest else None,
        "url": records.address(entry),
        "version_url": record["URL"],
        "citation": citations.sentence(record),
        "themes": [theme.label for theme in entry.themes.all()],
        "tags": sorted(tag.name for tag in entry.tags.all()),
    }


def _find(arguments: Arguments, *others: str) -> Recommendation:
    """Return an entry that was ever published, by code or link; raises Refused with near codes."""
    _only(arguments, "code", *others)
    if not isinstance(arguments["code"], str):
        raise Refused("code must be text, such as PARIS-2025-4.")
    code = "".join(briefing.split(arguments["code"])[:1])
    known = Recommendation.with_withdrawn.for_records().select_related("source", "replaced_by")
    if entry := known.filter(code=code).first() if briefing.ENTRY.fullmatch(code) else None:
        return entry
    codes = Recommendation.objects.filter(source__code=code.rpartition("-")[0].replace("\0", ""))
    similar = difflib.get_close_matches(
        code[:80], codes.values_list("code", flat=True), n=3, cutoff=0.5
    )
    advice = "Find a code with search_recommendations."
    if similar:
        advice = f"Similar codes are {', '.join(similar)}."
    raise Refused(f"There is no recommendation {code[:80]}. {advice}")


def _only(arguments: Arguments, *known: str) -> None:
    """Refuse arguments that a tool does not take."""
    if unknown := [name for name in arguments if name not in known]:
        taken = f"only {', '.join(known)}" if known else "nothing"
        raise Refused(f"There is no argument “{unknown[0][:50]}”: this tool takes {taken}.")


def _values(name: str, given: object) -> list[str]:
    """Return the values of an argument as query values; raises Refused."""
    values = given if isinstance(given, list) else [given]
    for value in values:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise Refused(f"“{name[:50]}” must be text or a number, not {type(value).__name__}.")
    return [str(value) for value in values]
