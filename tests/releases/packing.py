"""Taking a pack, unpacking it, and running all that a stranger can run on it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
from django.core.management import call_command
from referencing import Registry
from referencing.jsonschema import DRAFT7

from deliverables.projects.models import Project

BIN = Path(sys.executable).parent
PROFILES = Path(__file__).parent / "profiles"


def ran(*command: Any, cwd: Path | None = None) -> int:
    return subprocess.run(command, cwd=cwd, capture_output=True, check=False).returncode  # noqa: S603


def checked(bag: Path, *heads: str) -> int:
    """What the script of a pack ends with: 1 for faults, 2 where it could not compare all."""
    return ran(sys.executable, bag / "check.py", *heads, cwd=bag)


def refused_by(bag: Path, *names: str) -> list[str]:
    """Which of the tools that a stranger can run refuse the pack: of all of them, or of some."""
    return [name for name in names or TOOLS if TOOLS[name](bag)]


def profile(descriptor: Path) -> int:
    """The descriptor against the official profile of Data Package 2."""
    schemas = {path.name: json.loads(path.read_text("utf-8")) for path in PROFILES.glob("*.json")}
    registry = _registry(schemas)
    validator = jsonschema.Draft7Validator(schemas["datapackage.json"], registry=registry)
    return int(any(True for _error in validator.iter_errors(json.loads(descriptor.read_bytes()))))


def _registry(schemas: dict[str, Any]) -> Any:
    base = "https://datapackage.org/profiles/2.0/"
    found = [(base + name, DRAFT7.create_resource(schema)) for name, schema in schemas.items()]
    return Registry().with_resources(found)


TOOLS: dict[str, Callable[[Path], int]] = {
    "bagit": lambda bag: ran(BIN / "bagit.py", "--validate", bag),
    "sha256sum": lambda bag: ran(
        "sha256sum", "-c", "--quiet", "manifest-sha256.txt", "tagmanifest-sha256.txt", cwd=bag
    ),
    "frictionless": lambda bag: ran(
        BIN / "frictionless", "validate", bag / "data" / "datapackage.json"
    ),
    "csvw": lambda bag: ran(BIN / "csvwvalidate", bag / "data" / "csv-metadata.json"),
    "script": lambda bag: int(checked(bag) == 1),
    "profile": lambda bag: profile(bag / "data" / "datapackage.json"),
}


def packed(project: Project, folder: Path, name: str = "pack", **given: Any) -> Path:
    """The pack of a project, unpacked."""
    file = folder / f"{name}.zip"
    call_command("audit_pack", project.slug, file, verbosity=0, stdout=io.StringIO(), **given)
    with zipfile.ZipFile(file) as pack:
        pack.extractall(folder / name)
    (bag,) = (folder / name).iterdir()
    return bag
