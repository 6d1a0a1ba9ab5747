"""Test vectors for request signing, so that a signer in any language can be tested without a service.

The signatures come from the client's own signer. The steps to them are spelled out here, and refused when they
do not lead to that signature.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
from attrs import field, frozen

from generator import credentials
from generator.problems import Refused
from generator.publishing.documents import Json, operations
from generator.runtime.headers import Headers
from generator.runtime.signing import AkSkAuth

ACCESS_KEY = "EXAMPLEACCESSKEY0001"
SECRET_KEY = "ExampleSecretKeyThatOpensNothing00000001"  # noqa: S105 - published with the vectors, opens nothing
MOMENT = datetime(2025, 10, 24, 8, 30, 15, tzinfo=UTC)


@frozen
class Request:
    """What to sign."""

    name: str
    says: str
    method: str
    url: str
    body: str = ""
    content_type: str = "application/json"
    identity: dict[str, str] = field(factory=dict)
    """`security_token`, `project_id` or `domain_id`, where the keys have one."""


def signing_vectors(contract: Json) -> Json:
    """The vectors as one JSON document: the first operation's example, and the rules that signers get wrong.

    Empty when the contract declares no request signing.
    """
    schemes = contract["components"].get("securitySchemes", {}).values()
    scheme = next((scheme["x-request-signing"] for scheme in schemes if "x-request-signing" in scheme), None)
    if scheme is None:
        return {}
    return {
        "algorithm": scheme["algorithm"],
        "about": "Sign `request` with `keys` at `date`; your steps must equal those given. The keys are made up.",
        "vectors": [_vector(request, scheme) for request in requests(contract)],
    }


def requests(contract: Json) -> list[Request]:
    """The requests to sign."""
    operation = operations(contract)[0]
    url = contract["servers"][0]["url"] + operation.path
    example: Json = next(iter(operation.request_examples.values()), {"value": {}})["value"]
    body = json.dumps(example, ensure_ascii=False, separators=(",", ":"))
    post = operation.method
    return [
        Request("example", "The page's own request.", post, url, body),
        Request(
            "temporary keys",
            "The security token is sent, and signed.",
            post,
            url,
            body,
            identity={"security_token": "EXAMPLETOKEN"},
        ),
        Request(
            "project", "The project's id is sent, and signed.", post, url, body, identity={"project_id": "0a1b2c3d4e5f"}
        ),
        Request(
            "domain", "The domain's id is sent, and signed.", post, url, body, identity={"domain_id": "9f8e7d6c5b4a"}
        ),
        Request("empty body", "An absent body is hashed as an empty text.", post, url),
        Request("unicode", "The hash is over the body's UTF-8 bytes.", post, url, '{"condition":"未受理 🔥"}'),
        Request(
            "query",
            "The query is sorted by name, then by value; a blank is %20.",
            "GET",
            url + "?b=2&a=2&a=1&c=x%20y&d=",
        ),
        Request(
            "path",
            "Each segment is encoded; the path is signed with a closing slash.",
            "GET",
            url + "/%E6%B5%8B/a%20b~c",
        ),
        Request("plain text", "A body that is no JSON is not hashed.", post, url, "hello", "text/plain"),
    ]


def _vector(request: Request, scheme: Json) -> Json:
    sent = httpx.Request(
        request.method, request.url, content=request.body.encode(), headers={"Content-Type": request.content_type}
    )
    _signer(scheme)(ACCESS_KEY, SECRET_KEY, clock=lambda: MOMENT, **request.identity).sign(sent)
    authorization = sent.headers["Authorization"]
    signed = authorization.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    headers = {name: sent.headers[name] for name in signed}
    canonical = _canonical_request(sent, headers)
    text = "\n".join([scheme["algorithm"], headers[scheme["date_header"].lower()], _sha256(canonical.encode())])
    signature = hmac.new(SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
    if signature != authorization.rpartition("=")[2]:
        raise Refused(
            f"The vector {request.name!r} does not lead to the signer's signature: signer and vectors differ."
        )
    return {
        "name": request.name,
        "says": request.says,
        "keys": {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY, **request.identity},
        "date": headers[scheme["date_header"].lower()],
        "request": {"method": request.method, "url": request.url, "headers": headers, "body": request.body},
        "canonical_request": canonical,
        "canonical_request_sha256": _sha256(canonical.encode()),
        "string_to_sign": text,
        "signature": signature,
        "authorization": authorization,
    }


def _signer(scheme: Json) -> type[AkSkAuth]:
    """The client's signer, with the contract's names of headers."""

    class Signer(AkSkAuth):
        headers = Headers(**credentials.signing(scheme))

    return Signer


def _canonical_request(sent: httpx.Request, headers: dict[str, str]) -> str:
    """The text that is hashed: method, path, query, headers, their names, and the hash of the body, a line each."""
    path = urlsplit(str(sent.url)).path.rstrip("/") + "/"
    query = "&".join(sorted(urlsplit(str(sent.url)).query.split("&")))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    content = headers.get("x-sdk-content-sha256") or _sha256(sent.content)
    return "\n".join([sent.method, path, query, lines, ";".join(sorted(headers)), content])


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
