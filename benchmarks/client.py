"""The client beside its peers: decoding one page, paging 20,000 tickets, importing.

`python -m benchmarks.client [decode] [paging] [import]`. The peers take turns in one run, so that their ratio means
something on a busy machine; figures are medians. Each promise is printed with what was measured, and exit code 1 says
that one was not kept.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, get_args, get_origin

from benchmarks.promises import promised

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "benchmarks"
SEED = 20251124
TICKETS = 20_000
KEYS = ("DEMOACCESSKEY", "demo-secret-key")


def main() -> int:
    """Run what the arguments name, or everything."""
    wanted = sys.argv[1:] or ["decode", "paging", "import"]
    measures = {"decode": decoding, "paging": paging, "import": importing}
    kept = [promise for name in wanted for promise in measures[name]()]
    return 0 if all(kept) else 1


# --- decoding


def page_of_tickets(count: int = 200) -> bytes:
    """One page as the wire has it: the page's own ticket, with texts of many lengths."""
    example = json.loads((ROOT / "spec/source/examples/response-200.json").read_text("utf-8"))
    seed = random.Random(SEED)  # noqa: S311
    ticket = example["data"]["tickets"][0]
    words = ["disk", "full", "磁盘", "已满", "latency", "order", "database", "region"]
    tickets = []
    for number in range(count):
        text = " ".join(seed.choices(words, k=seed.randint(5, 40)))
        times = {"create_time": ticket["create_time"] + number, "update_time": ticket["update_time"] + number}
        tickets.append({**ticket, "ticket_id": f"IM{number:026}", "description": text[:255], **times})
    example["data"]["tickets"] = tickets
    return json.dumps(example, ensure_ascii=False, separators=(",", ":")).encode()


def decoding() -> Iterator[bool]:
    """CPU milliseconds to decode one page of 200 tickets, ours and others, taking turns."""
    import msgspec  # noqa: PLC0415  # each measure loads its own peers
    from coc_incidents import ListIncidentsResponseBody  # noqa: PLC0415

    raw = page_of_tickets()
    ours = msgspec.json.Decoder(ListIncidentsResponseBody)
    plain = msgspec.json.Decoder(as_struct(ListIncidentsResponseBody))
    stock = stock_class("ListIncidentsResponseBody")
    gc.collect()
    gc.freeze()  # the collector shall not walk what this benchmark itself has loaded
    found = turns(
        {
            "json.loads": lambda: json.loads(raw),
            "this client, typed": lambda: ours.decode(raw),
            "stock openapi-python-client": lambda: stock.from_dict(json.loads(raw)),
            "msgspec, plain Structs": lambda: plain.decode(raw),
        },
        rounds=8,
    )
    print(f"decoding one page of 200 tickets, {len(raw):,} bytes, CPU milliseconds")
    for name, value in found.items():
        print(f"  {name:30} {value:8.3f}")
    base = found["this client, typed"]
    yield promised("of json.loads", base / found["json.loads"], 1.0)
    yield promised("of stock openapi-python-client", base / found["stock openapi-python-client"], 1 / 3)
    yield promised("of msgspec into plain Structs", base / found["msgspec, plain Structs"], 2.5)


