"""Request collections for API clients: one file for Postman (format 2.1) and one folder for Bruno."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from attrs import frozen

from generator.publishing.documents import Json, Operation, operations, path_values, token_header

POSTMAN_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


@frozen
class Sample:
    """One request to try."""

    name: str
    says: str
    operation: Operation
    body: Json


def samples(contract: Json) -> Iterator[Sample]:
    """For each operation: every example of its request, and its second page when it pages."""
    for operation in operations(contract):
        for name, example in operation.request_examples.items():
            says = str(example.get("summary") or operation.data.get("summary", ""))
            yield Sample(f"{operation.name} {name}", says, operation, example["value"])
        paging = operation.data.get("x-pagination", {})
        if "page" in paging:
            wanted = {"page": 2, "size": 10, "total_wanted": True}
            body = {paging[role]: value for role, value in wanted.items() if role in paging}
            yield Sample(f"{operation.name} second page", "The second page of everything", operation, body)


def postman(contract: Json) -> Json:
    """A Postman collection with the variables `baseUrl` and `token`; each request tests that its answer is a 200."""
    return {
        "info": {
            "name": contract["info"]["title"],
            "description": contract["info"].get("description", ""),
            "version": contract["info"]["version"],
            "schema": POSTMAN_SCHEMA,
        },
        "item": [_postman_item(contract, sample) for sample in samples(contract)],
        "variable": [
            {"key": "baseUrl", "value": contract["servers"][0]["url"], "type": "string"},
            {"key": "token", "value": "", "type": "string"},
        ],
    }


def _postman_item(contract: Json, sample: Sample) -> Json:
    path = re.sub(r"{(\w+)}", r":\1", sample.operation.path)  # Postman's way to write a path parameter
    url: Json = {"raw": "{{baseUrl}}" + path, "host": ["{{baseUrl}}"], "path": path.strip("/").split("/")}
    if values := path_values(contract, sample.operation):
        url["variable"] = [{"key": name, "value": value} for name, value in values.items()]
    test = ["pm.test('the request is answered', () => pm.response.to.have.status(200));"]
    return {
        "name": sample.name,
        "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": test}}],
        "request": {
            "method": sample.operation.method,
            "description": sample.says,
            "header": [
                {"key": "Content-Type", "value": "application/json"},
                {"key": token_header(contract), "value": "{{token}}"},
            ],
            "url": url,
            "body": {
                "mode": "raw",
                "raw": json.dumps(sample.body, indent=2, ensure_ascii=False),
                "options": {"raw": {"language": "json"}},
            },
        },
    }


def bruno(contract: Json) -> dict[str, str]:
    """The files of a Bruno collection: by path inside the collection, the text."""
    server = contract["servers"][0]["url"]
    title = {"version": "1", "name": contract["info"]["title"], "type": "collection"}
    files = {
        "bruno.json": json.dumps(title, indent=2) + "\n",
        "environments/service.bru": f"vars {{\n  baseUrl: {server}\n}}\nvars:secret [\n  token\n]\n",
    }
    for number, sample in enumerate(samples(contract), start=1):
        files[f"{sample.name.replace(' ', '-')}.bru"] = _bruno_request(contract, sample, number)
    return files


def _bruno_request(contract: Json, sample: Sample, number: int) -> str:
    body = json.dumps(sample.body, indent=2, ensure_ascii=False).replace("\n", "\n  ")
    values = "\n".join(f"  {name}: {value}" for name, value in path_values(contract, sample.operation).items())
    method, path = sample.operation.method.lower(), re.sub(r"{(\w+)}", r":\1", sample.operation.path)
    blocks = [
        f"meta {{\n  name: {sample.name}\n  type: http\n  seq: {number}\n}}",
        f"{method} {{\n  url: {{{{baseUrl}}}}{path}\n  body: json\n  auth: none\n}}",
        f"headers {{\n  Content-Type: application/json\n  {token_header(contract)}: {{{{token}}}}\n}}",
        *([f"params:path {{\n{values}\n}}"] if values else []),
        f"body:json {{\n  {body}\n}}",
        "assert {\n  res.status: eq 200\n}",
        f"docs {{\n  {sample.says}\n}}",
    ]
    return "\n\n".join(blocks) + "\n"
