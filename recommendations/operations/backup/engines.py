"""Which kind of database the site has."""

from .postgresql import Postgresql
from .sqlite import Sqlite

ENGINES = {"sqlite": Sqlite, "postgresql": Postgresql}


def kind_of(settings: dict) -> str:
    """Return the kind that a database's settings name, as manifests have it."""
    return settings["ENGINE"].rpartition(".")[2].removesuffix("3")
