"""What a package needs of a document's head: a version that installs, and an address to go to."""

from __future__ import annotations

from typing import Any

import pytest

from generator.rendering import default_base_url, package_version


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.2.0", "1.2.0"),
        ("v1", "1"),
        ("1.0.0-beta.1", "1.0.0b1"),
        ("2022-11-28", "2022.11.28"),
        ("1.0.0 (draft)", "1.0.0"),
        ("latest", "0"),
    ],
)
def test_any_version_becomes_one_that_a_package_can_have(version: str, expected: str) -> None:
    """A document's version may be a date or a word; the package that is built of it has one that pip takes."""
    assert expected == package_version(version)


VARIABLES = {"region": {"default": "eu", "enum": ["eu", "us"]}, "port": {"default": "8443"}}


@pytest.mark.parametrize(
    ("servers", "expected"),
    [
        ([{"url": "https://{region}.example.com:{port}/v2", "variables": VARIABLES}], "https://eu.example.com:8443/v2"),
        ([{"url": "https://one.example"}, {"url": "https://two.example"}], "https://one.example"),
        ([{"url": "/api/v3"}], ""),
        ([{"url": "https://{nowhere}"}], ""),
        ([], ""),
    ],
)
def test_the_default_address_is_one_that_can_be_asked(servers: list[dict[str, Any]], expected: str) -> None:
    """Variables have their defaults; an address without a host, relative to the document, is none."""
    assert expected == default_base_url(servers)
