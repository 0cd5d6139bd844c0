"""The editors' desk: Django's admin, where what changes readers' pages is a proposal."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin

from . import (
    entries,
    history,
    intakes,
    proposals,
    sources,
    users,
    vocabulary,
    worklist,
)

__all__ = [
    "entries",
    "history",
    "intakes",
    "proposals",
    "sources",
    "users",
    "vocabulary",
    "worklist",
]

admin.site.site_header = admin.site.site_title = "TECH7 Recommendations: editors’ desk"
admin.site.index_title = "What is next?"
admin.site.enable_nav_sidebar = (
    False  # the desk's first page lists everything, and a text needs the room
)

# Nothing is sent by e-mail, and a second factor is its owner's: `manage.py resetsignin` removes one
# that was lost.
admin.site.unregister([EmailAddress, Authenticator])
