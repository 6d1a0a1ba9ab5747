"""Signatures: byte-equal with the vendor's signer, which is the oracle, and with the published vectors."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx
import pytest
from coc_incidents import AkSkAuth, Patience, TokenAuth, errors
from huaweicloudsdkcore.auth.credentials import BasicCredentials  # type: ignore[import-untyped]
from huaweicloudsdkcore.sdk_request import SdkRequest  # type: ignore[import-untyped]
from huaweicloudsdkcore.signer.signer import Signer  # type: ignore[import-untyped]

# The signing guide's own sample keys.
AK, SK = "QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"
PROJECT = "77b6a44cba5143ab91d13ab9a8ff44fd"
MOMENT = datetime(2019, 11, 15, 3, 36, 55, tzinfo=UTC)
SEED = 20251124
TEXT = "abzABZ019-_.~ !*'()[]@:$&+,;=%/?#\"<>é中文🚨"


def vendors(request_: httpx.Request, headers: dict[str, str]) -> str:
    """The vendor's `Authorization` for the same request, signed headers included."""
    path, _, query = request_.url.raw_path.decode().partition("?")
    request = SdkRequest(
        method=request_.method,
        schema="https",
        host=request_.url.host,
        resource_path=path,
        query_params=parse_qsl(query, keep_blank_values=True),
        header_params=dict(headers),
        body=request_.content,
    )
    Signer(BasicCredentials(AK, SK)).sign(request)
    found: str = request.header_params["Authorization"]
    return found


def signed(request: httpx.Request, auth: AkSkAuth) -> tuple[str, dict[str, str]]:
    """Our `Authorization`, and the headers that it says are signed."""
    next(auth.auth_flow(request))
    value = request.headers["Authorization"]
    names = re.search(r"SignedHeaders=([^,]+)", value)
    assert names is not None
    return value, {name: request.headers[name] for name in names.group(1).split(";")}


def generated(seed: random.Random) -> httpx.Request:
    """A request of any method, path, query, headers and body."""

    def text(longest: int) -> str:
        return "".join(seed.choice(TEXT) for _ in range(seed.randint(0, longest)))

    segments = [quote(text(8), safe="") for _ in range(seed.randint(0, 4))]
    path = "/" + "/".join(segments) + seed.choice(["", "/"])
    pairs = [(text(5) or "k", text(8)) for _ in range(seed.randint(0, 5))]
    pairs += [pairs[0]] if pairs and seed.random() < 0.3 else []
    body = text(200).encode() if seed.random() < 0.8 else b""
    headers = {"Content-Type": seed.choice(["application/json", "application/json;charset=UTF-8", "text/plain"])}
    if seed.random() < 0.2:
        headers = {}
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    url = f"https://coc.example.com{path}" + (f"?{query}" if query else "")
    method = seed.choice(["GET", "POST", "PUT", "PATCH", "DELETE"])
    return httpx.Request(method, url, headers=headers, content=body)


def test_a_thousand_requests_are_signed_as_the_vendor_signs_them() -> None:
    """Every generated request gets the very bytes that the vendor's signer gives it."""
    seed = random.Random(SEED)
    for number in range(1000):
        request = generated(seed)
        optional = {"security_token": "TOKEN", "project_id": PROJECT, "domain_id": "d1"}
        chosen: dict[str, Any] = {name: value for name, value in optional.items() if seed.random() < 0.4}
        moment = MOMENT + timedelta(seconds=seed.randint(0, 10**8))
        ours, headers = signed(request, AkSkAuth(AK, SK, clock=lambda at=moment: at, **chosen))  # type: ignore[misc]
        assert vendors(request, headers) == ours, f"seed {SEED}, request {number}: {request.method} {request.url}"


PUBLISHED = "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"


def test_the_published_vector() -> None:
    """The signing guide's own example: its signature to the last digit."""
    query = "limit=2&marker=13551d6b-755d-4757-b956-536f674975c0"
    url = f"https://service.region.example.com/v1/{PROJECT}/vpcs?{query}"
    request = httpx.Request("GET", url, headers={"Content-Type": "application/json"})
    ours, _ = signed(request, AkSkAuth(AK, SK, clock=lambda: MOMENT))
    assert f"SDK-HMAC-SHA256 Access={AK}, SignedHeaders=content-type;host;x-sdk-date, Signature={PUBLISHED}" == ours


@pytest.mark.parametrize(
    ("options", "signature"),
    [
        ({}, "cb5652cba4ed12af238957baf7a90ee642a919763e7008b8b6ce891b9a593c0b"),
        (
            {"project_id": PROJECT, "security_token": "EXAMPLETOKEN"},
            "34b71959752ded152ecbe1d5431928e96d6a63aeea312bd67bf94c2889048b72",
        ),
    ],
)
def test_vectors_of_this_operation(options: dict[str, str], signature: str) -> None:
    """The operation's own address with a body, with permanent and with temporary keys."""
    request = httpx.Request(
        "POST",
        "https://coc.myhuaweicloud.com/v2/incidents/list",
        headers={"Content-Type": "application/json"},
        content=b'{"page":1,"per_page":10}',
    )
    ours, _ = signed(request, AkSkAuth(AK, SK, clock=lambda: MOMENT, **options))
    assert signature == ours.rpartition("Signature=")[2]


def test_every_retry_is_signed_anew(call: Any) -> None:
    """A retry carries its own date and signature: an old one would leave the service's window of 15 minutes."""
    seconds = iter(range(100))
    seen: list[httpx.Request] = []

    def throttled(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(429, json={})

    auth = AkSkAuth(AK, SK, clock=lambda: MOMENT + timedelta(seconds=next(seconds)))
    with pytest.raises(errors.Throttled):
        call("list_incidents", handler=throttled, client={"auth": auth})
    dates = ["20191115T033655Z", "20191115T033656Z", "20191115T033657Z"]
    assert dates == [request.headers["X-Sdk-Date"] for request in seen]
    assert 3 == len({request.headers["Authorization"] for request in seen})


def test_a_token_is_sent_as_it_is(call: Any) -> None:
    """Token authentication adds one header, and nothing of a signature."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"error_code": "0", "data": {}})

    call("list_incidents", handler=answer, client={"auth": TokenAuth("a-token"), "patience": Patience(max_retries=0)})
    assert "a-token" == seen[0].headers["X-Auth-Token"]
    assert "Authorization" not in seen[0].headers


@pytest.mark.parametrize("bad", ["", " ak", "ak\n", "a\nb"])
def test_a_key_that_was_pasted_wrongly_is_refused(bad: str) -> None:
    """Blanks and line breaks around a key are found before they become a signature that does not match."""
    for make in (lambda: AkSkAuth(bad, "sk"), lambda: AkSkAuth("ak", bad), lambda: TokenAuth(bad)):
        with pytest.raises(errors.CredentialsMissing, match="is empty, or has blanks, line breaks"):
            make()
