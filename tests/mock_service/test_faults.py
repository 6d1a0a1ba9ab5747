"""The mechanism of planted faults; the faults themselves are the gate's."""

from __future__ import annotations

import json

import pytest

from mock_service import app, faults
from mock_service.app import under_prefixes
from mock_service.contract import Mistake


def planted(tmp_path, text: str) -> faults.Fault:
    """The one fault of a file with this text."""
    (tmp_path / "family.py").write_text(text, "utf-8")
    [fault] = faults.catalogue(tmp_path).values()
    return fault


def test_each_fault_is_planted_and_told(make_client):
    """Every fault of the catalogue has a sentence, and can be planted."""
    catalogue = faults.catalogue().values()
    assert [fault.name for fault in catalogue if not fault.says.endswith(".")] == []
    assert all(make_client(fault=fault).app for fault in catalogue)


def test_a_fault_touches_its_own_service_only(tmp_path, make_client, mock):
    """Two applications share a store; the fault of one is not the other's."""
    fault = planted(tmp_path, "def ten(service):\n    'Ten.'\n    service.total = lambda where: 10\n")
    assert make_client(fault=fault)().json["data"]["total"] == 10
    assert mock().json["data"]["total"] == 2000


def test_a_fault_of_pages_sees_tickets_as_dicts(tmp_path, make_client):
    """A fault may look into the tickets of a page, and change them."""
    text = "def loud(service):\n    'Loud.'\n    service.page = lambda items, body: [{'n': len(items)}]\n"
    assert make_client(fault=planted(tmp_path, text))().tickets == [{"n": 10}]


def test_the_wire_can_be_faulty_too(tmp_path, make_client):
    """A fault may send less than it announced."""
    fault = planted(
        tmp_path,
        "def half(service):\n    'Half.'\n    def answer(found):\n        found.cut = 5\n        return found\n"
        "    service.answer = answer\n",
    )
    reply = make_client(fault=fault)()
    assert len(reply.content) == 5
    assert int(reply.headers["content-length"]) > 5


def test_every_fault_has_its_own_address(tmp_path, make_client, client_type):
    """One process serves each fault under its own path prefix."""
    fault = planted(tmp_path, "def ten(service):\n    'Ten.'\n    service.total = lambda where: 10\n")
    served = under_prefixes(make_client().app, {"/faults/ten": make_client(fault=fault).app})
    client = client_type(served)
    assert json.loads(client.send(path="/faults/ten/v2/incidents/list").content)["data"]["total"] == 10
    assert client().json["data"]["total"] == 2000
    assert client.send(path="/faults/other/v2/incidents/list").status == 404


def test_an_unknown_fault_names_the_nearest():
    """A misspelt name is answered with the one that is near."""
    with pytest.raises(Mistake, match="did you mean 'page-starts-at-zero'"):
        faults.named("page-start-at-zero")


@pytest.mark.parametrize(
    ("text", "says"),
    [("def x(service:\n", "do not load: SyntaxError"), ("import nothing_like_it\n# (service)", "do not load")],
)
def test_a_broken_catalogue_is_told(tmp_path, text, says):
    """A file of faults that does not load is named."""
    (tmp_path / "broken.py").write_text(f"# (service)\n{text}", "utf-8")
    with pytest.raises(Mistake, match=says):
        faults.catalogue(tmp_path)


def test_two_faults_of_one_name_are_refused(tmp_path):
    """Names are unique over all files."""
    for file in ("a", "b"):
        (tmp_path / f"{file}.py").write_text("def same(service):\n    'Same.'\n", "utf-8")
    with pytest.raises(Mistake, match="two faults are named 'same'"):
        faults.catalogue(tmp_path)


BODIES = [
    {},
    {"page": 2, "per_page": 3, "ticket_types": ["incident"], "contain_total": True},
    {"fields": ["operator"], "contain_all": True},
    {"string_filters": [{"field": "operator", "operator": "=", "values": ["x"]}]},
    {"string_filters": [{"field": "operator", "operator": "!=", "values": ["x"], "name": "a"}], "condition": "a"},
    {"sort_filter": {"field": "start_time", "operator": "desc", "values": ["start_time"]}, "condition": "a"},
    {"count_filters": [{"filters": [{"field": "operator", "operator": "like", "values": ["x"]}]}], "page": 0},
]


@pytest.mark.parametrize("number", [0, 1])
def test_no_fault_is_an_accident(spec, make_client, capfd, monkeypatch, number):
    """No fault breaks down, not even in an operation that lacks what it is about: it is wrong as its sentence says."""

    async def no_pause(*_):
        pass

    monkeypatch.setattr(app, "pause", no_pause)
    path = spec.operations[number].path.replace("{incident_id}", "IM1")
    broken = set()
    for fault in faults.catalogue().values():
        client = make_client(fault=fault)
        for body in BODIES:
            client.send(json.dumps(body).encode(), path=path)
        if "this should not happen" in capfd.readouterr().err:
            broken.add(fault.name)
    assert broken == set()
