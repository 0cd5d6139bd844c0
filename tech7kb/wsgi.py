"""The entry point that the production server loads: `tech7kb.wsgi:application`."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from recommendations.operations.database_outages import limit_waiting
from recommendations.operations.load_shedding import buffer_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tech7kb.settings")

application = buffer_bodies(get_wsgi_application())
limit_waiting()
import_module(
    "recommendations.search.facets"
).prepare()  # models are known only once Django is set up
