"""openapi-python-client, driven from Python: its parser, its project, our templates."""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path
from typing import Any

from attrs import evolve, frozen
from jinja2 import StrictUndefined
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from packaging.version import InvalidVersion, Version

from generator import credentials
from generator.dialect import bodies_as_bytes, plain
from generator.document import Document
from generator.flattening import flattened
from generator.losses import losses
from generator.operations import operation_views
from generator.problems import Refused
from generator.references import named
from generator.views import Views, text

_HERE = Path(__file__).parent
_CLIENT = "{}: its operations as methods. Threads (or tasks) may share one."
_WIDTH = 116


@frozen
class Flavour:
    """The words in which blocking and asynchronous code differ; everything else is one template."""

    is_async: bool

    def __getattr__(self, name: str) -> str:
        return _WORDS[name][self.is_async]


_PUBLIC = (
    *("AkSkAuth", "Answer", "AsyncClient", "AsyncHook", "Client", "Event", "Expression", "F", "Filter", "Hook", "Page"),
    *("Patience", "Sort", "TokenAuth", "errors"),
)
_WORDS = {
    "name": ("Client", "AsyncClient"),
    "base": ("BaseClient", "AsyncBaseClient"),
    "httpx": ("Client", "AsyncClient"),
    "connections": ("Connections", "AsyncConnections"),
    "bounded": ("bounded", "bounded_async"),
    "within": ("within", "within_async"),
    "hook": ("Hook", "AsyncHook"),
    "options": ("Options", "AsyncOptions"),
    "transport": ("BaseTransport", "AsyncBaseTransport"),
    "self_": ("BaseClientT", "AsyncBaseClientT"),
    "drive": ("drive", "drive_async"),
    "attempt": ("_attempt", "_attempt_async"),
    "send": ("_send", "_send_async"),
    "flow": ("sync_auth_flow", "async_auth_flow"),
    "next": ("next", "anext"),
    "resume": ("send", "asend"),
    "stop": ("StopIteration", "StopAsyncIteration"),
    "handle": ("handle_request", "handle_async_request"),
    "read": ("read", "aread"),
    "def_": ("def", "async def"),
    "await_": ("", "await "),
    "with_": ("with", "async with"),
    "for_": ("for", "async for"),
    "close": ("close", "aclose"),
    "enter": ("enter", "aenter"),
    "exit": ("exit", "aexit"),
    "generator": ("Generator", "AsyncGenerator"),
    "of_no_more": (", None, None", ", None"),
}


