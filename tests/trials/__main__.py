"""`python -m tests.trials`: every trial, what it tries, and the command that runs it at
full size.
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from .parts.trial import DATABASES, spelled


def trials() -> Iterator[tuple[str, ModuleType]]:
    """Yield the modules that are trials: those that have a full size."""
    for found in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if found.name != "__main__":
            module = import_module(f"{__package__}.{found.name}")
            if hasattr(module, "FULL"):
                yield found.name, module


def listed() -> Iterator[str]:
    """Yield the lines of the list."""
    for name, module in trials():
        yield module.__doc__.partition("\n")[0]
        for database in getattr(module, "DATABASES", DATABASES):
            options = spelled(module.FULL | ({"database": database} if database else {}))
            yield f"    .venv/bin/python -m tests.trials.{name} {options}".rstrip()


if __name__ == "__main__":
    print("\n".join(listed()))
