"""Signatures and tokens. The signer is the vendor's own: the verifier must agree with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from mock_service import authentication
from mock_service.authentication import Account, Guard, KeyLock, accounts_of, sign
from mock_service.contract import Mistake
from mock_service.messages import Request

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HOST = "coc.example.com"
ACCOUNTS = [
    Account(name="owner", access_key="AK1", secret_key="secret-1", token="token-1"),
    Account(
        name="guest", access_key="AK2", secret_key="secret-2", security_token="sts-é", expires=NOW + timedelta(hours=1)
    ),
    Account(name="gone", access_key="AK3", secret_key="s3", security_token="sts3", token="token-3", expires=NOW),
    Account(name="reader", access_key="AK4", secret_key="s4", permissions=["coc:other:list"], token="token-4"),
    Account(name="project", access_key="AK5", secret_key="s5", project_id="p1", token="token-5"),
]
SECRETS = {account.access_key: account.secret_key for account in ACCOUNTS}


@pytest.fixture(scope="module")
def client(make_client, spec):
    """The mock with these accounts and a clock that stands still."""
    return make_client(guard=Guard(spec, ACCOUNTS, lambda: NOW))


def signed(
    body=b'{"page":1}', *, access="AK1", at=NOW, query=(), path="/v2/incidents/list", method="POST", **more
) -> dict[str, str]:
    """Headers that the vendor's signer makes for a request."""
    headers = {"Content-Type": "application/json", "Host": HOST, "X-Sdk-Date": at.strftime("%Y%m%dT%H%M%SZ"), **more}
    request = SdkRequest(method, "https", HOST, path, path, list(query), headers, body.decode(), None, None)
    Signer(SimpleNamespace(ak=access, sk=SECRETS.get(access, "unknown"))).sign(request)
    return request.header_params


def refused(reply, status: int, code: str, says: str) -> None:
    """The gateway's body, with its code and its words."""
    assert (reply.status, reply.json["error_code"]) == (status, code), reply.content
    assert says in reply.json["error_msg"]
    assert reply.json["request_id"] == reply.headers["x-request-id"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"access": "AK2", "X-Security-Token": "sts-é"},
        {"access": "AK5", "X-Project-Id": "p1"},
        {"X-Project-Id": "any"},
        {"User-Agent": "  spaces  within  "},
        {"at": NOW - timedelta(minutes=15)},
        {"at": NOW + timedelta(minutes=15)},
        {"body": b""},
        {"body": '{"condition":"告警"}'.encode()},
    ],
)
def test_the_vendors_signature_is_accepted(client, headers):
    """What the vendor's signer signs is verified: permanent and temporary keys, up to 15 minutes from now."""
    body = headers.get("body", b'{"page":1}')
    reply = client.send(body, **signed(**headers))
    assert reply.status == (400 if b"condition" in body else 200), reply.content


def test_the_query_is_signed(client):
    """The query string is part of the signature, in any order."""
    headers = signed(query=[("b", "2 ~"), ("a", "é"), ("a", "")])
    assert client.send(b'{"page":1}', query=b"b=2%20~&a=%C3%A9&a=", **headers).status == 200
    refused(client.send(b'{"page":1}', query=b"b=2", **headers), 401, "APIGW.0301", "verify aksk signature fail")
    headers = signed(query=[("a", "\ufffd")])  # what bytes that are no UTF-8 are often read as
    assert client.send(b'{"page":1}', query=b"a=%EF%BF%BD", **headers).status == 200
    refused(client.send(b'{"page":1}', query=b"a=%FF", **headers), 401, "APIGW.0301", "verify aksk signature fail")


@pytest.mark.parametrize("text", ["+/=&?:@", "a b", "*'()!~", "é漢🔥", "%2F", "1;2"])
def test_reserved_characters_are_signed_as_they_are_meant(client, text):
    """Whatever a parameter holds, the vendor's signer and this service write it the same way, in the path's query."""
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in [(text, "1"), ("a", text)])
    headers = signed(query=[(text, "1"), ("a", text)])
    assert client.send(b'{"page":1}', query=query.encode(), **headers).status == 200


