"""Credentials from the environment and the vendor's file; and no secret where others can read it."""

from __future__ import annotations

import asyncio
import logging
import pickle
import traceback
from pathlib import Path
from typing import Any

import httpx
import pytest
from coc_incidents import AkSkAuth, AsyncClient, Client, Event, Patience, TokenAuth, errors

SECRETS = {"sk": "s3cr3t-key", "security_token": "s3cr3t-temporary", "token": "s3cr3t-token"}
KEYS = ("AK", "SK", "PROJECT_ID", "DOMAIN_ID", "SECURITY_TOKEN", "CREDENTIALS_FILE")


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [*(f"HUAWEICLOUD_SDK_{key}" for key in KEYS), "COC_AUTH_TOKEN", "COC_ENDPOINT"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_keys_come_from_the_environment_under_the_vendors_names(monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    """AK, SK, temporary token and project id are read; the endpoint is the contract's first server unless it is set."""
    for name, value in {"AK": "ak", "SK": "sk", "SECURITY_TOKEN": "st", "PROJECT_ID": "p"}.items():
        monkeypatch.setenv(f"HUAWEICLOUD_SDK_{name}", value)
    client = kind.from_env()
    assert AkSkAuth("ak", "sk", security_token="st", project_id="p") == client._auth
    assert "https://coc.myhuaweicloud.com" == client._base_url
    monkeypatch.setenv("COC_ENDPOINT", "https://coc-intl.myhuaweicloud.com/ \n")
    assert "https://coc-intl.myhuaweicloud.com" == kind.from_env()._base_url
    assert "https://other.test" == kind.from_env("https://other.test")._base_url


def test_a_token_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without keys, `COC_AUTH_TOKEN` is used."""
    monkeypatch.setenv("COC_AUTH_TOKEN", "t")
    assert TokenAuth("t") == Client.from_env()._auth


@pytest.mark.parametrize("section", ["basic", "global"])
@pytest.mark.parametrize("place", ["default", "variable"])
def test_keys_come_from_the_credentials_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, section: str, place: str
) -> None:
    """The vendor's file and both its sections are understood, at its usual place or where the variable says."""
    path = tmp_path / ".huaweicloud" / "credentials"
    if place == "variable":
        path = tmp_path / "elsewhere"
        monkeypatch.setenv("HUAWEICLOUD_SDK_CREDENTIALS_FILE", str(path))
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"[{section}]\nak = ak\nsk = sk%1\ndomain_id = d\n")
    assert AkSkAuth("ak", "sk%1", domain_id="d") == Client.from_env()._auth


def test_the_section_with_keys_is_the_one_that_counts(tmp_path: Path) -> None:
    """A section [basic] without keys, with a project id alone, leaves those of [global] to be found, as the vendor does."""
    path = tmp_path / ".huaweicloud" / "credentials"
    path.parent.mkdir()
    path.write_text("[basic]\nproject_id = p\n[global]\nak = ak\nsk = sk\ndomain_id = d\n")
    assert AkSkAuth("ak", "sk", domain_id="d") == Client.from_env()._auth


def test_who_has_no_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a home folder there is no file, and no traceback: the sentence names the variables."""

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(errors.CredentialsMissing, match="the file that HUAWEICLOUD_SDK_CREDENTIALS_FILE names"):
        Client.from_env()
    monkeypatch.setenv("COC_AUTH_TOKEN", "t")
    assert TokenAuth("t") == Client.from_env()._auth


def test_a_file_that_may_not_be_read_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder that the caller may not enter, or a folder in place of the file, is a sentence."""

    def forbidden(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setenv("HUAWEICLOUD_SDK_CREDENTIALS_FILE", str(tmp_path))
    with pytest.raises(errors.CredentialsMissing, match=r"cannot be read as credentials \(IsADirectoryError\)"):
        Client.from_env()
    for name in ("stat", "read_text"):
        monkeypatch.setattr(Path, name, forbidden)
    with pytest.raises(errors.CredentialsMissing, match=r"cannot be read as credentials \(PermissionError\)"):
        Client.from_env()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "no credentials: set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or COC_AUTH_TOKEN"),
        ("[basic]\nak = ak\n", "has no sk"),
        ("[basic]\nproject_id = p\n", "has neither ak nor sk in [basic]"),
        ("[other]\nak = ak\n", "neither a section [basic] nor [global]"),
        ("s3cr3t-key without a section", "cannot be read as credentials (MissingSectionHeaderError)"),
    ],
)
def test_missing_credentials_say_what_was_looked_for(tmp_path: Path, text: str | None, says: str) -> None:
    """The message names the places and the missing key, and never a secret."""
    path = tmp_path / ".huaweicloud" / "credentials"
    if text is not None:
        path.parent.mkdir()
        path.write_text(text)
    with pytest.raises(errors.CredentialsMissing) as caught:
        Client.from_env()
    assert says in str(caught.value)
    assert "s3cr3t" not in "".join(traceback.format_exception(caught.value))


