"""What was published: every file with its size, hash and purpose, and the versions it was made with."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from generator.publishing.documents import CONTRACT, Json, write_json, write_text

PURPOSES = (
    ("openapi/openapi-3.1.", "the contract, bundled"),
    ("openapi/openapi-3.0.", "the contract as OpenAPI 3.0"),
    ("openapi/openapi-3.0-wire.", "the contract as OpenAPI 3.0 without unions, for generators that break on them"),
    ("openapi/conversion.md", "what the 3.0 forms say otherwise than the contract"),
    ("schemas/", "one model as JSON Schema 2020-12"),
    ("README.md", "which language takes which file, and what was seen of it"),
    ("reference.html", "the reference page, one file that needs no network"),
    ("examples/", "a request of the page, or the same as a curl command"),
    ("collections/postman", "requests to try, for Postman"),
    ("collections/bruno/", "requests to try, for Bruno"),
    ("signing/", "test vectors for request signing"),
    ("python/", "the Python client"),
    ("clients/", "a client of another language, as its generator wrote it, and the program that proves it"),
)
MANIFEST, SUMS, SOURCE = "manifest.json", "SHA256SUMS", "spec/openapi.yaml"
MADE_WITH = ("hatchling", "jinja2", "openapi-python-client", "pyyaml")


def write_manifest(folder: Path, contract: Json, versions: dict[str, str]) -> None:
    """Write manifest.json and SHA256SUMS over all files below `folder`, in the order of their paths."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = [_entry(folder, path) for path in paths]
    manifest = {
        "title": contract["info"]["title"],
        "versions": {"contract": contract["info"]["version"], **versions},
        "source": {"path": SOURCE, "sha256": _sha256(CONTRACT)},
        "made_with": {name: version(name) for name in MADE_WITH},
        "files": files,
    }
    write_json(folder / MANIFEST, manifest)
    sums = {entry["path"]: entry["sha256"] for entry in files} | {MANIFEST: _sha256(folder / MANIFEST)}
    write_text(folder / SUMS, "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items())))


def is_publication(folder: Path) -> bool:
    """Whether a folder is one of ours: many things have a `manifest.json`, and what is no publication is never lost."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return (folder / SUMS).is_file() and bool(manifest["source"]["path"] == SOURCE)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _entry(folder: Path, path: Path) -> Json:
    name = path.relative_to(folder).as_posix()
    purpose = next(purpose for prefix, purpose in PURPOSES if name.startswith(prefix))
    return {"path": name, "bytes": path.stat().st_size, "sha256": _sha256(path), "purpose": purpose}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
