"""The trial of the imports, small and in one process: it finds nothing, and it finds what is planted."""

import random

import pytest

from recommendations.bundle.load import Loading
from recommendations.models import Actor, Source
from tests.trials.imports import Folder, Trial

pytestmark = pytest.mark.django_db


def test_a_folder_is_there_once_however_it_comes():
    trial = Trial(random.Random(1), most=4)
    trial.run(1)
    assert trial.faults == []
    assert (trial.ends["refused"], trial.ends["loaded"]) == (16, 6)


def test_a_name_that_is_doubled_by_loading_again_is_found(monkeypatch):
    write_theme = Loading.write_theme

    def doubled(loading, theme, item):
        write_theme(loading, theme, item)
        theme.alternatives.create(label=f"Sample {theme.alternatives.count()}")
        return theme

    monkeypatch.setattr(Trial, "refuse", lambda *_given: None)
    monkeypatch.setattr(Loading, "write_theme", doubled)
    trial = Trial(random.Random(1))
    trial.run(1)
    assert any("names of themes" in fault for fault in trial.faults)


def test_a_folder_that_is_taken_in_part_is_found(monkeypatch, tmp_path):
    monkeypatch.setattr(Loading, "settle", lambda *_given, **_more: Source.objects.get(code="PARIS-2025"))
    monkeypatch.setattr(Loading, "withdraw", lambda loading, source, *_given: Actor.objects.create(slug="half"))
    trial = Trial(random.Random(1), most=1)
    trial.refuse(0, Folder.of(0), tmp_path, "now")
    assert any("is taken with" in fault for fault in trial.faults)
    assert any("changed recommendations_actor" in fault for fault in trial.faults)
