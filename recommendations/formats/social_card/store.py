"""Pictures kept in a folder, each under the hash of its content, so that one is drawn once and
never goes stale.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from .drawing import Card, draw, key

END = b"IEND\xaeB`\x82"  # the last bytes of every PNG
KEPT = 4000  # pictures, of some 50 kB each; beyond that the oldest half is thrown away


def picture(card: Card, folder: Path) -> bytes:
    """Return the picture of a card, from the folder where it is there; a folder that cannot be used
    costs only time.
    """
    path = folder / f"{key(card)}.png"
    with suppress(OSError):
        if (found := path.read_bytes()).endswith(END):
            return found
    drawn = draw(card)
    with suppress(OSError):
        keep(path, drawn)
    return drawn


def keep(path: Path, data: bytes) -> None:
    """Write a picture so that nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    make_room(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def make_room(folder: Path) -> None:
    """Throw away the older half of the pictures once there are too many."""
    kept = list(folder.iterdir())
    if len(kept) < KEPT:
        return
    kept.sort(key=lambda path: path.stat().st_mtime)
    for path in kept[: len(kept) // 2]:
        path.unlink(missing_ok=True)
