"""Backup and restore of the whole database as one sealed file."""

from .archive import BackupError
from .create import create
from .restore import restore

__all__ = ["BackupError", "create", "restore"]
