"""The site map's root: editors under /admin/ and /accounts/, everything else in
`recommendations.urls`.
"""

from allauth.account.views import logout
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from recommendations.accounts.views import admin_sign_in
from recommendations.admin import worklist

urlpatterns = [
    # The admin's own three would be a way round the second factor and the limits.
    path("admin/login/", admin_sign_in),
    path("admin/logout/", logout),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/care/", admin.site.admin_view(worklist.page), name="care"),
    path("admin/", admin.site.urls),
    path("accounts/", include("recommendations.accounts.urls")),
    path("", include("recommendations.urls")),
]

handler400 = "recommendations.views.errors.malformed"
handler404 = "recommendations.views.errors.not_found"
handler500 = "recommendations.views.errors.failed"
