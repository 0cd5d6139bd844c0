"""Every package is pinned by hash and has a licence that lets the site be passed on; the trial of
both can fail.
"""

import json
import re

import pytest
from django.conf import settings

from tests.trials import supply
from tests.trials.parts.trial import judged

HASH = "a" * 64


@pytest.mark.parametrize("lock", supply.LOCKS)
def test_every_line_of_a_lock_is_an_exact_version_with_hashes(lock):
    held = supply.locked(lock)
    lines = re.findall("^[a-z0-9]", (settings.BASE_DIR / lock).read_text(), re.MULTILINE)
    assert list(supply.without_hash(held)) == []
    assert (len(held), len({each.name for each in held})) == (len(lines), len(lines))


def test_a_line_without_a_hash_is_named_and_one_without_a_version_is_refused():
    [made] = supply.pins(
        f"sample[a]==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:{HASH}\n    # via other\n"
    )
    assert made == supply.Pin("sample", "1.0", "sys_platform == 'win32'", (HASH,))
    assert list(supply.without_hash(supply.pins("sample==1.0\n"))) == ["sample has no hash"]
    for line in (
        "sample>=1.0\n",
        "sample\n",
        "https://example.invalid/sample.whl\n",
        "-r other.txt\n",
    ):
        with pytest.raises(ValueError, match="not pinned to an exact version"):
            supply.pins(line)


def told(**facts) -> str:
    """What pip-audit writes of one package."""
    return json.dumps({"dependencies": [{"name": "sample", "version": "1.0", "vulns": []} | facts]})


def told_of(is_required: bool) -> int:
    """Let the trial tell what it found; returns its exit code."""
    return judged("supply", lambda faults: supply.audit(is_required, faults))


WEAKNESS = {"id": "PYSEC-2020-1", "aliases": ["CVE-2020-1"], "fix_versions": ["1.1"]}


def test_a_weakness_that_is_mended_elsewhere_is_a_fault():
    assert supply.weaknesses(told(vulns=[WEAKNESS])) == (
        1,
        ["sample 1.0: PYSEC-2020-1, mended in 1.1"],
        [],
    )
    unmended = WEAKNESS | {"fix_versions": []}
    assert supply.weaknesses(told(vulns=[unmended])) == (
        1,
        [],
        ["sample 1.0: PYSEC-2020-1, not mended anywhere yet"],
    )


def test_a_weakness_is_accepted_by_its_identifier_with_a_reason(monkeypatch):
    monkeypatch.setitem(supply.ACCEPTED, "CVE-2020-1", "only on Windows")
    notes = ["sample 1.0: PYSEC-2020-1, accepted: only on Windows"]
    assert supply.weaknesses(told(vulns=[WEAKNESS])) == (1, [], notes)


@pytest.mark.parametrize("answer", ["", told(skip_reason="Dependency not found on PyPI")])
def test_a_service_out_of_reach_is_told_from_a_clean_answer(monkeypatch, capsys, answer):
    assert supply.weaknesses(answer) == (0, [], [])
    monkeypatch.setattr(supply, "asked", lambda _lock: answer)
    assert [told_of(is_required) for is_required in (False, True)] == [0, 1]
    first, *_rest = capsys.readouterr().out.splitlines()
    assert "NONE looked up: the service of pip-audit is out of reach from here; 0 faults." in first


def test_a_weakness_found_fails_the_trial(monkeypatch, capsys):
    monkeypatch.setattr(supply, "asked", lambda _lock: told(vulns=[WEAKNESS]))
    assert told_of(is_required=False) == 1
    assert capsys.readouterr().out.endswith("1 looked up; 1 faults.\n")


