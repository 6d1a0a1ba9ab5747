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
    path = _file(environment)
    found = _from_file(path) if path is not None else None
    if found is not None:
        return found
    where = path or f"the file that {_FILE} names"
    raise CredentialsMissing(
        f"no credentials: set {_PREFIX}AK and {_PREFIX}SK, or {TOKEN}, or write [basic] ak and sk into {where}"
    )


def endpoint_from(environment: Mapping[str, str] = os.environ) -> str | None:
    """The address in `COC_ENDPOINT`, without blanks around it; None when it is not set."""
    return environment.get(ENDPOINT, "").strip() or None


def _file(environment: Mapping[str, str]) -> Path | None:
    """The credentials file; None where none is named, and who runs this has no home."""
    named = environment.get(_FILE)
    try:
        return Path(named) if named else Path.home() / ".huaweicloud" / "credentials"
    except RuntimeError:
        return None


def _from_file(path: Path) -> AkSkAuth | None:
    """The keys of the first section that has any; None without a file."""
    import configparser  # noqa: PLC0415  # most programs never need it

    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(path.read_text(encoding="utf-8"), source=str(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (configparser.Error, OSError, UnicodeDecodeError) as error:
        # The parser's own message would print the offending line, which may hold a key.
        raise CredentialsMissing(f"{path} cannot be read as credentials ({type(error).__name__})") from None
    sections = [section for section in _SECTIONS if parser.has_section(section)]
    for section in sections:
        keys = {name: parser.get(section, name, fallback="") for name in _KEYS}
        if keys["ak"] or keys["sk"]:
            return _signature(keys, f"{path} [{section}]")
    if sections:
        raise CredentialsMissing(f"{path} has neither ak nor sk in [{'] and ['.join(sections)}]")
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
