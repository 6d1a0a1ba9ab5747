"""Documents of others: what comes of constructs that clients get wrong in silence, seen in what they send."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import httpx
import pytest
from msgspec import UNSET

from generator import generate

DOCUMENT = """
openapi: 3.0.3
info: {title: Traps, version: 2022-11-28}
paths:
  /named/{timeout}:
    parameters: [{name: timeout, in: path, required: true, schema: {type: string}}]
    get:
      operationId: call
      parameters:
        - {name: timeout, in: query, schema: {type: integer}}
        - {name: timeout_, in: query, schema: {type: integer}}
        - {name: operations, in: query, schema: {type: string}}
        - {name: answer, in: query, schema: {type: string}}
        - {name: max_retries, in: header, schema: {type: string}}
      responses: {'204': {description: fine}}
    post:
      operationId: close
      parameters: [{name: body, in: query, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}
      responses: {'204': {description: fine}}
  /operations: {get: {operationId: operations, responses: {'204': {description: fine}}}}
  /uuid:
    get:
      operationId: uuid
      parameters: [{name: id, in: query, schema: {type: string, format: uuid}}]
      responses: {'200': {description: fine, content: {application/json: {schema: {$ref: '#/components/schemas/Sms'}}}}}
  /sms: {get: {operationId: sms, responses: {'204': {description: fine}}}}
  /values/{ids}:
    get:
      operationId: values
      parameters:
        - {name: ids, in: path, required: true, schema: {type: array, items: {type: string}}}
        - {name: list, in: query, explode: false, schema: {type: array, items: {type: string, enum: [a, 'b,c', 'd|e']}}}
        - {name: pipes, in: query, style: pipeDelimited, schema: {type: array, items: {type: string}}}
        - {name: apart, in: query, style: pipeDelimited, explode: true, schema: {type: array, items: {type: string}}}
        - {name: color, in: query, style: pipeDelimited, schema: {type: object, additionalProperties: {type: integer}}}
        - {name: since, in: query, schema: {type: string, format: date-time}}
        - {name: steps, in: query, schema: {type: array, uniqueItems: true, items: {type: number, multipleOf: 0.1}}}
      responses: {'204': {description: fine}}
  /pets:
    post:
      operationId: addPet
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'201': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
    delete:
      operationId: wipe
      requestBody: {content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}
      responses: {'204': {description: fine}}
    put:
      operationId: putNumbers
      requestBody: {content: {application/json: {schema: {type: array, uniqueItems: true, items: {type: number}}}}}
      responses: {'204': {description: fine}}
  /bounds:
    post:
      operationId: bounds
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Bounds'}}}}
      responses: {'204': {description: fine}}
  /text:
    post:
      operationId: sendText
      requestBody: {required: true, content: {text/plain: {schema: {type: string, maxLength: 3}}}}
      responses:
        '200': {description: ok, content: {text/json: {schema: {type: object, properties: {a: {type: integer}}}}}}
    put:
      operationId: sendBytes
      requestBody: {required: true, content: {application/octet-stream: {schema: {type: string, format: binary}}}}
      responses:
        '200': {description: ok, content: {'*/*': {schema: {type: string, format: binary}}}}
        '400': {description: no, content: {application/json: {schema: {type: object}}}}
    get:
      operationId: getPicture
      responses:
        '400': {description: no, content: {application/problem+json: {schema: {type: object}}}}
        '200': {description: ok, content: {image/png: {schema: {type: string, format: binary}}}}
components:
  schemas:
    Sms: {type: object, properties: {text: {type: string}}}
    Pet:
      type: object
      required: [id, name, secret]
      properties:
        id: {type: integer, readOnly: true}
        name: {type: string}
        secret: {type: string, writeOnly: true}
    Bounds:
      type: object
      properties:
        price: {type: number, multipleOf: 0.01}
        tags: {type: array, uniqueItems: true, items: {}}
        when: {type: string, format: date-time}
        labels: {type: object, additionalProperties: {type: integer, maximum: 3}}
        sorts: {type: object, additionalProperties: {$ref: '#/components/schemas/Sort'}}
        'a.b': {type: array, items: {type: integer, minimum: 1}}
    Sort: {type: object, properties: {field: {type: string, maxLength: 5}}}
"""


class Service:
    """A client on a transport that keeps the requests and answers what it is told to."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self.seen: list[httpx.Request] = []
        self.reply: Callable[[], httpx.Response] = lambda: httpx.Response(204)
        self.client = module.Client("https://traps.test", transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return self.reply()

    @property
    def url(self) -> str:
        """Path and query of the last request."""
        return self.seen[-1].url.raw_path.decode()

    def answers(self, status: int, content: bytes, kind: str) -> None:
        """What comes from now on."""
        self.reply = lambda: httpx.Response(status, content=content, headers={"Content-Type": kind})


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The client of the document, made once."""
    spec = tmp_path_factory.mktemp("traps") / "openapi.yaml"
    spec.write_text(DOCUMENT, encoding="utf-8")
    with ExitStack() as alive:
        folder = alive.enter_context(generate.generated(spec, "traps_of_others"))
        sys.path.insert(0, str(folder))
        alive.callback(sys.path.remove, str(folder))
        yield importlib.import_module("traps_of_others")
    for name in [loaded for loaded in sys.modules if loaded.split(".")[0] == "traps_of_others"]:
        del sys.modules[name]


@pytest.fixture
def service(module: ModuleType) -> Service:
    """The client, and what it sends."""
    return Service(module)


def test_names_that_the_client_has_itself_are_carried_under_others(service: Service) -> None:
    """Methods and arguments that were named like the client's own get another name in Python, and keep theirs sent."""
    client = service.client
    client.call_("a", timeout_query=1, timeout_=2, operations_="o", answer_="w", max_retries_="3", timeout=5)
    assert "/named/a?timeout=1&timeout_=2&operations=o&answer=w" == service.url
    assert "3" == service.seen[-1].headers["max_retries"]
    client.close_("b", None, body_="q")
    assert "/named/b?body=q" == service.url
    client.operations()
    assert "/operations" == service.url
    client.sms()
    service.answers(200, b'{"text": "hi"}', "application/json")
    assert "hi" == client.uuid(id="6f9619ff-8b86-d011-b42d-00c04fc964ff").text


def test_each_style_of_several_values_is_the_specifications(service: Service) -> None:
    """Values are joined or repeated as style and explode say; in a path, a comma of a value's own is encoded."""
    service.client.values(["a,b", "c/d"], list_=["a"], pipes=["x", "y"], apart=["x", "y"], color={"R": 100, "G": 2})
    path, _, query = service.url.partition("?")
    assert "/values/a%2Cb,c%2Fd" == path
    assert ["list=a", "pipes=x%7Cy", "apart=x", "apart=y", "color=R%7C100%7CG%7C2"] == query.split("&")


MOMENT = datetime(2025, 1, 1)
REFUSED: dict[str, tuple[Callable[[Any], object], str]] = {
    "a value that holds what separates": (
        lambda client: client.values(["i"], list_=["a", "b,c"]),
        "list is ['a', 'b,c']; ',' separates its values, and one holds it",
    ),
    "an item that is none of the set": (
        lambda client: client.values(["i"], list_=["a", "z"]),
        "list[1] is 'z'; it must be one of a, b,c, d|e",
    ),
    "a time without a zone": (
        lambda client: client.values(["i"], since=MOMENT),
        f"since is {MOMENT!r}; it must be an aware datetime, such as datetime.now(timezone.utc)",
    ),
    "a decimal step": (
        lambda client: client.values(["i"], steps=[0.3, 0.35]),
        "steps[1] is 0.35; it must be a multiple of 0.1",
    ),
    "a step that has no end": (
        lambda client: client.values(["i"], steps=[float("nan")]),
        "steps[0] is nan; it must be a multiple of 0.1",
    ),
    "an item twice": (
        lambda client: client.values(["i"], steps=[0.3, 0.3]),
        "steps is [0.3, 0.3]; it must be a list in which no item comes twice",
    ),
    "an item of the body twice": (
        lambda client: client.put_numbers([1, 2, 1.0]),
        "the request body is [1, 2, 1.0]; it must be a list in which no item comes twice",
    ),
    "text that is too long": (
        lambda client: client.send_text("long"),
        "the request body is 'long'; it must be text of at most 3 characters",
    ),
    "a body of text that is none": (
        lambda client: client.send_text({"a": 1}),
        "the request body is a dict; it must be text or bytes",
    ),
    "a body of bytes that is text": (
        lambda client: client.send_bytes("text"),
        "the request body is a str; it must be bytes",
    ),
}
BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "a decimal step": ({"price": 0.071}, "price is 0.071; it must be a multiple of 0.01"),
    "a number that has no end": ({"price": float("inf")}, "price is None; it must be a number"),
    "an item twice": ({"tags": [{"a": 1}, [], {"a": 1.0}]}, "tags is [{'a': 1}, [], {'a': 1.0}]; it must be a list in"),
    "a time without a zone": (
        {"when": MOMENT},
        "when is datetime.datetime(2025, 1, 1, 0, 0); it",
    ),
    "a value of a map": ({"labels": {"a": 1, "b c": 9}}, "labels['b c'] is 9; it must be an integer of at most 3"),
    "a member in a map": (
        {"sorts": {"x": {"field": "short"}, "y": {"field": "too long"}}},
        "sorts['y'].field is 'too long'; it must be text of at most 5 characters",
    ),
    "a member with a dot in its name": ({"a.b": [1, 0]}, "a.b[1] is 0; it must be an integer of at least 1"),
}


@pytest.mark.parametrize(("call", "words"), REFUSED.values(), ids=REFUSED)
def test_what_could_not_be_told_apart_or_is_out_of_range_is_refused(
    call: Callable[[Any], object], words: str, service: Service
) -> None:
    """Nothing is sent, and the sentence names the value and what would be right."""
    with pytest.raises(service.module.errors.InvalidRequest) as refusal:
        call(service.client)
    assert words == str(refusal.value)
    assert [] == service.seen


@pytest.mark.parametrize(("members", "words"), BROKEN.values(), ids=BROKEN)
def test_bounds_that_the_decoder_does_not_hold_are_held(members: dict[str, Any], words: str, service: Service) -> None:
    """Steps that are decimal, items that must differ, times and values of maps: the place and the range are named."""
    with pytest.raises(service.module.errors.InvalidRequest) as refusal:
        service.client.bounds(members)
    assert words in str(refusal.value)
    assert [] == service.seen


def test_what_keeps_the_bounds_is_sent(service: Service) -> None:
    """Each multiple of a decimal step passes, and values that only look alike are no repetition."""
    for price in (19.99, 0.07, 1.1, 0.29, 1, -3.3, 1e30, 10**30):
        service.client.bounds({"price": price})
    service.client.bounds({"tags": [1, True, "1", [1], None], "when": datetime(2025, 1, 1, tzinfo=UTC)})
    assert b'{"tags":[1,true,"1",[1],null],"when":"2025-01-01T00:00:00Z"}' == service.seen[-1].content


def test_a_member_that_travels_one_way_is_not_missed_on_the_other(service: Service) -> None:
    """What only answers have need not be sent, and what only requests have need not come back."""
    pet = service.module.Pet
    service.answers(201, b'{"id": 1, "name": "Rex"}', "application/json")
    found = service.client.add_pet(pet(name="Rex", secret="s"))
    assert b'{"name":"Rex","secret":"s"}' == service.seen[-1].content
    assert (1, UNSET) == (found.id, found.secret)


def test_a_body_left_out_is_left_out(service: Service) -> None:
    """Only where the contract says that an absent body means `{}` is that sent; here nothing goes."""
    service.client.wipe()
    assert (b"", None) == (service.seen[-1].content, service.seen[-1].headers.get("Content-Type"))


def test_media_types_are_asked_for_and_read(service: Service) -> None:
    """`Accept` has what the operation answers; JSON is read under each of its names, and bytes are left as they are."""
    service.answers(200, b'{"a": 1}', "text/json; charset=utf-8")
    assert 1 == service.client.send_text("äö").a
    sent = service.seen[-1]
    assert ("äö".encode(), "text/plain", "text/json") == (
        sent.content,
        *map(sent.headers.get, ("Content-Type", "Accept")),
    )
    service.answers(200, b"\x00\xff", "application/zip")
    assert b"\x00\xff" == service.client.send_bytes(bytearray(b"1"))
    assert "*/*, application/json" == service.seen[-1].headers["Accept"]
    service.answers(200, b"PNG", "image/png")
    assert b"PNG" == service.client.get_picture()
    assert "image/png, application/problem+json" == service.seen[-1].headers["Accept"]


def test_a_document_without_an_address_asks_for_one(module: ModuleType) -> None:
    """No `servers`: the client has no default address, and says so instead of asking this very computer."""
    with pytest.raises(module.errors.InvalidRequest, match="the contract names no address of the service"):
        module.Client()


def test_the_package_has_a_version_that_installs(module: ModuleType) -> None:
    """A document's version may be a date; the package's, and the one it tells the service, is a version."""
    assert "2022.11.28" == module.__version__
