"""Static files as they are served: hashed, compressed, and each style sheet in one file with those
that it imports.
"""

import re
from collections.abc import Iterator

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'^@import url\("([\w.-]+)"\);\n', re.MULTILINE)


class SheetStorage(CompressedManifestStaticFilesStorage):
    """Puts imported sheets where they are imported, so that a browser asks once; without it, it
    asks for each.
    """

    def post_process(self, paths: dict, dry_run: bool = False, **options) -> Iterator[tuple]:
        """Write the sheets that import others anew, then process all files as before."""
        for name in [] if dry_run else [name for name in paths if name.endswith(".css")]:
            text = whole(paths, name)
            if text != read(paths, name):
                self.delete(name)
                paths[name] = self, self.save(name, ContentFile(text.encode()))
        return super().post_process(paths, dry_run, **options)


def whole(paths: dict, name: str) -> str:
    """Return a sheet with those that it imports, which stand in the same folder, in their
    places.
    """
    folder = name.rpartition("/")[0]
    return IMPORT.sub(lambda found: whole(paths, f"{folder}/{found[1]}"), read(paths, name))


def read(paths: dict, name: str) -> str:
    """Return a file as it was found."""
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
