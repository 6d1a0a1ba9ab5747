"""The generator beside stock openapi-python-client, by the size of the document, and on a tree that did not change.

`python -m benchmarks.generate [stock] [growth] [check]`. Figures are seconds of processor time of whole commands,
their children (ruff among them) included, taking turns in one run; only `check` goes by the clock, as it was promised.
The type check is no part of `generate`, ours or theirs. Each promise is printed with what was measured, and exit
code 1 says that one was not kept.
"""

from __future__ import annotations

import copy
import json
import math
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from benchmarks.promises import promised

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "benchmarks" / "generate"
SPEC = ROOT / "spec" / "openapi.yaml"
TURNS = 5
SIZES = (50, 100, 200, 400, 800)
STOCK_UP_TO = 200


def main() -> int:
    """Run what the arguments name, or everything."""
    wanted = sys.argv[1:] or ["stock", "growth", "check"]
    measures = {"stock": beside_stock, "growth": by_size, "check": unchanged}
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    kept = [promise for name in wanted for promise in measures[name]()]
    return 0 if all(kept) else 1


def beside_stock() -> Iterator[bool]:
    """The contract: our whole `generate` (lint, audit, import and formatting included), and theirs with formatting."""
    times: dict[str, list[float]] = {"stock": [], "ours": []}
    for _ in range(TURNS):
        times["stock"].append(processor_seconds(stock(SPEC)))
        times["ours"].append(processor_seconds(ours(SPEC)))
    found = {name: statistics.median(values) for name, values in times.items()}
    print(f"generating the client of the contract, seconds of processor time, median of {TURNS}")
    print(f"  {'stock openapi-python-client':30} {found['stock']:8.2f}")
    print(f"  {'python -m generator generate':30} {found['ours']:8.2f}")
    yield promised("of stock openapi-python-client", found["ours"] / found["stock"], 2.0)


def by_size() -> Iterator[bool]:
    """The contract's own operations over and over, each with schemas of its own: time by the number of operations."""
    print("generating documents of so many operations, each with its own schemas, seconds of processor time")
    print(f"  {'operations':>10} {'ours':>8} {'doubling':>9} {'stock':>8} {'ratio':>6}")
    times = {1: processor_seconds(ours(repeated(1)))}
    for size in SIZES:
        times[size] = processor_seconds(ours(repeated(size)))
        doubling = f"{times[size] / times[size // 2]:9.2f}" if size // 2 in times else " " * 9
        theirs = processor_seconds(stock(repeated(size))) if size <= STOCK_UP_TO else 0.0
        beside = f"{theirs:8.2f} {times[size] / theirs:6.2f}" if theirs else ""
        print(f"  {size:10} {times[size]:8.2f} {doubling} {beside}", flush=True)
        if size == STOCK_UP_TO:
            yield promised(f"of stock openapi-python-client, {size} operations", times[size] / theirs, 2.0)
    grown = exponent([(size, times[size] - times[1]) for size in SIZES])
    yield promised("exponent of the time over the number of operations", grown, 1.15)


def unchanged() -> Iterator[bool]:
    """`check` on the tree as it is."""
    times = []
    for _ in range(TURNS):
        began = time.perf_counter()
        run([sys.executable, "-m", "generator", "check"])
        times.append(time.perf_counter() - began)
    print(f"`check` on an unchanged tree, seconds of the clock, the slowest of {TURNS}")
    yield promised("seconds", max(times), 2.0)


def ours(spec: Path) -> list[str]:
    """Our command on a document."""
    return [sys.executable, "-m", "generator", "generate", "--spec", str(spec), "--output", str(WORK / "ours")]


def stock(spec: Path) -> list[str]:
    """Theirs, with its own formatting by ruff."""
    shutil.rmtree(WORK / "stock", ignore_errors=True)
    tool = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "uv"]
    return [*tool, "--path", str(spec), "--output-path", str(WORK / "stock")]


def repeated(count: int) -> Path:
    """The contract with its operations repeated: other paths, ids and schema names, the same shapes."""
    path = WORK / f"{count}.json"
    if path.exists():
        return path
    document: dict[str, Any] = yaml.safe_load(SPEC.read_text("utf-8"))
    paths, schemas = document["paths"], document["components"]["schemas"]
    document["paths"], document["components"]["schemas"] = {}, dict(schemas)
    sources = [(route, method) for route, item in paths.items() for method in item]
    for number in range(count):
        route, method = sources[number % len(sources)]
        operation = suffixed(paths[route][method], number)
        operation["operationId"] += f"{number}"
        document["paths"][f"/{number}{route}"] = {method: operation}
        document["components"]["schemas"] |= {f"{n}N{number}": suffixed(s, number) for n, s in schemas.items()}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def suffixed(node: Any, number: int) -> Any:
    """A copy of a part of the contract whose references lead to the schemas of one repetition."""
    if isinstance(node, list):
        return [suffixed(value, number) for value in node]
    if not isinstance(node, dict):
        return copy.copy(node)
    found = {name: suffixed(value, number) for name, value in node.items()}
    if str(found.get("$ref", "")).startswith("#/components/schemas/"):
        found["$ref"] += f"N{number}"
    return found


def exponent(points: list[tuple[int, float]]) -> float:
    """The slope of the times over the sizes, both as logarithms, by least squares: 1 is linear."""
    xs, ys = [math.log(size) for size, _ in points], [math.log(seconds) for _, seconds in points]
    return statistics.linear_regression(xs, ys).slope


def processor_seconds(command: list[str]) -> float:
    """User and system seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(command: list[str]) -> None:
    """Run a command in the repository; the tools beside this Python are on its path, and a failure ends the run."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    raise SystemExit(main())
