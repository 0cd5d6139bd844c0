"""The sitemap: every page that a search engine may list, with the day it last changed."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from recommendations.models import Source, Theme
from recommendations.search import facets

from .absolute_url import permalink

PART = 10_000  # addresses of one sitemap


class OwnSitemap(Sitemap):
    """A sitemap with the site's own address, whatever host the request named."""

    limit = PART

    def get_protocol(self, protocol=None):
        """Return the scheme of the site's address."""
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        """Return the host of the site."""
        return urlsplit(settings.SITE_URL).netloc


class Pages(OwnSitemap):
    """The pages that are always there."""

    def items(self):
        return ["home", "browse", "declarations", "themes", "addressees", "overview", "about"]

    def location(self, item):
        return reverse(item)


class Themes(OwnSitemap):
    """Every theme."""

    def items(self):
        return Theme.objects.all()


class Declarations(OwnSitemap):
    """Every declaration's full text."""

    def items(self):
        changed = Max("recommendations__versions__published_at")
        return (
            Source.objects.public()
            .declarations()
            .annotate(changed=changed)
            .order_by("-issued_on", "code")
        )

    def lastmod(self, item):
        return item.changed


class Recommendations(OwnSitemap):
    """Every published recommendation."""

    def __init__(self):
        self.index = facets.current()

    def items(self):
        return self.index.orders["newest"].keys.tolist()

    def location(self, item):
        return f"/{self.index.code(item)}"

    def lastmod(self, item):
        return self.index.changed_at(item)


SITEMAPS = {
    "pages": Pages,
    "themes": Themes,
    "declarations": Declarations,
    "recommendations": Recommendations,
}


def sitemap_index(request: HttpRequest) -> HttpResponse:
    """List the sitemaps, each of at most `PART` addresses (sitemaps.org allows 50,000)."""
    parts = [
        SitemapIndexItem(
            permalink(reverse("sitemap", args=[name]) + (f"?p={number}" if number > 1 else ""))
        )
        for name, section in SITEMAPS.items()
        for number in section().paginator.page_range
    ]
    return render(request, "sitemap_index.xml", {"sitemaps": parts}, content_type="application/xml")