@pytest.mark.parametrize(
    "what", ["body", "header", "date", "signature", "path", "method", "secret", "unsigned date", "missing header"]
)
def test_tampering_is_noticed(client, what):
    """A request that differs from the signed one in anything is refused."""
    headers, body, more = signed(), b'{"page":1}', {}
    if what == "body":
        body = b'{"page":2}'
    elif what == "header":
        headers["Host"] = "other.example.com"
    elif what == "date":
        headers["X-Sdk-Date"] = (NOW + timedelta(seconds=1)).strftime("%Y%m%dT%H%M%SZ")
    elif what == "signature":
        headers["Authorization"] = headers["Authorization"][:-1] + ("0" if headers["Authorization"][-1] != "0" else "1")
    elif what == "path":
        headers = signed(path="/v2/incidents/lis")
    elif what == "method":
        headers = signed(method="PUT")
    elif what == "secret":
        headers["Authorization"] = signed(access="AK5")["Authorization"].replace("AK5", "AK1")
    elif what == "unsigned date":
        headers["Authorization"] = headers["Authorization"].replace(";x-sdk-date", "")
    else:
        headers.pop("Host")
    refused(client.send(body, **headers, **more), 401, "APIGW.0301", "Incorrect IAM authentication information: ")


@pytest.mark.parametrize("minutes", [-15, 15])
def test_a_replay_beyond_the_window_is_refused(client, minutes):
    """A good signature is good for 15 minutes, on both sides of now."""
    headers = signed(at=NOW + timedelta(minutes=minutes, seconds=minutes / abs(minutes)))
    refused(client.send(b'{"page":1}', **headers), 401, "APIGW.0301", "more than 900 s from now")


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({}, "x-auth-token not found"),
        ({"Authorization": "Bearer x"}, "malformed"),
        ({"Authorization": "SDK-HMAC-SHA256 Access=AK1"}, "malformed"),
        (
            {"Authorization": signed()["Authorization"].replace("SHA256", "SM3")},
            "not of the form SDK-HMAC-SHA256 Access=",
        ),
        ({**signed(), "Authorization": signed()["Authorization"][:-64] + "A" * 64}, "verify aksk signature fail"),
        ({**signed(), "Authorization": signed()["Authorization"].replace("AK1", "Ã©")}, "ak:é,err"),
        ({"X-Auth-Token": "wrong"}, "decrypt token fail"),
        ({"X-Auth-Token": ""}, "not found"),
        ({"X-Auth-Token": "token-3"}, "token expires, expires_at: 2026-01-02T03:04:05+00:00"),
        (signed(access="NOBODY"), "Get secretKey failed,ak:NOBODY,err:ak not exist"),
        ({**signed(), "X-Sdk-Date": "yesterday"}, "x-sdk-date"),
        (signed(access="AK2"), "x-security-token is missing"),
        (signed(access="AK2", **{"X-Security-Token": "other"}), "x-security-token is missing, not signed or not that"),
        ({**signed(access="AK2"), "X-Security-Token": "sts-é"}, "x-security-token is missing, not signed"),
        (signed(access="AK3", **{"X-Security-Token": "sts3"}), "token expires"),
        (signed(**{"X-Sdk-Content-Sha256": "0" * 64}), "verify aksk signature fail"),
    ],
)
def test_who_is_not_known_is_told_why(client, headers, says):
    """Each refusal has the gateway's code and its own words; no secret is among them."""
    reply = client.send(b'{"page":1}', **headers)
    refused(reply, 401, "APIGW.0301", says)
    assert b"secret-" not in reply.content


@pytest.mark.parametrize("sent", ["token-1", "token-1 ", " token-1\t"])
def test_a_token_is_enough(client, sent):
    """A known token lets its holder in; white space around it is none of a header's value."""
    assert client.send(b"{}", X_Auth_Token=sent).status == 200


def test_an_empty_token_is_none(client):
    """A token header without a token does not keep a signature from being looked at."""
    assert client.send(b'{"page":1}', X_Auth_Token=" ", **signed()).status == 200
    assert doubled(client, (b"x-auth-token", b"")).send(b'{"page":1}', **signed()).status == 200


