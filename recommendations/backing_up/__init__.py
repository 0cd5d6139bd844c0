"""The whole database in one file, proved when it is made, and put back only if it is whole.

A backup is a zip file of two members, `manifest.json` and `dump`, that ends with the SHA-256 of all
before it.
"""

from .making import STAMP, back_up
from .refusal import BackupError
from .restoring import opened, restore

__all__ = ["STAMP", "BackupError", "back_up", "opened", "restore"]
