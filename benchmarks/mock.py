"""The mock beside Prism, beside a constant answer, and with a million tickets.

`python -m benchmarks.mock [prism] [page] [million]`. Figures of different servers come from alternating rounds of one
run. Beside requests per second of the clock stand requests per second of the server's own processor time, which other
work on the machine changes little.
Prism and the load generator come from the npm registry, in pinned versions, into build/benchmarks.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "benchmarks"
PACKAGES = ["@stoplight/prism-cli@5.14.2", "autocannon@9.0.0"]
PATH = "/v2/incidents/list"
CONNECTIONS = 16
SECONDS = 4
ROUNDS = 3
SMALL, LARGE = 10_000, 1_000_000
ACCESS_KEY, SECRET_KEY = "DEMOACCESSKEY", "demo-secret-key"


def main() -> int:
    """Run what the arguments name, or everything."""
    wanted = sys.argv[1:] or ["prism", "page", "million"]
    for name in wanted:
        {"prism": beside_prism, "page": beside_a_constant, "million": with_a_million}[name]()
    return 0


def beside_prism() -> None:
    """Requests per second on the page's example: Prism's canned answer, ours filtered, with signatures checked."""
    spec = ROOT / "spec" / "openapi.yaml"
    document = yaml.safe_load(spec.read_text("utf-8"))
    content = document["paths"][PATH]["post"]["requestBody"]["content"]["application/json"]
    body = json.dumps(next(iter(content["examples"].values()))["value"]).encode()
    port = free_port()
    with ExitStack() as stack:
        plain = stack.enter_context(mock())
        checked = stack.enter_context(mock("--auth", "required"))
        two = stack.enter_context(mock("--auth", "required", "--workers", "2"))
        prism = stack.enter_context(
            process([npm("prism"), "mock", str(spec), "--port", str(port)], f"http://127.0.0.1:{port}")
        )
        targets = {
            "Prism, canned": (prism, {"X-Auth-Token": "any"}),
            "mock, filtering": (plain, {}),
            "mock, filtering, signatures checked": (checked, signed(checked.address, body)),
            "the same, 2 workers": (two, signed(two.address, body)),
        }
        report("the page's example", rounds(targets, body), "Prism, canned")


def beside_a_constant() -> None:
    """Requests per second of a full page of 200 tickets, and of a constant answer of that size from the same server."""
    body = json.dumps({"per_page": 200, "contain_total": False}).encode()
    with mock() as full:
        answer = urllib.request.urlopen(post(full.address, body)).read()  # noqa: S310
        size = WORK / "constant.json"
        WORK.mkdir(parents=True, exist_ok=True)
        size.write_bytes(answer)
        command = [sys.executable, "-m", "benchmarks.mock_constant", str(size)]
        with process(command) as constant:
            found = rounds({"constant": (constant, {}), "mock, 200 tickets": (full, {})}, body)
            report(f"a page of 200 tickets, {len(answer):,} bytes", found, "constant")


def with_a_million() -> None:
    """Milliseconds of a query among 10,000 and among 1,000,000 tickets, and seconds to start."""
    day = 86_400_000
    since = 1_735_689_600_000 + 119 * day
    key = {"field": "ticket_id", "operator": "=", "values": ["IM202504101040380143526000"]}
    queries: dict[str, dict[str, object]] = {
        "key": {"string_filters": [key]},
        "level, newest first, no total": {
            "string_filters": [{"field": "level_id", "operator": "in", "values": ["level_10"]}],
            "contain_total": False,
        },
        "two statuses and a time, newest first, no total": {
            "string_filters": [
                {"field": "work_flow_status", "operator": "=", "values": ["pausing"]},
                {"field": "create_time", "operator": ">", "values": [str(since)]},
            ],
            "contain_total": False,
        },
        "newest first, no total": {"contain_total": False},
        "level, newest first, with total": {
            "string_filters": [{"field": "level_id", "operator": "=", "values": ["level_10"]}]
        },
        "like, unindexed, with total": {"string_filters": [{"field": "title", "operator": "like", "values": ["zzz"]}]},
    }
    times: dict[int, dict[str, float]] = {}
    for number in (SMALL, LARGE):
        file = WORK / f"{number}.db"
        WORK.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            print(f"making {number:,} tickets ...", flush=True)
            with mock("--database", f"sqlite:///{file}", "--tickets", str(number)):
                pass
        began = time.perf_counter()
        with mock("--database", f"sqlite:///{file}") as server:
            print(f"started with {number:,} stored tickets in {time.perf_counter() - began:.2f} s")
            times[number] = {name: milliseconds(server.address, query) for name, query in queries.items()}
    print(f"\n{'query, milliseconds (median of 20)':50} {SMALL:>10,} {LARGE:>10,}  ratio")
    for name in queries:
        small, large = times[SMALL][name], times[LARGE][name]
        print(f"{name:50} {small:10.2f} {large:10.2f} {large / small:6.2f}")


def milliseconds(address: str, query: dict[str, object]) -> float:
    """The median time of a query over a fresh connection."""
    body = json.dumps(query).encode()
    times = []
    for _ in range(20):
        began = time.perf_counter()
        urllib.request.urlopen(post(address, body)).read()  # noqa: S310
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def rounds(targets: dict[str, tuple[Server, dict[str, str]]], body: bytes) -> dict[str, list[tuple[float, float]]]:
    """Requests per second of the clock and of processor time, of each target once a round, the targets taking turns."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in targets}
    for number in range(-1, ROUNDS):  # the first round warms up
        for name, (server, headers) in targets.items():
            before = server.processor_seconds()
            rate, requests = load(server.address, body, headers, SECONDS if number >= 0 else 1)
            if number >= 0:
                found[name].append((rate, requests / (server.processor_seconds() - before)))
    return found