@pytest.fixture
def planted(tmp_path, monkeypatch):
    """A copy of what the trial reads, in which one text is to stand for another; returns what is
    then found.
    """
    for name in (*supply.LOCKS, "kb", "pyproject.toml", "docs/licences.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((settings.BASE_DIR / name).read_text())
    monkeypatch.setattr(supply, "ROOT", tmp_path)
    monkeypatch.setattr(supply, "LICENCES", tmp_path / "docs" / "licences.md")
    monkeypatch.setattr(supply, "asked", lambda _lock: "")
    (tmp_path / "tech7kb").mkdir()
    (tmp_path / "tech7kb" / "sample.py").write_text("import brotli\n")

    def found(name: str, pattern: str, instead: str) -> list[str]:
        text = (tmp_path / name).read_text()
        (tmp_path / name).write_text(re.sub(pattern, instead, text, count=1, flags=re.MULTILINE))
        assert (tmp_path / name).read_text() != text or not pattern
        supply.audit(False, faults := [])
        return faults

    return found


LICENCES = "docs/licences.md is not of what is pinned: ./kb trials supply --licences"
OTHER = "asgiref has another version or other hashes than in requirements-dev.txt"
DEFECTS = {
    "nothing": ("kb", "", "", []),
    "a lock without its hashes": (
        *("requirements.txt", r"^(asgiref==\S+)(?: \\\n    --hash=\S+)+", r"\1"),
        ["requirements.txt: asgiref has no hash", f"requirements.txt: {OTHER}"],
    ),
    "a version that is open": (
        *("requirements.txt", r"^asgiref==", "asgiref>="),
        ["requirements.txt: not pinned to an exact version: asgiref>="],
    ),
    "another index": (
        *("requirements.txt", r"\A", "--index-url https://evil.invalid/simple\n"),
        [
            "requirements.txt: not pinned to an exact version: --index-url "
            "https://evil.invalid/simple"
        ],
    ),
    "another version": (
        "requirements.txt",
        r"^asgiref==\d+",
        "asgiref==1",
        [f"requirements.txt: {OTHER}", LICENCES],
    ),
    "another hash": (
        *("requirements.txt", r"^(asgiref==\S+ \\\n    --hash=sha256:)\w{64}", rf"\g<1>{HASH}"),
        [f"requirements.txt: {OTHER}"],
    ),
    "an unknown licence": (
        *("requirements.txt", r"\A", f"sample==1.0 \\\n    --hash=sha256:{HASH}\n"),
        [
            "requirements.txt: sample: no licence is known",
            "requirements.txt: sample is not in requirements-dev.txt",
        ],
    ),
    "a list of licences that lacks one": ("docs/licences.md", r"^\| asgiref .*\n", "", [LICENCES]),
    "packages that nobody checks": (
        "kb",
        " --require-hashes",
        "",
        ["kb installs without --require-hashes: "],
    ),
    "a package that nobody named": (
        *("pyproject.toml", r'^ +"brotli>.*\n', ""),
        ["tech7kb/sample.py imports brotli, which pyproject.toml does not name"],
    ),
    "a package that no lock pins": (
        *("tech7kb/sample.py", "brotli", "hypothesis"),
        [
            "tech7kb/sample.py imports hypothesis, which pyproject.toml does not name",
            "tech7kb/sample.py imports hypothesis, which its lock does not pin",
        ],
    ),
}


@pytest.mark.parametrize(("name", "pattern", "instead", "wanted"), DEFECTS.values(), ids=DEFECTS)
def test_each_lock_and_what_stands_on_them_is_checked(planted, name, pattern, instead, wanted):
    found = planted(name, pattern, instead)
    assert [each for each in wanted if not any(fault.startswith(each) for fault in found)] == []
    assert bool(found) is bool(wanted)


def test_every_package_has_a_licence_that_lets_the_site_be_passed_on():
    names = {
        pin.name: supply.licence(pin.name) for lock in supply.LOCKS for pin in supply.locked(lock)
    }
    elsewhere = {
        pin.name for lock in supply.LOCKS for pin in supply.locked(lock) if supply.is_elsewhere(pin)
    }
    assert elsewhere == {"httpx2-jsfetch"}
    assert (
        list(
            supply.licence_faults(
                {name: told for name, told in names.items() if name not in elsewhere}
            )
        )
        == []
    )


@pytest.mark.parametrize(
    ("expression", "rule"),
    [
        ("MIT", "permissive"),
        ("(Apache-2.0 OR GPL-3.0-only)", "permissive"),
        ("MIT AND OFL-1.1", "font"),
        ("LGPL-3.0-only", "library copyleft"),
        ("MPL-2.0", "file copyleft"),
        ("GPL-3.0-only", ""),
        ("MIT AND AGPL-3.0-only", ""),
        ("SSPL-1.0", ""),
        ("UNKNOWN", ""),
        ("", ""),
    ],
)
def test_a_licence_is_allowed_by_a_rule_or_not_at_all(expression, rule):
    assert supply.rule(expression) == rule
    assert (list(supply.licence_faults({"sample": expression})) == []) is bool(rule)


def test_the_list_of_licences_is_of_the_versions_that_are_pinned():
    renew = "renew it: ./kb trials supply --licences"
    assert supply.LICENCES.read_text() == supply.licences(), renew


def test_the_bill_of_materials_holds_every_package_of_the_lock_with_its_hashes():
    made = json.loads(supply.bill("requirements.txt"))
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert made["metadata"]["component"]["name"] == "tech7kb"
    held = {each["name"]: each for each in made["components"]}
    assert sorted(held) == sorted(pin.name for pin in supply.locked("requirements.txt"))
    for pin in supply.locked("requirements.txt"):
        assert {each["content"] for each in held[pin.name]["hashes"]} == set(pin.hashes)
        assert held[pin.name]["purl"] == f"pkg:pypi/{pin.name}@{pin.version}"
        assert held[pin.name]["licenses"] == [{"expression": supply.licence(pin.name)}]
