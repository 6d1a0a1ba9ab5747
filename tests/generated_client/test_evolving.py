"""A property or bound that is added to the contract comes into models, `F`, docs and command line by itself."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CONTRACT: dict[str, Any] = yaml.safe_load((ROOT / "spec" / "openapi.yaml").read_text(encoding="utf-8"))
SITE = {
    "type": "string",
    "maxLength": 7,
    "description": "The data centre.",
    "x-source": {"public": "an edit"},
    "examples": ["ams-1"],
}
CLOSE_TIME = {**CONTRACT["components"]["schemas"]["IncidentDataInfo"]["properties"]["create_time"]}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of a contract with two more properties of an item, and one tighter bound of the request."""
    document = copy.deepcopy(CONTRACT)
    schemas = document["components"]["schemas"]
    schemas["IncidentDataInfo"]["properties"] |= {"site": SITE, "close_time": CLOSE_TIME}
    schemas["ListIncidentsRequestBody"]["properties"]["per_page"]["maximum"] = 150
    document["paths"]["/v2/incidents/list"]["post"]["x-query"]["columns"].append("site")
    folder = tmp_path_factory.mktemp("evolving")
    path = folder / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    # By name: whoever checks the types of these tests has the client, and not always the generator.
    load: Any = import_module("generator.document").load
    import_module("generator.rendering").render(load(path, strict=False), folder / "client", "evolved")
    return folder / "client"


def ran(package: Path, code: str) -> str:
    """What a program prints that runs with the new client."""
    done = subprocess.run([sys.executable, "-c", code], cwd=package, capture_output=True, text=True, check=False)
    assert "" == done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("part", "code", "expected"),
    [
        (
            "models",
            "import msgspec\nfrom evolved import IncidentDataInfo as T\n"
            'found = msgspec.json.decode(b\'{"site": "ams-1", "close_time": "5"}\', type=T)\n'
            "print(found.site, found.close_time, found.closed_at.isoformat())",
            "ams-1 5 1970-01-01T00:00:00.005000+00:00",
        ),
        (
            "F",
            "from evolved import F\nprint(F.site.contains('ams'), F.close_time.desc(), F.close_time.is_time)",
            "Filter(field='site', operator='like', values=('ams',), is_integer=False)"
            " Sort(field='close_time', direction='desc') True",
        ),
        (
            "a bound",
            "from evolved import Client, ListIncidentsRequestBody, errors\n"
            "try:\n    Client().list_incidents(ListIncidentsRequestBody(per_page=151))\n"
            "except errors.InvalidRequest as error:\n    print(error)",
            "per_page is 151; it must be an integer from 1 to 150",
        ),
        (
            "the largest page",
            "from evolved.operations import LIST_INCIDENTS as o\nprint(o.pagination.largest_size)",
            "150",
        ),
        (
            "columns of the command line",
            "from evolved.cli import LISTINGS\nfound = LISTINGS['incidents']\n"
            "print(found.columns[-1], found.members[-2:], 'close_time' in found.times)",
            "site ('site', 'close_time') True",
        ),
    ],
)
def test_the_client_follows_the_contract(package: Path, part: str, code: str, expected: str) -> None:
    """What the edited contract says is what the generated client does."""
    assert expected == ran(package, code)


def test_the_documentation_follows_the_contract(package: Path) -> None:
    """Docstrings of model and `F`, and the help of the command line, have the new property with range and source."""
    said = '"""The data centre. Range: 0 to 7 characters. Source: an edit."""'
    for name in ("models/incident_data_info.py", "fields.py"):
        assert said in (package / "evolved" / name).read_text(encoding="utf-8")
    assert "Range: 1 to 150." in (package / "evolved" / "models" / "list_incidents_request_body.py").read_text("utf-8")
    shown = subprocess.run(
        [sys.executable, "-m", "evolved.cli", "list", "--help"], cwd=package, capture_output=True, text=True, check=True
    ).stdout
    assert "site, close_time" in " ".join(shown.split())
