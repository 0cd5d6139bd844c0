"""The site map's root: editors under /admin/, everything else in `recommendations.urls`."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("recommendations.urls")),
]

handler400 = "recommendations.views.errors.malformed"
handler404 = "recommendations.views.errors.not_found"
