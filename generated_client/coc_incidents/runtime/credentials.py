# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Credentials and endpoint from the environment and from the vendor's credentials file, under the vendor's names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import httpx

from .errors import CredentialsMissing
from .signing import AkSkAuth, TokenAuth

TOKEN = "COC_AUTH_TOKEN"  # noqa: S105  # a variable's name
ENDPOINT = "COC_ENDPOINT"
_PREFIX = "HUAWEICLOUD_SDK_"
_FILE = "HUAWEICLOUD_SDK_CREDENTIALS_FILE"
_KEYS = ("ak", "sk", "security_token", "project_id", "domain_id")
_SECTIONS = ("basic", "global")


def auth_from(environment: Mapping[str, str] = os.environ) -> httpx.Auth:
    """A signature from `HUAWEICLOUD_SDK_AK` and `_SK` (with `_SECURITY_TOKEN`, `_PROJECT_ID`, `_DOMAIN_ID`), else the
    token in `COC_AUTH_TOKEN`, else a signature from the credentials file (`HUAWEICLOUD_SDK_CREDENTIALS_FILE`, by
    default `~/.huaweicloud/credentials`, sections `[basic]` then `[global]`).

    Raises `CredentialsMissing` when none of them holds both keys.
    """
    keys = {name: environment.get(_PREFIX + name.upper(), "") for name in _KEYS}
    if keys["ak"] or keys["sk"]:
        return _signature(keys, "the environment")
    if environment.get(TOKEN):
        return TokenAuth(environment[TOKEN])
    path = Path(environment.get(_FILE) or Path.home() / ".huaweicloud" / "credentials")
    if path.is_file():
        return _from_file(path)
    raise CredentialsMissing(
        f"no credentials: set {_PREFIX}AK and {_PREFIX}SK, or {TOKEN}, or write [basic] ak and sk into {path}"
    )


def endpoint_from(environment: Mapping[str, str] = os.environ) -> str | None:
    """The address in `COC_ENDPOINT`; None when it is not set."""
    return environment.get(ENDPOINT) or None


def _from_file(path: Path) -> AkSkAuth:
    import configparser  # noqa: PLC0415  # most programs never need it

    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(path.read_text(encoding="utf-8"), source=str(path))
    except (configparser.Error, OSError, UnicodeDecodeError) as error:
        # The parser's own message would print the offending line, which may hold a key.
        raise CredentialsMissing(f"{path} cannot be read as credentials ({type(error).__name__})") from None
    for section in _SECTIONS:
        if parser.has_section(section):
            return _signature({name: parser.get(section, name, fallback="") for name in _KEYS}, f"{path} [{section}]")
    raise CredentialsMissing(f"{path} has neither a section [basic] nor [global]")


def _signature(keys: Mapping[str, str], place: str) -> AkSkAuth:
    for name in ("ak", "sk"):
        if not keys[name]:
            raise CredentialsMissing(f"{place} has no {name}; both ak and sk are needed")
    return AkSkAuth(
        keys["ak"],
        keys["sk"],
        security_token=keys["security_token"] or None,
        project_id=keys["project_id"] or None,
        domain_id=keys["domain_id"] or None,
    )
