"""Credentials travel in the headers that a contract names: in its client, its logs, and its vectors for signers."""

from __future__ import annotations

import copy
import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

import httpx
import pytest

from generator.publishing.vectors import signing_vectors
from tests.generator.conftest import CONTRACT, Edit

RENAMED = {
    "X-Sdk-Date": "X-Coc-Moment",
    "X-Security-Token": "X-Coc-Session",
    "X-Project-Id": "X-Coc-Project",
    "X-Domain-Id": "X-Coc-Domain",
}
FOREIGN = """
openapi: 3.1.0
info: {{title: Locked, version: 1.0.0}}
servers: [{{url: https://locked.example}}]
security: {requirement}
paths:
  /doors: {{get: {{operationId: listDoors, responses: {{'204': {{description: fine}}}}}}}}
components:
  securitySchemes: {schemes}
"""


def with_other_headers(document: dict[str, Any]) -> None:
    """Every header that carries credentials is called otherwise."""
    schemes = document["components"]["securitySchemes"]
    schemes["AuthToken"]["name"] = "X-Coc-Subject"
    signing = schemes["RequestSignature"]["x-request-signing"]
    signing.update({member: RENAMED.get(name, name) for member, name in signing.items() if member.endswith("_header")})


def sent_with(package: ModuleType, auth: Any, call: str) -> httpx.Headers:
    """The headers of a request with these credentials."""
    seen: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(204 if call == "list_doors" else 200, json={"data": {"data": [], "total": 0}})

    transport = httpx.MockTransport(answer)
    with package.Client("https://service.example", auth, transport=transport) as client:
        getattr(client, call)()
    return seen[0]


def test_credentials_travel_in_the_headers_that_the_contract_names(client_of: Callable[[Edit], ModuleType]) -> None:
    """Token, date, session, project and domain are sent under the contract's names, signed, and kept out of logs."""
    package = client_of(with_other_headers)
    secrecy = importlib.import_module(f"{package.__name__}.runtime.secrecy")
    token = sent_with(package, package.TokenAuth("secret"), "list_incidents")
    assert token["X-Coc-Subject"] == "secret" and "X-Auth-Token" not in token
    assert secrecy.is_secret("x-coc-subject") and secrecy.is_secret("X-Coc-Session")
    keys = package.AkSkAuth("ak", "sk", security_token="t", project_id="p", domain_id="d")
    signed = sent_with(package, keys, "list_incidents")
    assert [signed[f"X-Coc-{what}"] for what in ("Session", "Project", "Domain")] == ["t", "p", "d"]
    names = signed["Authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    assert {name.lower() for name in RENAMED.values()} < set(names)
    assert not {name.lower() for name in RENAMED} & set(signed)


def test_vectors_are_signed_with_the_headers_that_the_contract_names() -> None:
    """The published vectors have the contract's names, as the client has."""
    contract = copy.deepcopy(CONTRACT)
    with_other_headers(contract)
    vectors = {vector["name"]: vector["request"]["headers"] for vector in signing_vectors(contract)["vectors"]}
    assert vectors["temporary keys"]["x-coc-session"] == "EXAMPLETOKEN"
    assert all("x-coc-moment" in headers and "x-sdk-date" not in headers for headers in vectors.values())


@pytest.mark.parametrize(
    ("scheme", "header", "value"),
    [
        ("{type: apiKey, in: header, name: X-Key}", "X-Key", "secret"),
        ("{type: http, scheme: Bearer}", "Authorization", "Bearer secret"),
        ("{type: oauth2, flows: {}}", "Authorization", "Bearer secret"),
        ("{type: openIdConnect, openIdConnectUrl: https://locked.example}", "Authorization", "Bearer secret"),
    ],
)
def test_a_token_is_sent_as_the_scheme_has_it(
    client_of_document: Callable[[str], ModuleType], scheme: str, header: str, value: str
) -> None:
    """`TokenAuth` sends keys in headers and bearer tokens as the document of others declares them."""
    package = client_of_document(FOREIGN.format(requirement="[{Lock: []}]", schemes=f"{{Lock: {scheme}}}"))
    assert sent_with(package, package.TokenAuth("secret"), "list_doors")[header] == value
    assert "does not send" not in str(package.Client.__doc__)


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        ("{type: apiKey, in: query, name: key}", "`Lock` (a key in the query key)"),
        ("{type: apiKey, in: cookie, name: session}", "`Lock` (a key in the cookie session)"),
        ("{type: http, scheme: basic}", "`Lock` (HTTP basic)"),
        ("{type: mutualTLS}", "`Lock` (mutualTLS)"),
    ],
)
def test_ways_to_authenticate_that_are_left_to_the_caller_are_named(
    client_of_document: Callable[[str], ModuleType], scheme: str, words: str
) -> None:
    """A client says which of its document's credentials it does not send by itself, and what would."""
    package = client_of_document(FOREIGN.format(requirement="[{Lock: []}]", schemes=f"{{Lock: {scheme}}}"))
    assert f"Of itself it does not send {words}" in " ".join(str(package.Client.__doc__).split())


def test_schemes_that_no_operation_asks_for_say_nothing(client_of_document: Callable[[str], ModuleType]) -> None:
    """What is declared and never asked for does not decide how a token is sent."""
    lock, basic = "Lock: {type: http, scheme: bearer}", "Basic: {type: http, scheme: basic}"
    schemes = f"{{Old: {{type: apiKey, in: header, name: X-Old}}, {basic}, {lock}}}"
    package = client_of_document(FOREIGN.format(requirement="[{Lock: []}]", schemes=schemes))
    assert "x-old" not in sent_with(package, package.TokenAuth("secret"), "list_doors")
    assert "does not send" not in str(package.Client.__doc__)
