"""The command `publish`: what it writes, that it writes the same twice, and what it refuses."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from generator import publish as release
from generator.__main__ import main
from generator.problems import Refused
from generator.publish import check_tag, staged
from generator.publishing import reference, samples
from generator.publishing.collection import bruno, postman
from generator.publishing.documents import load_contract, operations
from generator.publishing.packages import source_date_epoch
from generator.publishing.vectors import signing_vectors

ROOT = Path(__file__).parents[2]
CONTRACT = load_contract()
LEDGER = yaml.safe_load((ROOT / "spec/source/deviations.yaml").read_text("utf-8"))["deviations"]


def publish(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    command = [sys.executable, "-m", "generator", "publish", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A publication, written once for all tests here."""
    folder = tmp_path_factory.mktemp("publish") / "published"
    done = publish("--output", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    yield folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_that_is_promised_is_there(published: Path) -> None:
    """The publication has every kind of file that the documentation names."""
    names = set(contents(published))
    forms = {f"openapi/openapi-{form}.{kind}" for form in ("3.1", "3.0", "3.0-wire") for kind in ("yaml", "json")}
    models = {f"schemas/{name}.json" for name in CONTRACT["components"]["schemas"]}
    singles = {"openapi/conversion.md", "reference.html", "collections/postman.json", "collections/bruno/bruno.json"}
    singles |= {"signing/vectors.json", "manifest.json", "SHA256SUMS", "README.md", "examples/ListIncidents-page.json"}
    assert forms | models | singles <= names
    assert {Path(name).suffix for name in names if name.startswith("python/")} == {".whl", ".gz"}


def test_twice_gives_the_same_bytes(published: Path, tmp_path: Path) -> None:
    """A second publication of the same tree, over an older one and elsewhere, is the same to the byte."""
    shutil.copytree(published, tmp_path / "again")
    (tmp_path / "again/stale.txt").write_text("from before", "utf-8")
    assert publish("--output", str(tmp_path / "again")).returncode == 0
    assert contents(tmp_path / "again") == contents(published)


def test_the_manifest_names_every_file_with_its_hash(published: Path) -> None:
    """Manifest and checksums agree with each other, with the files, and leave none out."""
    files = contents(published)
    manifest = json.loads(files.pop("manifest.json"))
    sums = files.pop("SHA256SUMS").decode()
    found = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    assert {entry["path"]: entry["sha256"] for entry in manifest["files"]} == found
    listed = dict(reversed(line.split("  ", 1)) for line in sums.splitlines())
    assert listed.pop("manifest.json") == hashlib.sha256((published / "manifest.json").read_bytes()).hexdigest()
    assert listed == found
    assert manifest["versions"]["contract"] == CONTRACT["info"]["version"] == manifest["versions"]["client"]
    assert manifest["source"]["sha256"] == hashlib.sha256((ROOT / "spec/openapi.yaml").read_bytes()).hexdigest()


def test_the_wheel_is_stamped_with_the_source_date(published: Path) -> None:
    """The archive's files carry the day of the page, not the time of the build."""
    wheel = next((published / "python").glob("*.whl"))
    dates = {item.date_time[:3] for item in zipfile.ZipFile(wheel).infolist()}
    assert dates == {(2025, 10, 24)}


def test_a_bad_source_date_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_DATE_EPOCH is whole seconds, or the command says what it would have to be."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(Refused, match="set it to whole seconds"):
        source_date_epoch(CONTRACT)


def test_a_folder_of_others_is_left_alone(tmp_path: Path) -> None:
    """Publishing into a folder that holds other things refuses, and loses nothing."""
    (tmp_path / "thesis.txt").write_text("years of work", "utf-8")
    done = publish("--output", str(tmp_path))
    assert done.returncode == 2
    assert "holds other things than a publication" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert publish("--output", str(tmp_path / "thesis.txt")).returncode == 2
    assert (tmp_path / "thesis.txt").read_text("utf-8") == "years of work"


@pytest.mark.parametrize(
    "manifest",
    ['{"manifest_version": 3, "name": "A browser extension"}', '{"source": {"path": "src/index.js"}}', "[]", "no JSON"],
)
def test_a_manifest_of_something_else_is_left_alone(manifest: str, tmp_path: Path) -> None:
    """Many things have a manifest.json: only one that names our contract, beside its checksums, makes a publication."""
    (tmp_path / "manifest.json").write_text(manifest, "utf-8")
    (tmp_path / "SHA256SUMS").write_text("", "utf-8")
    (tmp_path / "background.js").write_text("work", "utf-8")
    before = contents(tmp_path)
    with pytest.raises(Refused, match="holds other things than a publication"), staged(tmp_path):
        pass
    assert before == contents(tmp_path)


def test_a_failed_publication_leaves_the_old_one(published: Path, tmp_path: Path) -> None:
    """Until all is written, the publication from before stays as it is, and nothing stays beside it."""
    shutil.copytree(published, tmp_path / "out")
    before = contents(tmp_path)
    with pytest.raises(ZeroDivisionError), staged(tmp_path / "out") as folder:
        (folder / "manifest.json").write_text("new", "utf-8")
        raise ZeroDivisionError
    assert before == contents(tmp_path)


def test_a_link_to_a_publication_stays_a_link(published: Path, tmp_path: Path) -> None:
    """Where the output is a link, the folder that it leads to is written anew."""
    shutil.copytree(published, tmp_path / "out")
    (tmp_path / "link").symlink_to("out")
    with staged(tmp_path / "link") as folder:
        (folder / "new").write_text("new", "utf-8")
    assert (tmp_path / "link").is_symlink()
    assert {"new": b"new"} == contents(tmp_path / "out")


def test_a_stale_client_is_not_published(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A contract that changed without `make generate` publishes nothing: the wheel would be another contract's."""
    monkeypatch.setattr(release, "is_stamped", lambda *_: False)
    assert 1 == main(["publish"])
    assert "generated_client: the client is not what the contract generates; run `python -m" in capsys.readouterr().err


def test_a_tag_that_does_not_fit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release tag must be the version of contract, client, toolkit and changelog; each misfit is named."""
    for folder in (tmp_path, tmp_path / "client"):
        folder.mkdir(exist_ok=True)
        (folder / "pyproject.toml").write_text("[project]\nversion = '1.2.3'\n", "utf-8")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 1.2.3\n", "utf-8")
    monkeypatch.setattr(release, "ROOT", tmp_path)
    monkeypatch.setattr(release, "CLIENT", tmp_path / "client")
    contract = {"info": {"version": "1.2.3"}}
    check_tag("v1.2.3", contract)
    with pytest.raises(Refused) as refusal:
        check_tag("v1.2.30", contract)
    assert {str(problem.file) for problem in refusal.value.problems} == {
        "spec/openapi.yaml",
        "client/pyproject.toml",
        "pyproject.toml",
        "CHANGELOG.md",
    }


@pytest.mark.parametrize("vector", signing_vectors(CONTRACT)["vectors"], ids=lambda vector: vector["name"])
def test_the_vendor_signs_like_the_vectors(vector: dict[str, dict[str, str]]) -> None:
    """The vendor's own signer takes the same steps to the same signature."""
    request, keys = vector["request"], vector["keys"]
    url = urlsplit(request["url"])
    names = {"content-type": "Content-Type", "x-sdk-date": "X-Sdk-Date"}
    headers = {
        names.get(name, name): value for name, value in request["headers"].items() if name != "x-sdk-content-sha256"
    }
    query = parse_qsl(url.query, keep_blank_values=True)
    sent = SdkRequest(request["method"], url.scheme, url.netloc, url.path, "", query, headers, request["body"])
    signer = Signer(BasicCredentials(keys["access_key"], keys["secret_key"], "project"))
    assert signer.sign(sent).header_params["Authorization"] == vector["authorization"]
    signed = signer._process_signed_headers(sent)
    assert (
        signer._process_canonical_request(sent, [name for name in signed if name != "authorization"])
        == (vector["canonical_request"])
    )


class Page(HTMLParser):
    """The ids, links and loaded addresses of an HTML page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and tag == "a":
                self.links.append(value or "")
            if name in ("src", "srcset", "data", "poster", "action") or (name == "href" and tag != "a"):
                self.loads.append(value or "")


def test_the_reference_page_has_no_broken_link_and_loads_nothing(published: Path) -> None:
    """Every link inside the page leads to one place of it; nothing is loaded from anywhere."""
    text = (published / "reference.html").read_text("utf-8")
    page = Page(text)
    assert sorted(set(page.ids)) == sorted(page.ids)
    assert {link for link in page.links if link.startswith("#") and link[1:] not in page.ids} == set()
    assert {link for link in page.links if not link.startswith("#")} == {CONTRACT["info"]["contact"]["url"]}
    assert set(page.loads) == {"data:,"}
    assert "default-src 'none'" in text
    assert re.search(r"url\(|@import", text) is None


def test_the_reference_page_shows_every_member_and_deviation(published: Path) -> None:
    """Each model, member, answer, assumption of the operation and deviation has its place on the page."""
    page = Page((published / "reference.html").read_text("utf-8"))
    expected = {f"deviation-{entry['id']}" for entry in LEDGER}
    for name, schema in CONTRACT["components"]["schemas"].items():
        expected |= {name} | {f"{name}.{member}" for member in schema["properties"]}
    operation = CONTRACT["paths"]["/v2/incidents/list"]["post"]
    expected |= {f"ListIncidents-{status}" for status in operation["responses"]}
    expected |= {f"assumption-ListIncidents-{entry['id']}" for entry in operation["x-assumption"]}
    assert expected - set(page.ids) == set()


def test_obligations_and_deviations_stand_beside_their_member() -> None:
    """A member shows its bounds with their levels, and the departures from the page that concern it."""
    members = {member.name: member for member in reference.members(CONTRACT, "ListIncidentsRequestBody", LEDGER)}
    bounds = [(found.says, found.level) for found in members["page"].obligations]
    assert bounds == [
        ("at least 1", "documented"),
        ("at most 1,000,000", "documented"),
        ("1 when absent", "documented"),
    ]
    condition = {found.says: found.level for found in members["condition"].obligations}
    assert condition == {"at least 1 character": "assumed", "at most 10,000 characters": "documented"}
    assert "string-filters-unit" in [entry["id"] for entry in members["string_filters"].deviations]


def test_every_deviation_stands_beside_what_it_concerns() -> None:
    """No departure from the page is in the list alone: a member, a model or the operation shows it."""
    links = Page(reference.reference_page(CONTRACT)).links
    assert [entry["id"] for entry in LEDGER if f"#deviation-{entry['id']}" not in links] == []


def test_a_place_in_an_example_is_beside_the_member_there() -> None:
    """A deviation at a pointer into an example concerns the member that the pointer leads to."""
    entry = {"at": [{"example": "request", "at": "/string_filters/1/field"}]}
    found = reference.located(CONTRACT, [entry])[0]["at"]
    assert found[1:] == [{"table": 3, "row": "field", "schema": "ObjectFilterV2"}]


def test_a_row_that_two_models_share_shows_a_deviation_where_it_belongs() -> None:
    """A deviation that names a model stands beside that model's member only."""
    entry = {"at": [{"table": 3, "row": "operator", "schema": "SortFilterV2"}]}
    place = {"table": 3, "row": "operator"}
    assert reference.departs(entry, "SortFilterV2", place)
    assert not reference.departs(entry, "ObjectFilterV2", place)


def test_what_the_contract_says_cannot_become_markup() -> None:
    """Text of the contract is shown, never run."""
    assert reference.prose("<b> `<i>`") == "&lt;b&gt; <code>&lt;i&gt;</code>"


def test_the_collections_hold_the_page_example_and_a_paged_query() -> None:
    """Both collections send the page's request and a second page, with the token from a variable."""
    items = postman(CONTRACT)["item"]
    bodies = [json.loads(item["request"]["body"]["raw"]) for item in items]
    example = json.loads((ROOT / "spec/source/examples/request.json").read_text("utf-8"))
    assert bodies[:2] == [example, {"page": 2, "per_page": 10, "contain_total": True}]
    url = items[-1]["request"]["url"]
    [parameter] = CONTRACT["paths"]["/v2/incidents/{incident_id}/histories"]["post"]["parameters"]
    assert url["raw"].endswith("/v2/incidents/:incident_id/histories")
    assert [{"key": "incident_id", "value": parameter["example"]}] == url["variable"]
    assert f"/v2/incidents/{parameter['example']}/histories" in samples.curl(CONTRACT, operations(CONTRACT)[1])
    assert "params:path {\n  incident_id: IM2025" in bruno(CONTRACT)["ListIncidentsHistories-solved.bru"]
    assert {"key": "X-Auth-Token", "value": "{{token}}"} in items[0]["request"]["header"]
    files = bruno(CONTRACT)
    requests = [text for name, text in files.items() if name.startswith("ListIncidents")]
    assert len(requests) == len(items)
    assert all("X-Auth-Token: {{token}}" in text for text in requests)


GET: dict[str, Any] = {
    "operationId": "ShowSummary",
    "summary": "Show a summary",
    "parameters": [
        {"name": "incident_id", "in": "path", "required": True, "schema": {}, "example": "a/b c"},
        {"name": "lang", "in": "query", "required": True, "schema": {"enum": ["zh & en", "$HOME"]}},
        {"name": "page", "in": "query", "schema": {"type": "integer"}, "example": 3},
        {"name": "X-Site", "in": "header", "required": True, "schema": {}, "example": "it's"},
    ],
    "responses": {"200": {"description": "d"}},
}


def test_a_request_without_body_is_shown_as_it_is_sent() -> None:
    """A GET has no body and no media type, has what it requires, and its values are quoted for address and shell."""
    contract = copy.deepcopy(CONTRACT)
    contract["paths"] = {"/v2/incidents/{incident_id}/summary": {"get": GET}}
    [operation] = operations(contract)
    command = samples.curl(contract, operation)
    shell = f"curl() {{ printf '%s\\n' \"$@\"; }}; COC_AUTH_TOKEN=t COC_ENDPOINT=http://x; {command}"
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True)
    url = "http://x/v2/incidents/a%2Fb%20c/summary?lang=zh%20%26%20en"
    assert ["--fail-with-body", "-X", "GET", url, "-H", "X-Auth-Token: t", "-H", "X-Site: it's"] == (
        done.stdout.splitlines()
    )
    [request] = [item["request"] for item in postman(contract)["item"]]
    assert "body" not in request
    assert [{"key": "incident_id", "value": "a%2Fb%20c"}] == request["url"]["variable"]
    assert [{"key": "lang", "value": "zh & en"}] == request["url"]["query"]
    assert ["X-Site", "X-Auth-Token"] == [header["key"] for header in request["header"]]
    text = bruno(contract)["ShowSummary.bru"]
    assert "body: none" in text
    assert "body:json" not in text
    assert "?lang=zh%20%26%20en\n" in text


def test_a_sister_operation_needs_no_code() -> None:
    """An operation with parameters, an inline answer and no body is on the page, and in the collections."""
    contract = copy.deepcopy(CONTRACT)
    path, item = next(iter(contract["paths"].items()))
    parameter = {"name": "incident_id", "in": "path", "required": True, "description": "Whose histories.", "schema": {}}
    parameter["schema"] = {"type": "string", "maxLength": 64}
    sister = {**item["post"], "operationId": "ListHistories", "parameters": [parameter]}
    answer = {
        "description": "d",
        "content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}},
    }
    contract["paths"]["/v2/incidents/{incident_id}/histories"] = {"post": sister}
    contract["paths"][path + "/names"] = {
        "get": {"operationId": "ListNames", "summary": "s", "responses": {"200": answer}}
    }
    page = Page(reference.reference_page(contract))
    assert {"ListHistories.incident_id", "ListNames", "ListNames-200"} <= set(page.ids)
    assert sorted(set(page.ids)) == sorted(page.ids)
    assert {link for link in page.links if link.startswith("#") and link[1:] not in page.ids} == set()
    member = reference.parameters(contract, operations(contract)[1], [])[0]
    assert [found.says for found in member.obligations] == ["must be present", "at most 64 characters"]
    urls = {item["request"]["url"]["raw"] for item in postman(contract)["item"]}
    assert "{{baseUrl}}/v2/incidents/:incident_id/histories" in urls
