"""The sitemap: every page that a search engine may list, with the day it last changed."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from .models import Recommendation, Source, Theme


class OwnSitemap(Sitemap):
    """A sitemap with the site's own address, whatever host the request named."""

    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        """Return the host of the site."""
        return urlsplit(settings.SITE_URL).netloc


class Pages(OwnSitemap):
    """The pages that are always there."""

    def items(self):
        return ["home", "browse", "declarations", "themes", "overview", "about"]

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
        return Source.objects.public().declarations().annotate(changed=changed).order_by("-issued_on", "code")

    def lastmod(self, item):
        return item.changed


class Recommendations(OwnSitemap):
    """Every published recommendation."""

    def items(self):
        return Recommendation.objects.published().annotate(changed=Max("versions__published_at")).in_text_order()

    def lastmod(self, item):
        return item.changed


SITEMAPS = {"pages": Pages, "themes": Themes, "declarations": Declarations, "recommendations": Recommendations}
