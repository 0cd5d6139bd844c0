"""The pages that are compared, and the empty view that everything is measured against."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from .views import browse, home, recommendation


def empty(request: HttpRequest) -> HttpResponse:
    """Answer without doing anything."""
    return HttpResponse("ok")


urlpatterns = [
    path("", home),
    path("empty", empty),
    path("recommendations/", browse),
    path("<str:code>", recommendation),
]
