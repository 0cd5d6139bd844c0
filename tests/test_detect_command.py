"""`./kb manage detect FILE` prints what would be proposed, and keeps nothing."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from recommendations.models import Intake, Source
from recommendations.models.proposal import Proposal

KEYS = {"start", "end", "cue", "why", "title", "themes", "suggested_themes", "tags", "addressees"}
TEXT = "We urge sample governments to fund reskilling. They know what should change.\n"


def detected(path, *arguments) -> str:
    said = StringIO()
    call_command("detect", path, *arguments, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_proposals_and_possible_ones_are_printed_as_json_with_offsets_into_the_text(tmp_path):
    (tmp_path / "sample.txt").write_text(TEXT)
    before = (Source.objects.count(), Intake.objects.count(), Proposal.objects.count())
    found = json.loads(detected(tmp_path / "sample.txt", "--json"))
    sure, possible = found["proposals"]
    assert {*sure} == {*possible} == KEYS | {"possible"}
    assert found["text"][sure["start"] : sure["end"]].startswith("We urge sample governments")
    assert (sure["title"], sure["themes"], sure["possible"]) == (
        "Fund reskilling",
        ["skills"],
        False,
    )
    assert (possible["title"], possible["themes"], possible["possible"]) == ("", [], True)
    assert before == (Source.objects.count(), Intake.objects.count(), Proposal.objects.count())


@pytest.mark.django_db
def test_without_json_each_proposal_is_a_line(tmp_path):
    (tmp_path / "sample.txt").write_text(TEXT)
    first, second = detected(tmp_path / "sample.txt", "--language", "en").splitlines()
    assert first == "proposed 0-46: Fund reskilling (“urge” asks)"
    assert second.startswith("possible 47-76: (no title)")


def test_a_file_that_cannot_be_read_is_one_line(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        detected(tmp_path / "nothing.txt")
    (tmp_path / "empty.txt").write_text("")
    with pytest.raises(CommandError, match=r"empty\.txt: "):
        detected(tmp_path / "empty.txt")
