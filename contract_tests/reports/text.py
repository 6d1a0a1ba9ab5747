"""Reports in text: the console's summary, `summary.md` for a job's page, and annotations of GitHub Actions."""

import shlex
from collections.abc import Iterator
from pathlib import Path

from contract_tests.reports.tree import Tree

#: Breaches shown in full on a console.
SHOWN = 10


def console(tree: Tree, folder: Path) -> str:
    """What a person sees at the end of a run: the verdict, each breach with what was sent, the warnings by name.

    `folder` holds the reports; it is named where a command needs it.
    """
    if tree["exit_code"] == 2:
        return f"{_headline(tree)}\n"
    lines = [_headline(tree), _figures(tree), ""]
    for one in [one for one in tree["obligations"] if one["breach"]][:SHOWN]:
        lines += [*_breach(one, folder), ""]
    hidden = len(tree["breaches"]) - SHOWN
    if hidden > 0:
        lines += [f"… and {hidden} more breaches; the report shows them all.", ""]
    lines += [f"known failures: {complaint}" for complaint in tree["complaints"]]
    lines += tree["remarks"]
    accepted = [one["id"] for one in tree["obligations"] if one["known"] and one["verdict"] == "fail"]
    if accepted:
        lines.append(f"Known failures, not counted: {', '.join(accepted)}")
    for verdict, title in (("fail", "Warnings (assumptions that do not hold here)"), ("error", "No judgement")):
        named = [one["id"] for one in tree["obligations"] if one["verdict"] == verdict and not one["breach"]]
        named = [name for name in named if name not in accepted]
        if named:
            lines.append(f"{title}: {', '.join(named)}")
    return "\n".join(lines).rstrip() + "\n"


def markdown(tree: Tree, folder: Path) -> str:
    """`summary.md`: the verdict, a table by level, and each breach folded with its evidence."""
    lines = [
        f"## {_headline(tree)}",
        "",
        _figures(tree),
        "",
        "| level | pass | fail | inconclusive | skipped | error |",
    ]
    lines.append("|---|---|---|---|---|---|")
    for level, counts in tree["counts"].items():
        lines.append(f"| {level} | {' | '.join(str(counts[key]) for key in counts)} |")
    for complaint in tree["complaints"]:
        lines += ["", f"**Known failures:** {complaint}"]
    for remark in tree["remarks"]:
        lines += ["", remark]
    for one in [one for one in tree["obligations"] if one["breach"]]:
        lines += ["", f"<details><summary><code>{one['id']}</code> {one['says']}</summary>", ""]
        fence = "````"
        lines += [fence, *_breach(one, folder), fence, "</details>"]
    return "\n".join(lines) + "\n"


def annotations(tree: Tree) -> Iterator[str]:
    """Workflow commands of GitHub Actions: an error at the spec's line for each breach, a warning for an assumption."""
    for one in tree["obligations"]:
        if one["verdict"] == "fail" and not one["known"]:
            kind = "error" if one["breach"] else "warning"
            place = f"file={_property(one['place']['file'])},line={one['place']['line']}"
            yield f"::{kind} {place},title={_property(one['id'])}::{_data(one['says'] + chr(10) + one['message'])}"
    if tree["exit_code"] == 2:
        yield f"::error title=Could not judge::{_data(tree['stopped'])}"


def _headline(tree: Tree) -> str:
    what = f"{tree['target']} {tree['verdict']}"
    if tree["exit_code"] == 2:
        return f"Could not judge {tree['target']}: {tree['stopped']}"
    if tree["breaches"]:
        return f"{what}: {len(tree['breaches'])} obligation{'s' if len(tree['breaches']) > 1 else ''} broken"
    if tree["complaints"]:
        return f"{what}: the known failures need attention"
    return f"{what}{', as far as the run went' if tree['stopped'] else ''}"


def _figures(tree: Tree) -> str:
    level = "documented" if any(tree["counts"]["documented"].values()) else "assumed"
    counts, covered = tree["counts"][level], tree["coverage"]["request"]
    parts = [f"{counts[key]} {key}" for key in counts if counts[key]]
    figures = (
        f"{level}: {', '.join(parts)} · request side {covered['judged']}/{covered['needed']} probes judged"
        f" · {tree['requests']} requests in {tree['observed']['seconds']:.1f} s · seed {tree['settings']['seed']}"
    )
    return figures + (f"\n{tree['stopped']}" if tree["stopped"] and tree["exit_code"] != 2 else "")


def _breach(one: Tree, folder: Path) -> Iterator[str]:
    yield f"{one['id']}  {one['says']}"
    yield from one["message"].splitlines()
    yield f"Where:      {one['place']['file']}:{one['place']['line']} ({one['source']['text']}; {one['level']})"
    for finding in one["evidence"][:1]:
        for exchange in finding["exchanges"][-1:]:
            yield f"Sent:       {_short(exchange['curl'], 1200)}"
            answer = exchange["response"]
            yield f"Answered:   {answer['error'] or answer['status']} {_short(answer['body'], 300, answer['length'])}"
        yield f"Again:      python -m contract_tests replay {finding['case']} --report {shlex.quote(str(folder))}"


def _short(text: str, shown: int, length: int | None = None) -> str:
    """The beginning of a text; `length` is that of the whole, where the text is only its beginning."""
    return text if len(text) <= shown else f"{text[:shown]}… ({length or len(text)} characters)"


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
