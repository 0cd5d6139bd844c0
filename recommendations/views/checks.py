"""Checks of a quote: whether a sentence that somebody attributes to a declaration is in one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.formats import OPEN
from recommendations.formats.quote_checks import rendered
from recommendations.search import quote_check
from recommendations.search.query_errors import WITHOUT, BadSelection, Problem

PATH = "/check"
TOO_SHORT = f"Paste at least {quote_check.FEWEST_WORDS} words, better a whole sentence."
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}  # nothing of it is kept


def check(request: HttpRequest) -> HttpResponse:
    """Ask for a sentence, and show where it stands or what comes nearest."""
    context: dict[str, object] = {"canonical": "", "longest": quote_check.LONGEST}
    if "q" not in request.GET:
        return render(request, "recommendations/check.html", context)
    pasted = request.GET["q"]
    context |= {"pasted": pasted, "problem": problem_of(request)}
    if not context["problem"]:
        context["check"] = quote_check.check(pasted)
    status = 400 if context["problem"] else 200
    response = render(request, "recommendations/check.html", context, status=status)
    for name, value in HEADERS.items():
        response[name] = value
    return response


def check_as_json(request: HttpRequest) -> HttpResponse:
    """Answer the same as JSON; raises BadSelection."""
    if unknown := [name for name in request.GET if name != "q"]:
        message = f"There is no parameter “{unknown[0][:50]}”: this address takes “q” alone."
        raise BadSelection([Problem(unknown[0][:50], message, WITHOUT, PATH)])
    if (problem := problem_of(request)) and problem != TOO_SHORT:
        raise BadSelection([Problem("q", problem, "How to check a quote", PATH)])
    body = rendered(quote_check.check(request.GET["q"]))
    return HttpResponse(body, content_type="application/json", headers=OPEN | HEADERS)


def problem_of(request: HttpRequest) -> str:
    """Say what is wrong with the words of a request, or ""."""
    given = request.GET.getlist("q")
    if len(given) != 1:
        return "Give the sentence once, as “q”." if given else "Give a sentence, as “q”."
    if len(given[0]) > quote_check.LONGEST:
        return f"Paste at most {quote_check.LONGEST:,} characters: one or two sentences."
    if "\0" in given[0]:
        return "Paste text without control characters."
    if not quote_check.is_long_enough(given[0]):
        return TOO_SHORT
    return ""
