"""Comparing: which recommendations a text that a reader gives repeats. Nothing of it is kept."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from recommendations.ingest.extract import Unreadable, compose, extract
from recommendations.search.echoes import LONGEST, find_echoes

from .text_form import TextForm

HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
SAME = ("same-origin", "none")  # of Sec-Fetch-Site: this site's own form


class CompareForm(TextForm):
    """A text to compare; a file is read in the sandbox, as at the desk."""

    def clean(self) -> dict:
        """Read what was given, and refuse more than is compared."""
        cleaned = super().clean()
        text, file = cleaned.get("text", ""), cleaned.get("file")
        if file and not self.errors:
            try:
                text, _markers = compose(extract(file.read(), file.name, settings.SCANNER).pieces)
            except Unreadable as error:
                raise ValidationError(str(error)) from error
        if len(text) > LONGEST:
            raise ValidationError(
                f"The text has {len(text):,} characters; at most {LONGEST:,} are compared. Give "
                "a part of it."
            )
        return cleaned | {"read": text}


# It changes nothing, so it needs no token, which would be a cookie for every reader.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest) -> HttpResponse:
    """Ask for a text, and show which recommendations it repeats, the strongest first."""
    if request.method != "POST":
        context = {"form": CompareForm(), "canonical": ""}
        return render(request, "recommendations/compare.html", context)
    refuse_other_sites(request)
    form = CompareForm(request.POST, request.FILES)
    context, status = {"form": form, "canonical": ""}, 400
    if form.is_valid():
        context["echoes"], status = find_echoes(form.cleaned_data["read"]), 200
    response = render(request, "recommendations/compare.html", context, status=status)
    for name, value in HEADERS.items():
        response[name] = value
    return response


def refuse_other_sites(request: HttpRequest) -> None:
    """Raise PermissionDenied for a form that another site's page sends."""
    origin = request.headers.get("Origin")
    is_own = origin is None or urlsplit(origin).netloc == request.get_host()
    if request.headers.get("Sec-Fetch-Site", "none") not in SAME or not is_own:
        raise PermissionDenied("Texts are compared for this site's own form alone.")
