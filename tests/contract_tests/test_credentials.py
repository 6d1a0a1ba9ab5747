"""Signatures agree with the published vector and with the vendor's own signer."""

from datetime import UTC, datetime

import pytest
from requests import PreparedRequest, Request

from contract_tests.contract import Contract
from contract_tests.credentials import AccessKey, Anonymous, CredentialsMissing, Headers, Token, from_environment

#: The documentation's sample key and clock (API Request Signing Guide).
ACCESS, SECRET = "QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"
AT = datetime(2019, 11, 15, 3, 36, 55, tzinfo=UTC)
HEADERS = Headers.of(Contract.load().document)


def signed(request: Request, headers: Headers = HEADERS, **options: str) -> PreparedRequest:
    """The request, signed with the sample key at the sample time."""
    return AccessKey(ACCESS, SECRET, headers, at=AT, **options)(request.prepare())


def signature(request: PreparedRequest) -> str:
    """The signature alone."""
    return request.headers["Authorization"].rpartition("Signature=")[2]


def test_the_published_vector() -> None:
    """The signing guide's example request gets the signature that the guide shows."""
    url = "https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs"
    query = "?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0"
    request = signed(Request("GET", url + query, headers={"Content-Type": "application/json"}))
    assert signature(request) == "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"
    assert "SignedHeaders=content-type;host;x-sdk-date," in request.headers["Authorization"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "cb5652cba4ed12af238957baf7a90ee642a919763e7008b8b6ce891b9a593c0b"),
        (
            {"project_id": "77b6a44cba5143ab91d13ab9a8ff44fd", "security_token": "EXAMPLETOKEN"},
            "34b71959752ded152ecbe1d5431928e96d6a63aeea312bd67bf94c2889048b72",
        ),
    ],
    ids=["key", "temporary key with a project"],
)
def test_a_query_is_signed_as_the_vendor_signs_it(options: dict[str, str], expected: str) -> None:
    """A query of the operation gets the signature that the vendor's signer computes."""
    request = Request(
        "POST",
        "https://coc.myhuaweicloud.com/v2/incidents/list",
        headers={"Content-Type": "application/json"},
        data=b'{"page":1,"per_page":10}',
    )
    assert signature(signed(request, **options)) == expected


RENAMED = {
    "AuthToken": {"type": "apiKey", "in": "header", "name": "X-Subject-Token"},
    "RequestSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "x-request-signing": {
            "date_header": "X-Coc-Date",
            "token_header": "X-Coc-Session",
            "project_header": "X-Coc-Project",
        },
    },
}


def test_the_headers_are_the_contracts() -> None:
    """Token and signature travel under the names that the contract gives; every one is signed, and none is shown."""
    headers = Headers.of({"components": {"securitySchemes": RENAMED}})
    request = Request("POST", "https://coc.example.com/v2/incidents/list", data=b"{}")
    assert "t" == Token("t", headers)(request.prepare()).headers["X-Subject-Token"]
    sent = signed(request, headers, project_id="p", security_token="s").headers
    assert ("20191115T033655Z", "s", "p") == tuple(sent[f"X-Coc-{name}"] for name in ("Date", "Session", "Project"))
    assert "SignedHeaders=host;x-coc-date;x-coc-project;x-coc-session," in sent["Authorization"]
    assert not [name for name in sent if name.startswith("X-Sdk")]
    assert {"x-subject-token", "x-coc-session", "x-coc-project"} == headers.secret


@pytest.mark.parametrize("kind", ["token", "aksk"])
def test_credentials_that_the_contract_does_not_take_are_refused(kind: str) -> None:
    """Without a security scheme for them, there is no header to send them in, and the sentence says so."""
    with pytest.raises(CredentialsMissing, match=f"no security scheme for --auth {kind}"):
        from_environment(kind, {"COC_AUTH_TOKEN": "t"}, Headers())


def test_credentials_come_from_the_environment() -> None:
    """Each kind reads the vendor's variables, and says which one is missing."""
    assert from_environment("none", {}, HEADERS) == Anonymous()
    assert from_environment("token", {"COC_AUTH_TOKEN": "t"}, HEADERS) == Token("t", HEADERS)
    key = {"HUAWEICLOUD_SDK_AK": "a", "HUAWEICLOUD_SDK_SK": "s", "HUAWEICLOUD_SDK_PROJECT_ID": "p"}
    assert from_environment("aksk", key, HEADERS) == AccessKey("a", "s", HEADERS, "p")
    with pytest.raises(CredentialsMissing, match="HUAWEICLOUD_SDK_SK is not set"):
        from_environment("aksk", {"HUAWEICLOUD_SDK_AK": "a"}, HEADERS)


@pytest.mark.parametrize("token", ["token-canary\nX-Admin: 1", "token-canary磁", "token-canary\x00"])
def test_what_no_header_can_carry_is_told_by_its_place(token: str) -> None:
    """A token of two lines is one sentence, which does not show it; the secret key travels in no header."""
    with pytest.raises(CredentialsMissing, match="at place 13") as refused:
        from_environment("token", {"COC_AUTH_TOKEN": token}, HEADERS)
    assert "canary" not in str(refused.value)
    key = {"HUAWEICLOUD_SDK_AK": "a", "HUAWEICLOUD_SDK_SK": "磁"}
    assert from_environment("aksk", key, HEADERS) == AccessKey("a", "磁", HEADERS)


def test_a_secret_is_not_in_a_repr() -> None:
    """Printing credentials prints no secret."""
    key = AccessKey("access-canary", "secret-canary", HEADERS, None, "session-canary")
    shown = repr([Token("token-canary", HEADERS), key])
    assert "canary" not in shown
