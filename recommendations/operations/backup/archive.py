"""The backup file: a line with the SHA-256 of all that follows, a line of JSON, a gzipped dump.

Other programs can read it too: `tail -n +2 FILE | sha256sum`, `tail -n +3 FILE | gunzip`.
"""

import gzip
import hashlib
import json
import os
import shutil
from pathlib import Path

SEAL_LENGTH = 65  # 64 hexadecimal digits and the end of the line
KIND = "backup of TECH7 Recommendations, format 2, {engine}"


class BackupError(Exception):
    """A backup that cannot be made or restored; its message says what to do."""


def pack(manifest: dict, dump: Path, to: Path) -> None:
    """Write a new backup file, which only its owner can read."""
    with open(os.open(to, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "r+b") as file:
        file.write(b"0" * SEAL_LENGTH)
        file.write(json.dumps(manifest).encode() + b"\n")
        with dump.open("rb") as source, gzip.open(file, "wb", compresslevel=1) as packed:
            shutil.copyfileobj(source, packed)
        file.seek(SEAL_LENGTH)
        seal = hashlib.file_digest(file, hashlib.sha256).hexdigest()
        file.seek(0)
        file.write(f"{seal}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def unpack(path: Path, to: Path | None = None) -> dict:
    """Return a backup's manifest, and write its dump to a file.

    Raises BackupError if any byte of the backup has changed.
    """
    with path.open("rb") as file:
        seal = file.read(SEAL_LENGTH)
        if seal != f"{hashlib.file_digest(file, hashlib.sha256).hexdigest()}\n".encode():
            raise BackupError(f"{path} is damaged, incomplete or not a backup: use another file.")
        file.seek(SEAL_LENGTH)
        manifest = json.loads(file.readline())
        if to:
            with gzip.open(file) as packed, to.open("wb") as dump:
                shutil.copyfileobj(packed, dump)
    return manifest