def doubled(client, *headers: tuple[bytes, bytes]):
    """The client, all of whose requests have these headers before their own."""

    async def app(scope, receive, send):
        await client.app({**scope, "headers": [*headers, *scope["headers"]]}, receive, send)

    return type(client)(app)


@pytest.mark.parametrize("header", [(b"host", b"evil.example.com"), (b"x-sdk-date", b"20200101T000000Z")])
def test_a_header_that_comes_twice_is_seen_whole(client, header):
    """A second header of a signed one's name changes what was signed, wherever it stands."""
    refused(doubled(client, header).send(b'{"page":1}', **signed()), 401, "APIGW.0301", "Incorrect IAM")
    both = doubled(client, (b"x-auth-token", b"wrong")).send(b"{}", X_Auth_Token="token-1")
    refused(both, 401, "APIGW.0301", "decrypt token fail")


def test_a_key_that_fails_too_often_is_locked(make_client, spec):
    """After five wrong signatures in a row a key is refused for five minutes, however it signs; other keys are not."""
    now = [NOW]
    client = make_client(guard=Guard(spec, ACCOUNTS, lambda: now[0], KeyLock()))
    good, wrong, other = signed(), signed(), signed(access="AK5")
    wrong["Authorization"] = signed(access="AK5")["Authorization"].replace("AK5", "AK1")

    def asked(*headers: dict[str, str]) -> list[int]:
        return [client.send(b'{"page":1}', **each).status for each in headers]

    assert (
        asked(*[wrong] * 4, good, *[wrong] * 4, good, *[wrong] * 5) == [401] * 4 + [200] + [401] * 4 + [200] + [401] * 5
    )
    refused(client.send(b'{"page":1}', **good), 401, "APIGW.0301", "AK access failed to reach the limit,forbidden")
    assert asked(other) == [200]
    now[0] += timedelta(seconds=300)
    assert asked(good) == [200]


def test_failures_are_counted_not_collected(make_client, spec):
    """Who is asked wrongly for days keeps as little of it as who is asked wrongly once."""
    guard = Guard(spec, ACCOUNTS, lambda: NOW)
    client = make_client(guard=guard)
    wrong = signed()
    wrong["Authorization"] = signed(access="AK5")["Authorization"].replace("AK5", "AK1")
    for _ in range(50):
        refused(client.send(b'{"page":1}', **wrong), 401, "APIGW.0301", "verify aksk signature fail")
    assert guard.failures == {"AK1": (50, NOW)}


@pytest.mark.parametrize("names", ["x-sdk-date;host", "host;X-Sdk-Date", "host;host;x-sdk-date"])
def test_signed_headers_are_in_order(client, names):
    """A signature over names that no signer would write so is refused, and told why, though it is right."""
    headers = {"host": HOST, "x-sdk-date": NOW.strftime("%Y%m%dT%H%M%SZ")}
    known = {**headers, "X-Sdk-Date": headers["x-sdk-date"]}
    request = Request(method="POST", raw_path=client.path.encode(), query=b"", headers=known, body=b"{}")
    signature = sign(request, names.split(";"), headers["x-sdk-date"], "secret-1", "SDK-HMAC-SHA256")
    stated = f"SDK-HMAC-SHA256 Access=AK1, SignedHeaders={names}, Signature={signature}"
    reply = client.send(b"{}", **headers, content_type="", authorization=stated)
    refused(reply, 401, "APIGW.0301", "in lower case and in order of name")


def test_secrets_are_compared_in_constant_time(client, monkeypatch):
    """Tokens, signatures and security tokens are compared by `hmac.compare_digest`, a token with each account's."""
    compared = []
    plain = authentication.hmac.compare_digest
    monkeypatch.setattr(authentication.hmac, "compare_digest", lambda *both: compared.append(both) or plain(*both))
    client.send(b"{}", X_Auth_Token="wrong")
    assert [(account.token.encode(), b"wrong") for account in ACCOUNTS] == compared
    compared.clear()
    client.send(b'{"page":1}', **signed(access="AK2", **{"X-Security-Token": "other"}))
    assert ["sts-é".encode() in both for both in compared] == [False, True]