class ClientProject(Project):
    """The stock project with our package layout; models and enums are built by the stock steps."""

    def __init__(self, source: Document, folder: Path, package: str) -> None:
        document, spec = flattened(named(plain(source.data))), source.path
        document["info"].setdefault("summary", "")
        names = ConfigFile(
            project_name_override=package.replace("_", "-"),
            package_name_override=package,
            literal_enums=True,
            post_hooks=[],
            content_type_overrides=bodies_as_bytes(document),
        )
        config = Config.from_sources(names, MetaType.UV, spec, "utf-8", False, folder)
        data = GeneratorData.from_dict(document, config=config)
        if isinstance(data, GeneratorError):
            told = " ".join(f"{data.header} {data.detail or ''}".split())
            raise Refused(f"{spec} cannot be parsed: {told[:300]}; write it in a form that the generator knows")
        super().__init__(openapi=data, config=config, custom_template_path=_HERE / "templates")
        self.views = Views(data, document)
        data.models = [model for model in data.models if self.views.is_class(model)]
        self._refuse_losses(evolve(source, data=document))
        self.env.undefined = StrictUndefined  # a misspelt name in a template must not write nothing
        self.env.globals.update(self._words(document))
        self.env.filters.update(
            model_view=self.views.model,
            enum_values=self.views.enum_values,
            literal=repr,
            docstring=docstring,
            text=text,
        )

    def _refuse_losses(self, document: Document) -> None:
        """What the parser could not carry over is refused, not left out."""
        lost = list(losses(document, self.openapi))
        if lost:
            raise Refused(f"{document.path} uses what the generator cannot carry over; nothing was written", lost)

    def _words(self, document: dict[str, Any]) -> dict[str, Any]:
        info = document["info"]
        operations = operation_views(self.views)
        servers = document.get("servers") or []
        models = sorted(str(model.class_info.name) for model in self.openapi.models)
        enums = sorted(str(enum.class_info.name) for enum in self.openapi.enums)
        used = {name for op in operations for name in _words_in(op)}
        return {
            "document": document,
            "operations": operations,
            "operation_imports": sorted(used & {*models, *enums}),
            "flavours": (Flavour(False), Flavour(True)),
            "default_base_url": default_base_url(servers),
            "servers": servers,
            "headers": credentials.headers(document),
            "unproven": credentials.unproven(document),
            "version": str(info["version"]),
            "package_version": package_version(str(info["version"])),
            "model_names": sorted([*models, *enums]),
            "client_docstring": " ".join(filter(None, (_CLIENT.format(info["title"]), credentials.unproven(document)))),
            "package_docstring": f"{info['title']}. {info.get('summary') or ''}".strip(),
            "public_names": sorted({*_PUBLIC, *(["File"] if self.views.has_files else []), *models, *enums}),
        }

    def write(self) -> None:
        """Write every file, unformatted."""
        self.package_dir.mkdir(parents=True)
        for name in ("operations", "connections", "driving", "transport", "client", "fields", "cli", "__main__"):
            self._render(f"{name}.py.jinja", self.package_dir / f"{name}.py")
        self._render("package_init.py.jinja", self.package_dir / "__init__.py")
        for name in ("pyproject.toml", "README.md"):
            self._render(f"{name}.jinja", self.project_dir / name)
        (self.package_dir / "py.typed").write_text("", encoding="utf-8")
        self._build_models()
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(_HERE / "runtime", self.package_dir / "runtime", ignore=ignored)
        self._render("scheme.py.jinja", self.package_dir / "runtime" / "scheme.py")
        licence = _HERE.parent / "LICENSE"
        if licence.is_file():
            shutil.copyfile(licence, self.project_dir / "LICENSE")

    def _render(self, template: str, path: Path) -> None:
        path.write_text(self.env.get_template(template).render(), encoding="utf-8")


def default_base_url(servers: list[dict[str, Any]]) -> str:
    """The first server's address, its variables at their defaults; empty where the document names no host."""
    if not servers:
        return ""
    url = str(servers[0]["url"])
    for name, variable in servers[0].get("variables", {}).items():
        url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    return url if re.fullmatch(r"https?://[^/{}][^{}]*", url) else ""


def package_version(version: str) -> str:
    """A contract's version as one that a Python package can have: `2022-11-28` is `2022.11.28`, `latest` is `0`."""
    try:
        return str(Version(version))
    except InvalidVersion:
        return ".".join(str(int(number)) for number in re.findall(r"\d+", version)) or "0"


def _words_in(op: dict[str, Any]) -> set[str]:
    query = op["query"] or {}
    code = [
        op["answer"],
        *(p["type"] for p in op["described_parameters"]),
        op["body"],
        op["item"],
        *(str(v) for k, v in query.items() if k.endswith("_type")),
    ]
    code += [kind for _, kind in op["failures"]]
    code += [argument["annotation"] for argument in [*op["arguments"], *op["keyword_arguments"]]]
    return set(re.findall(r"\w+", " ".join(code)))


def docstring(value: str, indent: int = 0) -> str:
    """A docstring, safely quoted and wrapped; paragraphs and short lists keep their lines."""
    safe = value.strip().replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if safe.endswith('"'):
        safe = safe[:-1] + '\\"'
    margin = " " * indent
    lines = [part for line in safe.splitlines() for part in (textwrap.wrap(line, _WIDTH - indent) or [""])]
    if len(lines) == 1:
        return f'"""{lines[0]}"""'
    return (
        '"""'
        + "\n".join(f"{margin}{line}" if line and number else line for number, line in enumerate(lines))
        + f'\n{margin}"""'
    )


def render(document: Document, folder: Path, package: str) -> None:
    """Write the client of a contract into a new folder, unformatted.

    Raises `Refused` when the contract holds what the generator cannot carry over.
    """
    ClientProject(document, folder, package).write()
