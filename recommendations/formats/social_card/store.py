"""A cache of pictures in a folder, each named by the hash of its content."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from .drawing import Card, draw, key

END = b"IEND\xaeB`\x82"  # the last bytes of every PNG
MOST = 4000  # pictures of some 50 kB; beyond that the older half is deleted


def picture(card: Card, folder: Path) -> bytes:
    """Return the picture of a card, from the folder if it is there."""
    path = folder / f"{key(card)}.png"
    with suppress(OSError):
        if (found := path.read_bytes()).endswith(END):
            return found
    drawn = draw(card)
    with suppress(OSError):
        keep(path, drawn)
    return drawn


def keep(path: Path, data: bytes) -> None:
    """Write a picture atomically."""
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
    """Delete the older half of the pictures once there are too many."""
    files = list(folder.iterdir())
    if len(files) < MOST:
        return
    files.sort(key=lambda path: path.stat().st_mtime)
    for path in files[: len(files) // 2]:
        path.unlink(missing_ok=True)
