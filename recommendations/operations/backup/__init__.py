"""The whole database in one file, proved when it is made, and put back only if it is whole.

A backup is a zip file of two members, `manifest.json` and `dump`, that ends with the SHA-256 of all
before it.
"""

from .create import STAMP, back_up
from .errors import BackupError
from .restore import opened, restore

__all__ = ["STAMP", "BackupError", "back_up", "opened", "restore"]