def test_the_permission_and_the_project_are_asked_for(client):
    """A caller without the operation's permission, or with another project, is answered 403."""
    refused(client.send(b"{}", X_Auth_Token="token-4"), 403, "APIGW.0302", "not authorized")
    refused(client.send(b"{}", X_Auth_Token="token-5", X_Project_Id="p2"), 403, "APIGW.0310", "project")


def test_an_unsigned_payload_is_agreed_on_by_both(client):
    """The vendor's signer leaves the body of other media types unsigned; the service then refuses the media type."""
    headers = signed(**{"Content-Type": "text/plain"})
    assert client.send(b'{"page":1}', **headers).json["error_code"] == "GOM.00007256"


def test_health_needs_no_credentials(client):
    """`/healthz` answers whoever asks; any other path is unknown before anybody is asked who they are."""
    assert client.send(method="GET", path="/healthz").status == 200
    refused(client.send(method="GET", path="/other"), 404, "APIGW.0101", "does not exist")


def test_the_published_vector_holds():
    """The signature of the signing guide's sample request comes out as published."""
    request = Request(
        method="GET",
        raw_path=b"/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs",
        query=b"limit=2&marker=13551d6b-755d-4757-b956-536f674975c0",
        headers={
            "content-type": "application/json",
            "host": "service.region.example.com",
            "x-sdk-date": "20191115T033655Z",
        },
        body=b"",
    )
    names = ["content-type", "host", "x-sdk-date"]
    secret = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"
    expected = "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"
    assert expected == sign(request, names, "20191115T033655Z", secret, "SDK-HMAC-SHA256")


def test_a_file_of_accounts_is_read(tmp_path: Path):
    """Names, keys, tokens and ends come from YAML."""
    file = tmp_path / "accounts.yaml"
    file.write_text(
        """accounts:
- {name: a, access_key: x, secret_key: y, security_token: z, expires: 2026-01-02T03:04:05Z}
- {name: b, token: t}
"""
    )
    assert [account.name for account in accounts_of(file)] == ["a", "b"]
    assert accounts_of(file)[0].expires == NOW


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("accounts: [{name: a}]", "the account 'a' needs access_key and secret_key, or a token"),
        ("accounts: [{name: a, access_key: x}]", "the account 'a' needs"),
        ("accounts: [{nam: a}]", r"unknown field `nam` - at `\$.accounts\[0\]`"),
        ("accounts: [{name: a, token: t, expires: 2026-01-02T03:04:05}]", "timezone"),
        (
            "[",
            r'is no file of accounts: .* in ".*accounts.yaml", line 1, column 2; its form stands in mock_service/',
        ),
        ("[" * 900, "nested too deeply"),
        ("accounts: []", "lets nobody in; list an account"),
        ("accounts: [{name: a, token: t, token: u}]", "'token' stands twice in .*line 1, column 32"),
        ("accounts: [{name: a, token: t, expires: 2026-13-01}]", "month must be in 1..12 in .*, line 1, column 41"),
        ("accounts: [{name: a, access_key: x, secret_key: y, expires: 2026-01-02T03:04:05Z}]", "permanent keys do not"),
        ("accounts: [{name: a, token: t, security_token: s}]", "which goes with an access_key and a secret_key"),
        (
            "accounts: [{name: a, access_key: 'x,y', secret_key: z}]",
            "an access_key that no Authorization header can carry",
        ),
        ("accounts: [{name: a, token: ' t'}]", "a token that no header can carry; leave out line breaks and spaces"),
        ('accounts: [{name: a, token: "t\\n"}]', "a token that no header can carry; leave out line breaks and spaces"),
        ("accounts: [{name: a, token: t}, {name: b, token: t}]", "'a' and 'b' have the same token; give each its own"),
        ("accounts: [{name: a, token: t}, {name: a, token: u}]", "'a' and 'a' have the same name; give each its own"),
    ],
)
def test_a_wrong_file_of_accounts_is_told(tmp_path: Path, text, says):
    """What is wrong with the file is said with its place."""
    (tmp_path / "accounts.yaml").write_text(text)
    with pytest.raises(Mistake, match=says):
        accounts_of(tmp_path / "accounts.yaml")