def load(address: str, body: bytes, headers: dict[str, str], seconds: int) -> tuple[float, int]:
    """Requests per second, and requests in all, under CONNECTIONS connections; every answer must be a 200."""
    command = [
        npm("autocannon"),
        "--json",
        "-c",
        str(CONNECTIONS),
        "-d",
        str(seconds),
        "-m",
        "POST",
        "-b",
        body.decode(),
    ]
    for name, value in {"Content-Type": "application/json", **headers}.items():
        command += ["-H", f"{name}={value}"]
    done = subprocess.run([*command, f"{address}{PATH}"], check=True, capture_output=True, text=True)  # noqa: S603
    result = json.loads(done.stdout)
    if result["non2xx"] or result["errors"]:
        raise SystemExit(f"{address}: {result['non2xx']} answers were not 2xx, {result['errors']} requests failed")
    return result["requests"]["average"], result["requests"]["total"]


def report(title: str, found: dict[str, list[tuple[float, float]]], base: str) -> None:
    """A table of medians, and how many times the base each is."""
    medians = {
        name: [statistics.median(column) for column in zip(*rates, strict=True)] for name, rates in found.items()
    }
    print(f"\n{title}; {CONNECTIONS} connections, median of {ROUNDS} rounds of {SECONDS} s")
    print(f"  {'requests a second':40} {'of the clock':>18} {'of processor time':>20}")
    for name, (clock, processor) in medians.items():
        times = [value / unit for value, unit in zip((clock, processor), medians[base], strict=True)]
        print(f"  {name:40} {clock:8.0f} {times[0]:7.2f} x {processor:10.0f} {times[1]:7.2f} x")


def signed(address: str, body: bytes) -> dict[str, str]:
    """The headers of the request, signed with the demo account's key."""
    host = address.removeprefix("http://")
    date = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "POST",
        f"{PATH}/",
        "",
        f"host:{host}",
        f"x-sdk-date:{date}",
        "",
        "host;x-sdk-date",
        hashlib.sha256(body).hexdigest(),
    ]
    to_sign = f"SDK-HMAC-SHA256\n{date}\n{hashlib.sha256(chr(10).join(lines).encode()).hexdigest()}"
    signature = hmac.new(SECRET_KEY.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    value = f"SDK-HMAC-SHA256 Access={ACCESS_KEY}, SignedHeaders=host;x-sdk-date, Signature={signature}"
    return {"X-Sdk-Date": date, "Authorization": value}


def post(address: str, body: bytes) -> urllib.request.Request:
    """The request for urllib."""
    return urllib.request.Request(f"{address}{PATH}", body, {"Content-Type": "application/json"})  # noqa: S310


def npm(name: str) -> str:
    """The path of a tool from the npm registry, installed when it is not there."""
    tool = WORK / "node_modules" / ".bin" / name
    if not tool.exists():
        WORK.mkdir(parents=True, exist_ok=True)
        print(f"installing {' and '.join(PACKAGES)} into {WORK.relative_to(ROOT)} ...", flush=True)
        command = ["npm", "install", "--silent", "--no-save", "--prefix", str(WORK), *PACKAGES]
        subprocess.run(command, check=True)  # noqa: S603
    return str(tool)


@dataclass
class Server:
    """A server in a process of its own."""

    address: str
    process: int

    def processor_seconds(self) -> float:
        """What the process and its children have used so far."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                values = stat.read_text().rpartition(")")[2].split()
                if self.process in (int(stat.parent.name), int(values[1])):
                    ticks += int(values[11]) + int(values[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def mock(*arguments: str) -> Iterator[Server]:
    """A mock."""
    with process([sys.executable, "-m", "mock_service", "--port", "0", *arguments]) as server:
        yield server


@contextmanager
def process(command: list[str], address: str = "") -> Iterator[Server]:
    """A server, once it says that it listens; at `address`, or where it says."""
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    ) as child:
        try:
            for line in child.stdout or ():
                if found := re.search(r"istening on (http://\S+)", line):
                    yield Server(address or found[1], child.pid)
                    break
            else:
                raise SystemExit(f"{command[0]} did not start")
        finally:
            child.terminate()


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    raise SystemExit(main())
