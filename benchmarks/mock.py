"""The mock beside Prism, beside a constant answer, and with a million tickets.

`python -m benchmarks.mock [prism] [page] [million] [postgresql]`. Figures of different servers come from alternating
rounds of one run. Beside requests per second of the clock stand requests per second of the server's own processor
time, which other work on the machine changes little. Each promise is printed with what was measured, and exit code 1
says that one was not kept.
Prism and the load generator come from the npm registry, in pinned versions, into build/benchmarks. `postgresql` needs
COC_TEST_POSTGRES, the URL of a server on which databases may be created; without arguments it is left out.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
import yaml

from benchmarks.promises import promised

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "benchmarks"
PACKAGES = ["@stoplight/prism-cli@5.14.2", "autocannon@9.0.0"]
PATH = "/v2/incidents/list"
UNIQUE = "[<id>]"
CONNECTIONS = 16
SECONDS = 4
ROUNDS = 3
SMALL, LARGE = 10_000, 1_000_000
STARTS, TURNS = 3, 41
OURS = "mock, 200 tickets"
ACCESS_KEY, SECRET_KEY = "DEMOACCESSKEY", "demo-secret-key"


def main() -> int:
    """Run what the arguments name, or everything."""
    wanted = sys.argv[1:] or ["prism", "page", "million"]
    measures = {"prism": beside_prism, "page": beside_a_constant, "million": with_a_million}
    measures["postgresql"] = with_a_million_in_postgresql
    kept = [promise for name in wanted for promise in measures[name]()]
    return 0 if all(kept) else 1


def beside_prism() -> Iterator[bool]:
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
            "mock, filtering, no body comes twice": (plain, {}, ever_new(body)),
        }
        medians = report("the page's example", rounds(targets, body), "Prism, canned")
    for name in list(medians)[1:4]:  # what comes once costs a plan, too: shown, and promised to nobody
        yield from of_both(medians, "Prism, canned", name, 1 / 3)


def ever_new(body: bytes) -> bytes:
    """The same query, with a place that the load generator fills anew for each request; no operator reads it."""
    query = json.loads(body)
    query["sort_filter"]["values"] = [UNIQUE]
    return json.dumps(query).encode()


def beside_a_constant() -> Iterator[bool]:
    """Requests per second of a full page of 200 tickets, and of a constant answer of that size from the same server."""
    body = json.dumps({"per_page": 200, "contain_total": False}).encode()
    with mock() as full:
        answer = urllib.request.urlopen(post(full.address, body)).read()  # noqa: S310
        size = WORK / "constant.json"
        WORK.mkdir(parents=True, exist_ok=True)
        size.write_bytes(answer)
        command = [sys.executable, "-m", "benchmarks.mock_constant", str(size)]
        with process(command) as constant:
            found = rounds({"constant": (constant, {}), OURS: (full, {})}, body)
            medians = report(f"a page of 200 tickets, {len(answer):,} bytes", found, "constant")
            yield from of_both(medians, "constant", OURS, 3)


def with_a_million() -> Iterator[bool]:
    """Seconds to start with 1,000,000 tickets, and milliseconds of queries beside 10,000, the two taking turns."""
    files = {number: stored(number) for number in (SMALL, LARGE)}
    seconds = []
    for _ in range(STARTS):
        began = time.perf_counter()
        with mock("--database", f"sqlite:///{files[LARGE]}"):
            seconds.append(time.perf_counter() - began)
    print(f"\nstart with {LARGE:,} stored tickets, from the command to listening, median of {STARTS}")
    yield promised("seconds", statistics.median(seconds), 2)
    with ExitStack() as stack:
        servers = [stack.enter_context(mock("--database", f"sqlite:///{files[number]}")) for number in (SMALL, LARGE)]
        yield from indexed(servers)
        scan = statistics.median(bare_scan(files[LARGE], f"z{turn}z") for turn in range(5))
        print(f"\nasked for the first time, with total; one bare scan in SQLite takes {scan:.0f} ms")
        for name, variants in first_queries().items():
            [large] = in_turns(servers[1:], variants)
            print(f"{name:60} {large:21.2f}")
            yield promised("scans", large / scan, 1.5)


def indexed(servers: list[Server]) -> Iterator[bool]:
    """Indexed filters at a server of SMALL tickets and one of LARGE."""
    print(f"\n{f'indexed filters: milliseconds, median of {TURNS}':60} {SMALL:>10,} {LARGE:>10,}")
    for name, query in indexed_queries().items():
        small, large = in_turns(servers, [query] * TURNS)
        print(f"{name:60} {small:10.2f} {large:10.2f}")
        yield promised("times as long", large / small, 2)


def with_a_million_in_postgresql() -> Iterator[bool]:
    """The same queries on PostgreSQL, whose databases `coc_benchmark_NUMBER` are made once."""
    server = os.environ.get("COC_TEST_POSTGRES")
    if not server:
        raise SystemExit("name a PostgreSQL server in COC_TEST_POSTGRES, such as postgresql://postgres@127.0.0.1/test")
    with ExitStack() as stack:
        servers = []
        for number in (SMALL, LARGE):
            print(f"\nmaking {number:,} tickets in PostgreSQL, unless they are there ...", flush=True)
            database = postgresql_database(server, f"coc_benchmark_{number}")
            renew = [sys.executable, "-m", "mock_service", "renew", "--database", database]
            subprocess.run(renew, check=True, cwd=ROOT)  # noqa: S603
            servers.append(stack.enter_context(mock("--database", database, "--tickets", str(number))))
        yield from indexed(servers)


def postgresql_database(server: str, name: str) -> str:
    """The URL of a database beside the one that `server` names; it is created when it is not there."""
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    with sa.create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        known = connection.execute(sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).first()
        if known is None:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    return url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)


def filtering(field: str, operator: str, *values: str) -> dict[str, object]:
    """A query with one filter; total and default order as the contract has them."""
    return {"string_filters": [{"field": field, "operator": operator, "values": list(values)}]}


def indexed_queries() -> dict[str, dict[str, object]]:
    """First pages through indexes. All say the total, unless their name denies it."""
    late = str(1_735_689_600_000 + 119 * 86_400_000)
    level, by_update = (
        filtering("level_id", "=", "level_10"),
        {"field": "update_time", "operator": "asc", "values": ["x"]},
    )
    status = {"field": "work_flow_status", "operator": "=", "values": ["pausing"]}
    time_too = {"string_filters": [status, {"field": "create_time", "operator": ">", "values": [late]}]}
    no_total = {"contain_total": False}
    return {
        "key": filtering("ticket_id", "=", "IM202504101040380143526000"),
        "newest first": {},
        "level": level,
        "two levels": filtering("level_id", "in", "level_10", "level_20"),
        "level, by another time": {**level, "sort_filter": by_update},
        "level, by another time, no total": {**level, "sort_filter": by_update, **no_total},
        "status": {"string_filters": [status]},
        "status and a time, no total": {**time_too, **no_total},
        "a time, no total": {**filtering("create_time", ">", late), **no_total},
        "newest first, 200 tickets": {"per_page": 200},
    }


def first_queries() -> dict[str, list[dict[str, object]]]:
    """Queries whose total must be counted; none comes twice, as the second time it is remembered."""
    levels = [f"level_{each}0" for each in range(1, 6)]
    status = {"field": "work_flow_status", "operator": "=", "values": ["pausing"]}
    times = [str(1_735_689_600_000 + (20 + each) * 86_400_000) for each in range(5)]
    return {
        "like, nothing fits": [filtering("title", "like", f"z{each}z") for each in range(5)],
        "like, many fit": [filtering("title", "like", each) for each in ("order", "full", "of", "is", "db")],
        "level and status": [
            {"string_filters": [status, {"field": "level_id", "operator": "=", "values": [each]}]} for each in levels
        ],
        "a time": [filtering("create_time", ">", each) for each in times],
    }


def stored(number: int) -> Path:
    """A database of so many made tickets, kept in build/benchmarks; one of another contract or layout is made anew."""
    shape = b"".join((ROOT / name).read_bytes() for name in ("spec/openapi.yaml", "mock_service/layout.py"))
    made = f"{number}-{hashlib.sha256(shape).hexdigest()[:8]}"
    file = WORK / f"{made}.db"
    if not file.exists():
        for old in WORK.glob(f"{number}-*.db*"):
            old.unlink()
        print(f"making {number:,} tickets, once ...", flush=True)
        WORK.mkdir(parents=True, exist_ok=True)
        half = WORK / f"{made}.db.half"
        half.unlink(missing_ok=True)
        with mock("--database", f"sqlite:///{half}", "--tickets", str(number)):
            pass
        half.rename(file)
    return file


def in_turns(servers: list[Server], queries: list[dict[str, object]]) -> list[float]:
    """The median milliseconds of a query at each server, which take turns, over one connection to each."""
    connections = [http.client.HTTPConnection(server.address.removeprefix("http://")) for server in servers]
    times: list[list[float]] = [[] for _ in servers]
    for query in queries:
        body = json.dumps(query).encode()
        for connection, found in zip(connections, times, strict=True):
            began = time.perf_counter()
            connection.request("POST", PATH, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            content = answer.read()
            found.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                raise SystemExit(f"{connection.host}: {answer.status} {content[:200]!r}")
    for connection in connections:
        connection.close()
    return [statistics.median(found) for found in times]


def bare_scan(file: Path, word: str) -> float:
    """Milliseconds in which SQLite itself, in this process, reads every title once."""
    with closing(sqlite3.connect(file)) as connection:
        began = time.perf_counter()
        connection.execute('SELECT count(*) FROM "ListIncidents" WHERE instr(title, ?) > 0', (word,)).fetchone()
        return (time.perf_counter() - began) * 1000


def rounds(targets: dict[str, Target], body: bytes) -> dict[str, list[tuple[float, float]]]:
    """Requests per second of the clock and of processor time, of each target once a round, the targets taking turns."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in targets}
    for number in range(-1, ROUNDS):  # the first round warms up
        for name, (server, headers, *own) in targets.items():
            before = server.processor_seconds()
            rate, requests = load(server.address, own[0] if own else body, headers, SECONDS if number >= 0 else 1)
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
        *(["-I"] if UNIQUE in body.decode() else []),
    ]
    for name, value in {"Content-Type": "application/json", **headers}.items():
        command += ["-H", f"{name}={value}"]
    done = subprocess.run([*command, f"{address}{PATH}"], check=True, capture_output=True, text=True)  # noqa: S603
    result = json.loads(done.stdout)
    if result["non2xx"] or result["errors"]:
        raise SystemExit(f"{address}: {result['non2xx']} answers were not 2xx, {result['errors']} requests failed")
    return result["requests"]["average"], result["requests"]["total"]


