#!/usr/bin/env python
"""Django's command line, with this site's settings."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tech7kb.settings")
    try:
        execute_from_command_line(sys.argv)
    except (
        ImproperlyConfigured,
        OperationalError,
    ) as error:  # the machine is at fault, not the program: say how
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"{type(error).__name__}: {str(error).strip().partition('\n')[0]}")
