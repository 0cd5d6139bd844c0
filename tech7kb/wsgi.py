"""The entry point that the production server loads: `tech7kb.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tech7kb.settings")

application = get_wsgi_application()
