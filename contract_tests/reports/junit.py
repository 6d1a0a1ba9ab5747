"""`junit.xml`: one suite for each table, one case for each obligation, with real failures, errors and skips."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from contract_tests.reports.tree import Tree, groups

#: What XML 1.0 cannot hold.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(tree: Tree) -> bytes:
    """The results tree as JUnit XML; a breach of an assumption that fails nothing is a skip with its message."""
    root = ET.Element("testsuites", name=f"{tree['contract']['title']} at {tree['target']}")
    for name, cases in groups(tree):
        suite = ET.SubElement(root, "testsuite", name=name, tests=str(len(cases)))
        for one in cases:
            _case(suite, name, one)
        for kind, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(kind, str(sum(case.find(tag) is not None for case in suite)))
    if tree["exit_code"] == 2:
        suite = ET.SubElement(root, "testsuite", name="Run", tests="1", failures="0", errors="1", skipped="0")
        case = ET.SubElement(suite, "testcase", classname="Run", name="could judge")
        ET.SubElement(case, "error", message=clean(tree["stopped"]))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _case(suite: ET.Element, name: str, one: Tree) -> None:
    case = ET.SubElement(suite, "testcase", classname=name, name=one["id"])
    place = one["place"]
    case.set("file", place["file"])
    case.set("line", str(place["line"]))
    details = "\n\n".join([one["message"], *(shown for finding in one["evidence"] for shown in _evidence(finding))])
    if one["breach"]:
        ET.SubElement(case, "failure", message=clean(one["message"]), type=one["severity"]).text = clean(details)
    elif one["verdict"] == "error":
        ET.SubElement(case, "error", message=clean(one["message"])).text = clean(details)
    elif one["verdict"] != "pass":
        why = f"known failure: {one['known']['reason']}" if one["known"] else f"{one['verdict']} ({one['level']})"
        ET.SubElement(case, "skipped", message=clean(f"{why}: {one['message']}"))


def _evidence(finding: Tree) -> list[str]:
    return [
        f"{exchange['curl']}\n{exchange['response']['status']} {exchange['response']['body'][:500]}"
        for exchange in finding["exchanges"]
    ]


def clean(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return UNWRITABLE.sub("�", text)
