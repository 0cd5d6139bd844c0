"""The file itself: a zip archive whose comment, its last bytes, is the SHA-256 of every byte
before.

So any change to any byte is found before anything is read, with common tools too: `head -c -64 FILE
| sha256sum`.
"""

import hashlib
import json
import os
import shutil
import zipfile
from pathlib import Path

from .errors import BackupError

MANIFEST, DUMP = "manifest.json", "dump"
KIND, FORMAT = "backup of TECH7 Recommendations", 1
SEAL = 64  # hexadecimal digits
CHUNK = 1 << 20  # bytes
FASTEST = 1  # of zlib's levels


def pack(manifest: dict, dump: Path, to: Path) -> None:
    """Write a dump and what is known of it into a sealed file that only its owner reads."""
    known = {"kind": KIND, "format": FORMAT, **manifest, "dump_sha256": digest_of(dump)}
    with open(os.open(to, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "r+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=FASTEST) as archive:
            archive.writestr(MANIFEST, json.dumps(known, indent=1))
            archive.write(dump, DUMP)
            archive.comment = b"0" * SEAL
        file.flush()
        seal = digest_of(to, but_last=SEAL)
        file.seek(-SEAL, os.SEEK_END)
        file.write(seal.encode())
        file.flush()
        os.fsync(file.fileno())


def manifest_of(path: Path) -> dict:
    """Return what a backup says of itself; raises BackupError where a byte of it is not as it was
    written.
    """
    try:
        is_whole = digest_of(path, but_last=SEAL).encode() == last_bytes(path)
    except OSError as error:
        raise BackupError(f"Cannot read {path}: {error.strerror}.") from error
    if not is_whole:
        raise BackupError(f"{path} is damaged, cut short, or no backup of this site.")
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read(MANIFEST))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BackupError(f"{path} is no backup of this site.") from error
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise BackupError(f"{path} is no backup of this site.")
    if manifest.get("format") != FORMAT:
        raise BackupError(
            f"{path} was made by a newer release of this site: install that one first."
        )
    return manifest


def unpack(path: Path, manifest: dict, to: Path) -> None:
    """Write the dump of a backup into a file that only its owner reads; raises BackupError where it
    is another.
    """
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "wb") as file, zipfile.ZipFile(path) as archive, archive.open(DUMP) as dump:
        shutil.copyfileobj(dump, file, CHUNK)
    if digest_of(to) != manifest["dump_sha256"]:
        raise BackupError(f"{path} is damaged: its dump is not the one that it was made with.")


def digest_of(path: Path, but_last: int = 0) -> str:
    """Return the SHA-256 of a file, without so many bytes at its end."""
    digest, left = hashlib.sha256(), path.stat().st_size - but_last
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest()


def last_bytes(path: Path) -> bytes:
    """Return where a seal stands."""
    with path.open("rb") as file:
        file.seek(-min(SEAL, path.stat().st_size), os.SEEK_END)
        return file.read()
