"""Request collections for API clients: one file for Postman (format 2.1) and one folder for Bruno."""

from __future__ import annotations

import json
import re

from generator.publishing.documents import Json, token_header
from generator.publishing.samples import Sample, samples

POSTMAN_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


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
    raw = "{{baseUrl}}" + path + sample.query_text
    url: Json = {"raw": raw, "host": ["{{baseUrl}}"], "path": path.strip("/").split("/")}
    for member, values in (("variable", sample.path), ("query", sample.query)):
        if values:
            url[member] = [{"key": name, "value": value} for name, value in values.items()]
    test = ["pm.test('the request is answered', () => pm.response.to.have.status(200));"]
    headers = {**sample.headers, token_header(contract): "{{token}}"}
    request: Json = {
        "method": sample.operation.method,
        "description": sample.says,
        "header": [{"key": name, "value": value} for name, value in headers.items()],
        "url": url,
    }
    if sample.body is not None:
        raw = json.dumps(sample.body, indent=2, ensure_ascii=False)
        request["header"].insert(0, {"key": "Content-Type", "value": "application/json"})
        request["body"] = {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}
    return {
        "name": sample.name,
        "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": test}}],
        "request": request,
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
    method, path = sample.operation.method.lower(), re.sub(r"{(\w+)}", r":\1", sample.operation.path)
    headers = {**sample.headers, token_header(contract): "{{token}}"}
    body = None
    if sample.body is not None:
        headers = {"Content-Type": "application/json", **headers}
        body = json.dumps(sample.body, indent=2, ensure_ascii=False).replace("\n", "\n  ")
    url = f"{{{{baseUrl}}}}{path}{sample.query_text}"
    blocks = [
        f"meta {{\n  name: {sample.name}\n  type: http\n  seq: {number}\n}}",
        f"{method} {{\n  url: {url}\n  body: {'none' if body is None else 'json'}\n  auth: none\n}}",
        *_bruno_block("params:query", sample.query),
        *_bruno_block("headers", headers),
        *_bruno_block("params:path", sample.path),
        *([f"body:json {{\n  {body}\n}}"] if body is not None else []),
        "assert {\n  res.status: eq 200\n}",
        f"docs {{\n  {sample.says}\n}}",
    ]
    return "\n\n".join(blocks) + "\n"


def _bruno_block(name: str, values: dict[str, str]) -> list[str]:
    lines = "\n".join(f"  {key}: {value}" for key, value in values.items())
    return [f"{name} {{\n{lines}\n}}"] if values else []