def turns(measured: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median CPU milliseconds of a call of each, ten in a row, the measured taking turns."""
    times: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(rounds):
        for name, work in measured.items():
            for _ in range(10):
                began = time.process_time()
                work()
                times[name].append((time.process_time() - began) * 1000)
    return {name: statistics.median(found) for name, found in times.items()}


def as_struct(kind: Any) -> Any:
    """The same members as plain Structs, without conversions: what msgspec does at its best."""
    import attrs  # noqa: PLC0415
    import msgspec  # noqa: PLC0415

    if attrs.has(kind):
        hints = msgspec._utils.get_class_annotations(kind)  # type: ignore[attr-defined]
        return msgspec.defstruct(kind.__name__, [(name, as_struct(hint), None) for name, hint in hints.items()])
    arguments = get_args(kind)
    if get_origin(kind) is list:
        return list[as_struct(arguments[0])]  # type: ignore[misc]
    if hasattr(kind, "__metadata__"):
        return as_struct(arguments[0])
    if not arguments:
        return kind
    union = as_struct(arguments[0])
    for argument in arguments[1:]:
        union |= as_struct(argument)
    return union


def stock_class(name: str) -> Any:
    """A class of the client that openapi-python-client writes with its own templates."""
    from openapi_python_client import generate  # noqa: PLC0415
    from openapi_python_client.config import Config, ConfigFile, MetaType  # noqa: PLC0415

    folder = WORK / "stock"
    shutil.rmtree(folder, ignore_errors=True)
    names = ConfigFile(project_name_override="stock", package_name_override="stock_client", post_hooks=[])
    spec = ROOT / "spec" / "openapi.yaml"
    generate(config=Config.from_sources(names, MetaType.UV, spec, "utf-8", True, folder))
    sys.path.insert(0, str(folder))
    return getattr(importlib.import_module("stock_client.models"), name)


# --- paging


OURS = """
import sys, time
from coc_incidents import AkSkAuth, Client
client = Client(sys.argv[1], AkSkAuth(*sys.argv[2:4]))
def paged(count):
    return sum(1 for _ in client.iter_incidents(per_page=200, max_items=count))
"""
VENDORS = """
import sys, time
from huaweicloudsdkcoc import v1
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
body = getattr(v1, v1.ListIncidentsRequest.openapi_types["body"])
credentials = GlobalCredentials(*sys.argv[2:4], "domain")
client = v1.CocClient.new_builder().with_credentials(credentials).with_endpoints([sys.argv[1]]).build()
def paged(count):
    numbers = range(1, count // 200 + 1)
    requests = (v1.ListIncidentsRequest(body=body(page=number, per_page=200)) for number in numbers)
    return sum(len(client.list_incidents(request).data["tickets"]) for request in requests)
"""
BARE = """
import sys, time
import httpx
client = httpx.Client()
def paged(count):
    for number in range(1, count // 200 + 1):
        client.post(sys.argv[1] + "/v2/incidents/list", json={"page": number, "per_page": 200}).content
    return count
"""
TIMED = """
paged(2000)
for line in sys.stdin:
    began = time.process_time()
    assert paged(int(line)) == int(line)
    print(time.process_time() - began, flush=True)
"""
STRETCH = 2_000
"""So many tickets a client pages before the next has its turn: the machine is about as busy for each of them."""


def paging() -> Iterator[bool]:
    """CPU milliseconds per page of 200 tickets, signed, from the loopback mock; each client in a process of its own.

    All keep one connection open. Each pages 20,000 tickets ten times, in short turns of changing order.
    """
    programs = {"vendor's SDK, untyped": VENDORS, "this client, typed": OURS, "bare httpx, not decoded": BARE}
    with mock("--tickets", str(TICKETS)) as address, ExitStack() as stack:
        clients = {name: stack.enter_context(client(code, address)) for name, code in programs.items()}
        times: dict[str, list[float]] = {name: [] for name in programs}
        order = random.Random(SEED)  # noqa: S311
        for _ in range(10 * TICKETS // STRETCH):
            for name in order.sample(list(clients), len(clients)):
                times[name].append(clients[name]() * 1000 / (STRETCH / 200))
        print(f"paging {TICKETS:,} tickets, CPU milliseconds of the client per page of 200")
        found = {name: statistics.median(values) for name, values in times.items()}
        for name, value in found.items():
            print(f"  {name:30} {value:8.2f}")
        yield promised("of the vendor's SDK", found["this client, typed"] / found["vendor's SDK, untyped"], 0.6)
        more, fewer = peak(address, TICKETS), peak(address, TICKETS // 10)
        yield promised("peak memory, 20,000 tickets to 2,000", more / fewer, 1.1)


@contextmanager
def client(code: str, address: str) -> Iterator[Callable[[], float]]:
    """One client in a process of its own: a call pages `STRETCH` tickets, and gives the seconds of CPU it took."""
    words = [sys.executable, "-c", code + TIMED, address, *KEYS]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdin is not None
        assert process.stdout is not None
        asked, answered = process.stdin, process.stdout

        def turn() -> float:
            print(STRETCH, file=asked, flush=True)
            return float(answered.readline())

        yield turn
        asked.close()


def peak(address: str, count: int) -> float:
    """Peak resident kilobytes of a process that pages so many tickets."""
    code = (
        "import resource, sys; from coc_incidents import Client\n"
        "for _ in Client(sys.argv[1]).iter_incidents(per_page=200, max_items=int(sys.argv[2])): pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code, address, str(count)], capture_output=True, text=True, check=True)  # noqa: S603
    return float(done.stdout)


@contextmanager
def mock(*options: str) -> Iterator[str]:
    """The address of a mock in a process of its own."""
    words = [sys.executable, "-m", "mock_service", "--port", "0", *options]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        line = next(line for line in process.stdout if line.startswith("listening on "))
        try:
            yield line.removeprefix("listening on ").strip()
        finally:
            process.terminate()


# --- the import


def importing() -> Iterator[bool]:
    """Milliseconds of CPU to import in a fresh process, less those of an empty one, taking turns.

    With bytecode on disk, as an installer leaves it, whatever this process was told about writing any.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    codes = {
        "nothing": "pass",
        "httpx, msgspec, attrs": "import httpx, msgspec, attrs",
        "coc_incidents": "import coc_incidents",
    }
    times: dict[str, list[float]] = {name: [] for name in codes}
    for code in codes.values():
        subprocess.run([sys.executable, "-c", code], check=True, env=environment)  # noqa: S603 - writes the bytecode
    for _ in range(15):
        for name, code in codes.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-c", code], check=True, env=environment)  # noqa: S603
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times[name].append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
    found = {name: statistics.median(values) for name, values in times.items()}
    print("importing in a fresh process, CPU milliseconds")
    for name, value in found.items():
        print(f"  {name:30} {value:8.1f}")
    empty = found.pop("nothing")
    yield promised(
        "of httpx, msgspec, attrs", (found["coc_incidents"] - empty) / (found["httpx, msgspec, attrs"] - empty), 1.3
    )


if __name__ == "__main__":
    sys.exit(main())
