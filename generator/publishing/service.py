"""A mock to verify clients against: its own tickets, or tickets whose every member has the type that the page shows."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from generator.problems import Refused
from generator.publishing.documents import ROOT, Json, operations, resolve, token_header, write_json, write_text

TOKEN = "a-token-of-the-verification"  # noqa: S105 - the mock is started with it; it opens nothing else


@contextmanager
def mock_service(work: Path, *arguments: str) -> Iterator[str]:
    """A mock on a free port that asks for TOKEN; gives its address. Refuses when it does not come up."""
    accounts = work / "accounts.json"
    write_json(accounts, {"accounts": [{"name": "verification", "token": TOKEN}]})
    command = _mock("--port", "0", "--auth", "required", "--accounts", str(accounts), *arguments)
    with (
        (work / "mock.log").open("w+", encoding="utf-8") as log,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True) as process,  # noqa: S603
    ):
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith("listening on "):
                process.terminate()
                process.wait()
                last_words = (work / "mock.log").read_text("utf-8").strip().splitlines()[-1:]
                raise Refused(f"The mock does not start: `{shlex.join(command)}` says {last_words}.", exit_code=2)
            yield line.removeprefix("listening on ").strip()
        finally:
            process.terminate()


@contextmanager
def wire_service(work: Path, contract: Json, wire: Json) -> Iterator[str]:
    """A mock whose tickets fit the wire form: the usual ones, each union narrowed to the type that the form keeps."""
    operation = next(operation for operation in operations(contract) if "x-pagination" in operation.data)
    paging = operation.data["x-pagination"]
    with mock_service(work) as service:
        headers = {token_header(contract): TOKEN}
        answer = httpx.post(service + operation.path, json={paging["all"]: True}, headers=headers)
        items: list[Json] = resolve(answer.raise_for_status().json(), paging["items"])
    model = _item_model(operation.data, wire, paging["items"])
    lines = [json.dumps(_fitted(item, model), ensure_ascii=False) for item in items]
    write_text(work / "tickets.jsonl", "\n".join(lines) + "\n")
    database = f"sqlite:///{work / 'tickets.db'}"
    (work / "tickets.db").unlink(missing_ok=True)
    loaded = subprocess.run(  # noqa: S603
        _mock("load", "--database", database, str(work / "tickets.jsonl")),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if loaded.returncode != 0:
        raise Refused(f"The mock does not take the tickets: {loaded.stderr.strip()}", exit_code=2)
    with mock_service(work, "--database", database) as service:
        yield service


def _mock(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "mock_service", *arguments]


def _item_model(operation: Json, wire: Json, place: str) -> Json:
    """The schema of the items at a JSON pointer into the operation's good answer."""
    schema: Json = operation["responses"]["200"]["content"]["application/json"]["schema"]
    for name in place.strip("/").split("/"):
        schema = _target(schema, wire)["properties"][name]
    return _target(_target(schema, wire)["items"], wire)


def _target(schema: Json, wire: Json) -> Json:
    reference = schema.get("$ref") or schema.get("allOf", [{}])[0].get("$ref")
    return resolve(wire, reference) if reference else schema


def _fitted(item: Json, model: Json) -> Json:
    """An item with each text that should be a number or a boolean turned into one."""
    types = {name: member.get("type") for name, member in model["properties"].items()}
    return {name: _value(value, types.get(name)) for name, value in item.items()}


def _value(value: Any, kind: str | None) -> Any:
    if not isinstance(value, str) or kind not in ("integer", "number", "boolean"):
        return value
    return json.loads(value)