def of_both(medians: dict[str, list[float]], base: str, ours: str, most: float) -> Iterator[bool]:
    """Requests of the base to one of ours. The clock flatters whom the load generator cannot keep busy."""
    for kind, one, other in zip(("the clock", "processor time"), medians[base], medians[ours], strict=True):
        yield promised(f"{base}: requests a second of {kind}, to those of {ours}", one / other, most)


def report(title: str, found: dict[str, list[tuple[float, float]]], base: str) -> dict[str, list[float]]:
    """A table of medians, of the clock and of processor time, and how many times the base each is."""
    medians = {
        name: [statistics.median(column) for column in zip(*rates, strict=True)] for name, rates in found.items()
    }
    print(f"\n{title}; {CONNECTIONS} connections, median of {ROUNDS} rounds of {SECONDS} s")
    print(f"  {'requests a second':40} {'of the clock':>18} {'of processor time':>20}")
    for name, (clock, processor) in medians.items():
        times = [value / unit for value, unit in zip((clock, processor), medians[base], strict=True)]
        print(f"  {name:40} {clock:8.0f} {times[0]:7.2f} x {processor:10.0f} {times[1]:7.2f} x")
    return medians


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


Target = tuple[Server, dict[str, str]] | tuple[Server, dict[str, str], bytes]
"""A server, the headers it is sent, and the body, when that is another than everybody's."""


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
