"""A database of the first release, before the migrations began anew, is refused in one line."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from recommendations.operations.backup.archive import BackupError
from recommendations.operations.backup.restore import check

FIRST = ("recommendations", "0003_search_index")


@pytest.mark.both_databases
@pytest.mark.django_db
def test_serving_it_says_what_to_do():
    MigrationRecorder(connection).record_applied(*FIRST)
    with pytest.raises(CommandError) as caught:
        call_command("prepare")
    said = str(caught.value)
    assert "was made by the first release, which cannot be migrated" in said
    assert "exportdeclaration" in said
    assert "\n" not in said


def test_restoring_it_says_what_to_do():
    manifest = {"kind": "sample", "fingerprint": {"migrations": [".".join(FIRST)]}}
    with pytest.raises(BackupError, match=r"^sample\.tar was made by the first release, which"):
        check(Path("sample.tar"), manifest, "sample")
