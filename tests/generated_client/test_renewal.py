"""Credentials that run out: a function is asked for them, and asked once more when the service refuses them."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from coc_incidents import AkSkAuth, AsyncClient, Client, TokenAuth, errors


class Service:
    """Refuses whoever does not show what is `valid`; `seen` are the proofs that came."""

    def __init__(self, valid: str) -> None:
        self.valid = valid
        self.seen: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        shown = request.headers.get("X-Auth-Token") or request.headers["Authorization"].split("Access=")[1].split(",")[0]
        self.seen.append(shown)
        if shown != self.valid:
            return httpx.Response(401, json={"error_code": "APIGW.0301", "error_msg": "token expired"})
        return httpx.Response(200, json={"error_code": "0", "data": {"total": 0, "tickets": []}})


class Fetch:
    """The proofs `1`, `2`, … in turn."""

    def __init__(self, kind: Any = str) -> None:
        self.asked, self.kind = 0, kind

    def __call__(self) -> Any:
        self.asked += 1
        return self.kind(str(self.asked))


def keys(name: str) -> AkSkAuth:
    return AkSkAuth(name, "sk", security_token="st" if name == "1" else None)


@pytest.mark.parametrize("kind", [TokenAuth, AkSkAuth])
def test_what_ran_out_is_asked_for_once_more(call: Any, kind: Any) -> None:
    """One function call lasts until a 401; then the same attempt goes on with what the next one returns."""
    fetch, service = Fetch(str if kind is TokenAuth else keys), Service("1")
    auth = kind(fetch)
    for valid, seen in (("1", ["1"]), ("1", ["1"]), ("2", ["1", "2"]), ("2", ["2"])):
        service.valid = valid
        service.seen.clear()
        found = call("list_incidents", handler=service, client={"auth": auth})
        assert (seen, 1) == (service.seen, found.answer.attempts)
    assert 2 == fetch.asked


@pytest.mark.parametrize("kind", [TokenAuth, AkSkAuth])
def test_what_is_refused_twice_is_an_error(call: Any, kind: Any) -> None:
    """A fresh proof that is refused, too, is `Unauthorized`: nothing is asked again and again."""
    fetch, service = Fetch(str if kind is TokenAuth else keys), Service("none")
    with pytest.raises(errors.Unauthorized, match="token expired"):
        call("list_incidents", handler=service, client={"auth": kind(fetch)})
    assert (["1", "2"], 2) == (service.seen, fetch.asked)


def test_fresh_keys_leave_nothing_of_the_old_ones(call: Any) -> None:
    """The temporary token of the first keys is not sent with the second, which have none; both are signed anew."""
    sent: list[httpx.Headers] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers)
        return httpx.Response(401)

    with pytest.raises(errors.Unauthorized):
        call("list_incidents", handler=refuse, client={"auth": AkSkAuth(Fetch(keys))})
    assert ["st", None] == [headers.get("X-Security-Token") for headers in sent]
    assert all("Signature=" in headers["Authorization"] for headers in sent)


def test_an_asynchronous_function_is_awaited() -> None:
    """Under asyncio what fetches a token may be asynchronous; a blocking client says that it cannot wait for it."""
    fetch, service = Fetch(), Service("2")

    async def token() -> str:
        return str(fetch())

    async def main() -> None:
        async with AsyncClient("http://a.test", TokenAuth(token), transport=httpx.MockTransport(service)) as client:
            await asyncio.gather(*(client.list_incidents() for _ in range(5)))

    asyncio.run(main())
    assert (2, {"1", "2"}) == (fetch.asked, set(service.seen))
    with Client("http://a.test", TokenAuth(token), transport=httpx.MockTransport(service)) as client:
        with pytest.raises(errors.CredentialsMissing, match="a blocking client needs a plain one"):
            client.list_incidents()


def test_threads_that_are_refused_together_ask_once() -> None:
    """Of eight threads whose token ran out at the same moment, one fetches another, and all go on with it."""
    fetch, together = Fetch(), threading.Barrier(8)
    service = Service("2")

    def handler(request: httpx.Request) -> httpx.Response:
        response = service(request)
        if response.status_code == 401:
            together.wait(30)
        return response

    with Client("http://a.test", TokenAuth(fetch), transport=httpx.MockTransport(handler)) as client:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda _: client.list_incidents(), range(8)))
    assert (2, ["1"] * 8 + ["2"] * 8) == (fetch.asked, service.seen)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: TokenAuth(lambda: ""), "a key, token or id is empty"),
        (lambda: TokenAuth(lambda: None), "a key, token or id is empty"),  # type: ignore[arg-type,return-value]
        (lambda: AkSkAuth(lambda: ("s3cret", "sk")), "returned a tuple; it must return AkSkAuth"),  # type: ignore[arg-type,return-value]
        (lambda: AkSkAuth(lambda: AkSkAuth(lambda: keys("1"))), "it must return AkSkAuth"),
        (lambda: AkSkAuth(lambda: keys("1"), "sk"), "stands alone"),  # type: ignore[call-overload]
    ],
)
def test_what_proves_nothing_is_refused(call: Any, make: Any, says: str) -> None:
    """A function that returns something else is told what to return, and the value is not shown."""
    service = Service("1")
    with pytest.raises(errors.CredentialsMissing, match=says) as told:
        call("list_incidents", handler=service, client={"auth": make()})
    assert "s3cret" not in str(told.value)
    assert [] == service.seen


def test_no_secret_of_a_function_is_shown() -> None:
    """`repr` says that the credentials are renewed, and nothing of them."""
    assert "s3cret" not in repr(Client(auth=TokenAuth(lambda: "s3cret")))
    assert "(renewed)" in repr(AkSkAuth(lambda: keys("s3cret")))
