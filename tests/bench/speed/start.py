"""`python start.py MODULE ...` sets Django up, then runs the module's main(): so that modules may
import models.
"""

import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    import_module(sys.argv[1]).main()
