"""Why a backup cannot be made or put back."""


class BackupError(Exception):
    """Says in one sentence what is wrong; the database is as it was."""
