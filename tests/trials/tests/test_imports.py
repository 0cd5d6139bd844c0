"""The trial of the imports, small and in one process: it finds nothing, and it finds what is
planted.
"""

import random
from importlib import import_module

import pytest

from recommendations.editorial.bundle.load import Loading
from recommendations.models import Organisation, Theme
from tests.trials.imports import Trial
from tests.trials.parts.folders import Folder, backwards, unsaid

export, load, read = (
    import_module(f"recommendations.editorial.bundle.{name}") for name in ("export", "load", "read")
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def trial():
    return Trial(random.Random(1), most=1)


def copies(folder, place):
    return [folder.write(place / "copy"), folder.write(place / "backwards", backwards)]


def test_a_folder_is_there_once_however_it_comes():
    trial = Trial(random.Random(1), most=4)
    trial.run(1)
    assert "\n".join(trial.faults) == ""
    assert (trial.ends["refused"], trial.ends["loaded"], trial.ends["cut short"]) == (16, 22, 4)


def test_a_name_that_is_doubled_by_loading_again_is_found(monkeypatch, trial, tmp_path):
    make = Loading.make

    def doubled(loading, thing, item):
        if isinstance(made := make(loading, thing, item), Theme):
            made.alternatives.create(label="Sample")
        return made

    monkeypatch.setattr(Loading, "make", doubled)
    written = Folder.of(0).write(tmp_path / "copy")
    trial.load(written)
    trial.load(written, is_new=False)
    assert trial.faults[0].startswith("copy comes again, and is told to differ in Label sample-")
    assert "(alternatives)" in trial.faults[0]


def test_a_folder_that_is_taken_in_part_is_found(monkeypatch, tmp_path, trial):
    monkeypatch.setattr(Loading, "load", lambda *_given: Organisation.objects.create(slug="half"))
    trial.most = None
    trial.refuse(Folder.of(0), tmp_path, "now")
    assert any("is taken with" in fault for fault in trial.faults)
    assert any("changed recommendations_organisation" in fault for fault in trial.faults)


def test_an_export_in_the_order_of_keys_is_found(monkeypatch, trial, tmp_path):
    describe = export.describe

    def in_order_of_keys(*given):
        said = describe(*given)
        keys = dict(Organisation.objects.values_list("slug", "pk"))
        return said | {
            "organisations": sorted(
                said["organisations"], key=lambda organisation: keys[organisation["slug"]]
            )
        }

    monkeypatch.setattr(export, "describe", in_order_of_keys)
    folder = Folder.of(0)
    trial.elsewhere(folder, copies(folder, tmp_path), tmp_path / "out")
    assert trial.faults == [
        "the export of IMPORTA-2025 depends on the order in which it was loaded"
    ]


def test_a_key_that_is_not_exported_is_found(monkeypatch, trial, tmp_path):
    describe = export.describe

    def silent(*given):
        said = describe(*given)
        return said | {
            "recommendations": [each | {"refers_to": []} for each in said["recommendations"]]
        }

    monkeypatch.setattr(export, "describe", silent)
    folder = Folder.of(0)
    trial.load(folder.write(tmp_path / "copy"))
    trial.exported(folder, tmp_path / "out")
    assert trial.faults == ["the export of IMPORTA-2025 differs in ['recommendations']"]


def test_a_load_that_overwrites_an_editor_unasked_is_found(monkeypatch, trial, tmp_path):
    folder = Folder.of(0)
    written = folder.write(tmp_path / "copy")
    trial.load(written)
    made = Loading.__init__
    monkeypatch.setattr(Loading, "__init__", lambda loading, overwrite: made(loading, True))
    trial.edit(folder, written)
    assert trial.faults[0].startswith("what differs is told as [], not")
    assert trial.faults[1].startswith("a load that keeps what differs changed recommendations_")


def test_a_tag_that_an_overwriting_load_leaves_is_found(monkeypatch, trial, tmp_path):
    folder, propose = Folder.of(0), Loading.proposal

    def adding(loading, source, item, entry=None):
        old = [tag.name for tag in entry.tags.all()] if entry else []
        tags = list(dict.fromkeys([*item["tags"], *old]))
        return propose(loading, source, item | {"tags": tags}, entry)

    written = folder.write(tmp_path / "copy")
    trial.load(written)
    monkeypatch.setattr(Loading, "proposal", adding)
    trial.shorten(folder, written, tmp_path)
    assert trial.faults[0] == "the export of IMPORTA-2025 differs in ['recommendations']"


def test_a_folder_in_disorder_that_counts_as_another_is_found(monkeypatch, trial, tmp_path):
    monkeypatch.setattr(load, "canonical", lambda item: item)
    first, disordered = copies(Folder.of(0), tmp_path)
    trial.load(first)
    trial.load(disordered, is_new=False)
    assert trial.faults[0].startswith("backwards comes again, and is told to differ in")


def test_a_key_without_a_sample_is_found(monkeypatch):
    data = Folder.of(0).but_for(10).data
    assert list(unsaid(data)) == []
    monkeypatch.setitem(read.MAYBE_ENTRY, "sample", str)
    assert list(unsaid(data)) == ["sample of recommendations"]