AUTHS = [
    AkSkAuth("ak", SECRETS["sk"], security_token=SECRETS["security_token"], project_id="p"),
    TokenAuth(SECRETS["token"]),
]


@pytest.mark.parametrize("auth", AUTHS, ids=["signature", "token"])
def test_no_secret_is_shown_or_logged(auth: Any, call: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Neither `repr`, nor logs at the finest level, nor events, nor errors, nor the User-Agent hold a secret."""
    caplog.set_level(logging.DEBUG)
    events: list[Event] = []
    agents: list[str] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        agents.append(request.headers["User-Agent"])
        return httpx.Response(401, json={"error_code": "APIGW.0301", "error_msg": "wrong"})

    with pytest.raises(errors.Unauthorized) as caught:
        call("list_incidents", handler=refuse, client={"auth": auth, "hook": events.append})
    text = "\n".join([repr(auth), repr(Client(auth=auth)), repr(events), *agents, caplog.text])
    text += "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    assert "s3cr3t" not in text
    assert "Signature=" not in text
    assert [(1, 401, "POST")] == [(event.attempt, event.status, event.method) for event in events]
    assert agents[0].startswith("coc-incidents/")


def test_the_hook_sees_every_attempt_and_its_error(call: Any) -> None:
    """One event an attempt, counted from 1, with status or error and the request id."""
    events: list[Event] = []
    answers: Any = iter([httpx.ConnectError("refused"), httpx.Response(503, headers={"X-Request-Id": "r-1"})])

    def misbehave(request: httpx.Request) -> httpx.Response:
        found = next(answers, None) or httpx.Response(200, json={"error_code": "0", "data": {}})
        if isinstance(found, Exception):
            raise found
        return found

    call("list_incidents", handler=misbehave, client={"hook": events.append})
    assert [(1, None, None), (2, 503, "r-1"), (3, 200, None)] == [(e.attempt, e.status, e.request_id) for e in events]
    assert "refused" in str(events[0].error)


@pytest.mark.parametrize(
    "url",
    [
        "coc.myhuaweicloud.com",
        "ftp://coc.test",
        "https://user:s3cr3t@coc.test",
        "https://coc.test?token=s3cr3t",
        "https://u:s3cr3t",
        "",
        None,
        5,
    ],
)
def test_an_address_that_cannot_be_is_refused(url: Any) -> None:
    """A base URL needs a scheme and a host, and must not carry secrets."""
    with pytest.raises(errors.InvalidRequest, match="base_url") as caught:
        Client(url)
    assert "s3cr3t" not in str(caught.value)


def test_closing_closes() -> None:
    """`with` and `async with` close the connections."""
    with Client() as client:
        pass
    assert client._connections._http.is_closed

    async def main() -> None:
        async with AsyncClient() as client:
            pass
        assert client._connections._http.is_closed

    asyncio.run(main())


def test_certificates_are_verified_and_redirects_not_followed() -> None:
    """The defaults are the safe ones: TLS verification, no redirects, 30 seconds, two retries."""
    import ssl

    with Client() as client:
        pool = client._connections._http._transport._pool  # type: ignore[attr-defined]
        assert ssl.CERT_REQUIRED == pool._ssl_context.verify_mode
        assert pool._ssl_context.check_hostname
        assert not client._connections._http.follow_redirects
        assert (30.0, 2, None) == (client._patience.timeout, client._patience.max_retries, client._patience.deadline)


def test_answers_and_models_survive_pickling() -> None:
    """Tickets can be sent to another process."""
    from coc_incidents import IncidentDataInfo

    ticket = IncidentDataInfo(ticket_id="IM1", create_time=5)
    assert ticket == pickle.loads(pickle.dumps(ticket))


@pytest.mark.parametrize("value", [-1, "5", float("nan"), float("inf"), True, 1.5])
@pytest.mark.parametrize("option", ["timeout", "max_retries", "deadline"])
def test_impossible_patience_is_refused(call: Any, option: str, value: Any) -> None:
    """A time or count that cannot be is told before anything is sent, for one call and for a whole client."""
    if (option, value) in (("timeout", 1.5), ("deadline", 1.5)):
        return
    with pytest.raises(errors.InvalidRequest, match=f"{option} is {value!r}; it must be an? (integer|number)"):
        call("list_incidents", client={"patience": Patience()}, **{option: value})
    with pytest.raises(errors.InvalidRequest, match=f"{option} is {value!r}"):
        Client(**{option: value})


def test_a_client_with_other_options_shares_the_connections(call: Any) -> None:
    """`with_options` changes defaults and hook of the copy alone; closing one closes both."""
    events: list[Event] = []
    answers: Any = httpx.MockTransport(lambda request: httpx.Response(503))
    with Client("http://service.test", transport=answers, max_retries=5) as client:
        other = client.with_options(max_retries=0, hook=events.append)
        with pytest.raises(errors.ServerFailed) as caught:
            other.list_incidents()
        assert (1, 1, 5) == (len(events), caught.value.attempts, client._patience.max_retries)
        assert client._connections is other._connections
    with pytest.raises(errors.InvalidRequest, match="closed"):
        other.list_incidents()


def test_a_closed_client_says_so(call: Any) -> None:
    """Closing twice is no mistake; a call afterwards is, and is told as one of ours."""
    client = Client()
    client.close()
    client.close()
    with pytest.raises(errors.InvalidRequest, match="this client is closed"):
        client.list_incidents()

    async def main() -> None:
        other = AsyncClient()
        await other.aclose()
        await other.aclose()
        await other.list_incidents()

    with pytest.raises(errors.InvalidRequest, match="this client is closed"):
        asyncio.run(main())


BAD = ["", " sk9", "sk9\n", "two\nlines", "ключ", "k\u00e9y", "a b", 5]


@pytest.mark.parametrize("bad", BAD)
def test_what_no_header_can_carry_is_refused_without_showing_it(bad: Any) -> None:
    """A key, token or id that a header cannot carry is refused at once, and the message does not repeat it."""
    makers: list[Any] = [
        lambda: AkSkAuth(bad, "sk"),
        lambda: AkSkAuth("ak", bad),
        lambda: AkSkAuth("ak", "sk", security_token=bad),
        lambda: AkSkAuth("ak", "sk", project_id=bad),
        lambda: AkSkAuth("ak", "sk", domain_id=bad),
        lambda: TokenAuth(bad),
    ]
    for make in makers:
        with pytest.raises(errors.CredentialsMissing, match="a key, token or id is empty") as caught:
            make()
        assert not bad or str(bad) not in str(caught.value)


def test_auth_of_another_kind_is_refused_without_showing_it() -> None:
    """A pair of keys is no signature: it is told, and the keys are not repeated."""
    with pytest.raises(errors.InvalidRequest, match="auth is a tuple; it must be AkSkAuth") as caught:
        Client(auth=("ak", "s3cr3t"))  # type: ignore[arg-type]
    assert "s3cr3t" not in str(caught.value)


def test_an_auth_of_several_requests_is_carried_out(call: Any) -> None:
    """Any `httpx.Auth` works, also one that looks at an answer before it can prove itself."""
    sent: list[str] = []

    def challenge(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("authorization", ""))
        if not sent[-1]:
            return httpx.Response(401, headers={"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"'})
        return httpx.Response(200, json={"error_code": "0", "data": {}})

    found = call("list_incidents", handler=challenge, client={"auth": httpx.DigestAuth("me", "secret")})
    assert ([], 2) == (found.items, len(sent))
    assert sent[1].startswith("Digest ")
