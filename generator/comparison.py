"""Two versions of a contract, walked side by side: every operation, and all that it sends, answers and requires."""

from __future__ import annotations

import re
from typing import Any

from attrs import evolve
from openapi_python_client.strings import pascal_case, snake_case

from generator.changes import Change, Direction, Effect
from generator.document import Document, Pointer
from generator.flattening import parts_merged
from generator.places import METHODS
from generator.rules import steps
from generator.schema_comparison import SchemaComparison, union

_CARRIED = ("schema", "content", "required", "name", "in")


def changes(old: Document, new: Document) -> list[Change]:
    """Every difference, the gravest first, then by place."""
    old, new = (evolve(one, data=parts_merged(one.data)) for one in (old, new))
    comparison = Comparison(old, new)
    comparison.run()
    return sorted(
        comparison.found.values(), key=lambda change: (-change.rating, change.place, change.keyword, change.what)
    )


class Comparison(SchemaComparison):
    """The walk over everything that is no schema."""

    def run(self) -> None:
        """Compare everything."""
        self.compare_head()
        self.compare_paths()
        self.compare_security_schemes()
        self.compare_components()

    def compare_head(self) -> None:
        """`info`, servers and tags."""
        for name in ("info", "tags", "externalDocs", "openapi", "jsonSchemaDialect"):
            old, new = self.old.data.get(name), self.new.data.get(name)
            if isinstance(old, dict) and isinstance(new, dict):
                for member in union(old, new):
                    if old.get(member) != new.get(member) and (name, member) != ("info", "version"):
                        self.tell(name, (member, old.get(member), new.get(member), Effect.WORDS, ""))
            elif old != new:
                self.tell("document", (name, old, new, Effect.WORDS, ""))
        self.compare_servers("document", self.old.data.get("servers", []), self.new.data.get("servers", []))

    def compare_servers(self, place: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
        """Servers by URL; the first is where a client goes that was told nothing."""
        before, after = ({server["url"]: server for server in servers} for servers in (old, new))
        for url in before.keys() - after.keys():
            self.tell(place, ("server", url, None, Effect.LOSS, "a base URL is gone"))
        for url in after.keys() - before.keys():
            self.tell(place, ("server", None, url, Effect.ADDITION, ""))
        for url in before.keys() & after.keys():
            self.compare_values(f"server {url}", before[url], after[url])
        if before and after and next(iter(before)) != next(iter(after)):
            first = (next(iter(before)), next(iter(after)))
            self.tell(place, ("default server", *first, Effect.LOSS, "a client without base URL goes elsewhere"))

    def compare_own_servers(self, label: str, old: Pointer, new: Pointer) -> None:
        """Where an operation's requests go, if it or its path has servers of its own, before or after."""
        before, after = _own_servers(self.old, old), _own_servers(self.new, new)
        if before is not None or after is not None:
            shared = ([*one.data.get("servers", [])] or [{"url": "/"}] for one in (self.old, self.new))
            self.compare_servers(label, *(own or all_ for own, all_ in zip((before, after), shared, strict=True)))

    def compare_paths(self) -> None:
        """Operations by method and path; the name of a path's placeholder is no part of the path."""
        before, after = _operations(self.old), _operations(self.new)
        for key in union(before, after):
            label = _label(before.get(key) or after[key])
            if key not in after:
                self.tell(
                    label,
                    ("operation", True, None, Effect.LOSS, f"the method {_method(self.old, before[key])} is gone"),
                )
            elif key not in before:
                new_method = f"a new method {_method(self.new, after[key])}"
                self.tell(label, ("operation", None, True, Effect.ADDITION, new_method))
            else:
                self.compare_operation(label, before[key], after[key])

    def compare_operation(self, label: str, old: Pointer, new: Pointer) -> None:
        """One operation in two versions."""
        a, b = self.old.at(old), self.new.at(new)
        before, after = _method(self.old, old), _method(self.new, new)
        if before != after:
            self.tell(label, ("operationId", before, after, Effect.LOSS, f"the method {before} is now {after}"))
        if old[1] != new[1]:
            client = "an argument of the method has another name"
            self.tell(label, ("path", old[1], new[1], Effect.LOSS, client))
        for name in ("tags", "operationId"):
            if a.get(name) != b.get(name) and (name != "operationId" or before == after):
                self.tell(label, (name, a.get(name), b.get(name), Effect.WORDS, ""))
        self.compare_permissions(label, a, b)
        self.compare_security(label, a, b)
        self.compare_own_servers(label, old, new)
        self.compare_parameters(label, old, new)
        self.compare_body(label, old, new)
        self.compare_responses(label, old, new)
        compared = (
            "operationId",
            "tags",
            "security",
            "servers",
            "parameters",
            "requestBody",
            "responses",
            "x-permissions",
        )
        self.compare_values(label, a, b, skip=compared)

    def compare_permissions(self, label: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """A permission more is one that a caller may lack."""
        before, after = ({entry["action"]: entry for entry in op.get("x-permissions", [])} for op in (old, new))
        for action in after.keys() - before.keys():
            self.tell(label, ("x-permissions", None, action, Effect.LOSS, "a caller without it gets an error 403"))
        for action in before.keys() - after.keys():
            self.tell(label, ("x-permissions", action, None, Effect.ADDITION, ""))
        for action in before.keys() & after.keys():
            access = (before[action].get("access"), after[action].get("access"))
            if access[0] != access[1]:
                self.tell(label, (f"x-permissions.{action}", *access, Effect.LOSS, ""))
            elif before[action] != after[action]:
                self.tell(label, (f"x-permissions.{action}", before[action], after[action], Effect.WORDS, ""))

    def compare_security(self, label: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Alternatives, each a set of schemes: one lost shuts out who used it, one gained is another way in."""
        before = _alternatives(old.get("security", self.old.data.get("security")))
        after = _alternatives(new.get("security", self.new.data.get("security")))
        for name in before - after:
            if "nothing" in after:  # who still sends them is let in as well
                self.tell(label, ("security", name, None, Effect.ADDITION, "no credentials are asked for"))
            else:
                self.tell(label, ("security", name, None, Effect.LOSS, "these credentials are no longer taken"))
        for name in after - before:
            self.tell(label, ("security", None, name, Effect.ADDITION, ""))

    def compare_parameters(self, label: str, old: Pointer, new: Pointer) -> None:
        """Parameters by place and name; those in the path by their position, which is what is sent."""
        before, after = _parameters(self.old, old), _parameters(self.new, new)
        for key in union(before, after):
            place = f"{label} · {key[0]} parameter {key[1]}"
            a = self.old.at(before[key]) if key in before else None
            b = self.new.at(after[key]) if key in after else None
            if b is None:
                self.tell(place, ("parameter", True, None, Effect.LOSS, "an argument of the method is gone"))
            elif a is None:
                required = bool(b.get("required"))
                effect = Effect.LOSS if required else Effect.ADDITION
                told = "a required parameter" if required else "parameter"
                self.tell(place, (told, None, True, effect, "a new argument of the method"))
            else:
                self.compare_required(place, a, b, Direction.REQUEST)
                self.compare_carried(place, before[key], after[key], Direction.REQUEST)
                self.compare_values(place, _without_noise(a), _without_noise(b), skip=_CARRIED)

    def compare_required(self, place: str, a: dict[str, Any], b: dict[str, Any], direction: Direction) -> None:
        """`required` of a parameter, header or body."""
        before, after = bool(a.get("required")), bool(b.get("required"))
        if before != after:
            effect = Effect.TIGHTER if after else Effect.LOOSER
            self.tell(place, ("required", before or None, after or None, effect, ""), direction)

    def compare_carried(self, place: str, old: Pointer, new: Pointer, direction: Direction) -> None:
        """The schema of a parameter or header, or its media types."""
        a, b = self.old.at(old), self.new.at(new)
        if "schema" in a and "schema" in b:
            self.compare_schemas((*old, "schema"), (*new, "schema"), place, direction)
        elif ("schema" in a) != ("schema" in b):
            self.tell(place, ("schema", a.get("schema"), b.get("schema"), Effect.OTHER, ""), direction)
        self.compare_content(place, old, new, direction)

    def compare_body(self, label: str, old: Pointer, new: Pointer) -> None:
        """The request body."""
        a, b = self.old.at(old).get("requestBody"), self.new.at(new).get("requestBody")
        place = f"{label} · body"
        if a is None and b is None:
            return
        if a is None or b is None:
            harmless = a is None and not self.new.resolved((*new, "requestBody"))[1].get("required")
            effect = Effect.ADDITION if harmless else Effect.LOSS
            step = ("body", a is not None or None, b is not None or None, effect, "the argument `body` comes or goes")
            self.tell(place, step)
            return
        before, a = self.old.resolved((*old, "requestBody"))
        after, b = self.new.resolved((*new, "requestBody"))
        self.compare_required(place, a, b, Direction.REQUEST)
        self.compare_content(place, before, after, Direction.REQUEST)
        self.compare_values(place, a, b, skip=("required", "content"))

    def compare_content(self, place: str, old: Pointer, new: Pointer, direction: Direction) -> None:
        """Media types: one lost is no longer taken, or no longer answered."""
        before, after = self.old.at(old).get("content", {}), self.new.at(new).get("content", {})
        for name in before.keys() - after.keys():
            self.tell(place, ("media type", name, None, Effect.LOSS, ""))
        for name in after.keys() - before.keys():
            self.tell(place, ("media type", None, name, Effect.ADDITION, ""))
        for name in before.keys() & after.keys():
            inner = f"{place} · {name}"
            if "schema" in before[name] and "schema" in after[name]:
                pointers = ((*old, "content", name, "schema"), (*new, "content", name, "schema"))
                self.compare_schemas(*pointers, inner, direction)
            self.compare_values(inner, before[name], after[name], skip=("schema",))
            if ("schema" in before[name]) != ("schema" in after[name]):
                effect = Effect.TIGHTER if "schema" in after[name] else Effect.LOOSER
                self.tell(
                    inner,
                    ("schema", *(one.get("schema") for one in (before[name], after[name])), effect, ""),
                    direction,
                )

    def compare_responses(self, label: str, old: Pointer, new: Pointer) -> None:
        """Answers by status: a new success is one that no reader expects, a new error is one more of a kind."""
        before, after = self.old.at(old).get("responses", {}), self.new.at(new).get("responses", {})
        for status in union(before, after):
            place = f"{label} · answer {status}"
            success = status.startswith(("2", "3"))
            if status not in after:
                effect = Effect.LOSS if success else Effect.ADDITION
                self.tell(place, ("answer", True, None, effect, "this status raises as undocumented"))
            elif status not in before:
                effect = Effect.LOSS if success else Effect.ADDITION
                client = (
                    "a success that the old client takes for an error"
                    if success
                    else "this status raises as documented"
                )
                self.tell(place, ("answer", None, True, effect, client))
            else:
                self.compare_response(place, (*old, "responses", status), (*new, "responses", status))

    def compare_response(self, place: str, old: Pointer, new: Pointer) -> None:
        """One answer: headers and contents. An answer that several operations share is told under its own name."""
        (old, a), (new, b) = self.old.resolved(old), self.new.resolved(new)
        place = f"answer {old[-1]}" if old[:2] == ("components", "responses") else place
        if self.is_seen(old, new, Direction.ANSWER):
            return
        before, after = a.get("headers", {}), b.get("headers", {})
        for name in union(before, after):
            header = f"{place} · header {name}"
            if name not in after:
                self.tell(header, ("header", True, None, Effect.LOSS, ""))
            elif name not in before:
                self.tell(header, ("header", None, True, Effect.ADDITION, ""))
            else:
                self.compare_header(header, (*old, "headers", name), (*new, "headers", name))
        self.compare_content(place, old, new, Direction.ANSWER)
        self.compare_links(place, a.get("links", {}), b.get("links", {}))
        self.compare_values(place, a, b, skip=("headers", "content", "links"))

    def compare_links(self, place: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Links by name: where they lead with what; another way to get there is one to use, one gone is missed."""
        for name in union(before, after):
            a, b = ({**links.get(name, {}), "description": None} for links in (before, after))
            if name not in after:
                self.tell(place, ("link", name, None, Effect.LOSS, ""))
            elif name not in before:
                self.tell(place, ("link", None, name, Effect.ADDITION, ""))
            elif before[name] != after[name]:
                effect = Effect.WORDS if a == b else Effect.LOSS
                self.tell(place, (f"link {name}", before[name], after[name], effect, ""))

    def compare_header(self, place: str, old: Pointer, new: Pointer) -> None:
        """One header of an answer."""
        (old, a), (new, b) = self.old.resolved(old), self.new.resolved(new)
        place = f"header {old[-1]}" if old[:2] == ("components", "headers") else place
        if not self.is_seen(old, new, Direction.ANSWER):
            self.compare_required(place, a, b, Direction.ANSWER)
            self.compare_carried(place, old, new, Direction.ANSWER)
            self.compare_values(place, a, b, skip=_CARRIED)

    def compare_security_schemes(self) -> None:
        """How credentials are sent."""
        before, after = (one.data.get("components", {}).get("securitySchemes", {}) for one in (self.old, self.new))
        for name in before.keys() & after.keys():
            a, b = before[name], after[name]
            for member in union(a, b):
                found = list(steps(member, a.get(member), b.get(member)))
                if member in ("type", "in", "name", "scheme", "flows") and found:
                    found = [(member, a.get(member), b.get(member), Effect.LOSS, "credentials are sent otherwise")]
                self.tell_all(f"security scheme {name}", found)
        for name in before.keys() ^ after.keys():
            pair = (name, None) if name in before else (None, name)
            self.tell("document", ("security scheme", *pair, Effect.WORDS, ""))

    def compare_components(self) -> None:
        """Named schemas that no operation leads to, and names that came or went: the client has a class for each."""
        before, after = (one.data.get("components", {}).get("schemas", {}) for one in (self.old, self.new))
        reached = {old[2] for old, _, _ in self.seen if old[:2] == ("components", "schemas")}
        renamed = {change.before for change in self.found.values() if change.keyword == "schema name"}
        arrived = {change.after for change in self.found.values() if change.keyword == "schema name"}
        for name in before.keys() & after.keys() - reached:
            pointer = ("components", "schemas", name)
            self.compare_named(pointer, pointer, Direction.UNUSED)
        for name in before.keys() - after.keys() - renamed:
            self.tell(name, ("schema", True, None, Effect.LOSS, f"the class {pascal_case(name)} is gone"))
        for name in after.keys() - before.keys() - arrived:
            self.tell(name, ("schema", None, True, Effect.ADDITION, f"a new class {pascal_case(name)}"))


def _label(pointer: Pointer) -> str:
    return f"{str(pointer[2]).upper()} {pointer[1]}"


def _method(document: Document, pointer: Pointer) -> str:
    operation = document.at(pointer)
    return snake_case(operation.get("operationId") or f"{pointer[2]}_{pointer[1]}")


def _operations(document: Document) -> dict[tuple[str, str], Pointer]:
    """Operations by method and path with the placeholders' names taken out."""
    return {
        (method, re.sub(r"\{[^}]*\}", "{}", path)): ("paths", path, method)
        for path, item in document.data.get("paths", {}).items()
        for method in METHODS
        if method in item
    }


def _own_servers(document: Document, operation: Pointer) -> list[dict[str, Any]] | None:
    """The servers that an operation or, where it has none, its path goes to; None: those of the document."""
    for owner in (operation, operation[:-1]):
        if servers := document.at(owner).get("servers"):
            found: list[dict[str, Any]] = servers
            return found
    return None


def _parameters(document: Document, operation: Pointer) -> dict[tuple[str, str], Pointer]:
    """An operation's parameters, those of its path included."""
    found: dict[tuple[str, str], Pointer] = {}
    slots = re.findall(r"\{([^}]*)\}", str(operation[1]))
    for owner in (operation[:-1], operation):
        for index in range(len(document.at(owner).get("parameters", []))):
            pointer, parameter = document.resolved((*owner, "parameters", index))
            place, name = parameter["in"], parameter["name"]
            if place == "path" and name in slots:
                name = f"{slots.index(name) + 1}"
            found[place, name.lower() if place == "header" else name] = pointer
    return found


def _without_noise(parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter with the defaults of its style left out."""
    place = parameter["in"]
    style = parameter.get("style", "form" if place in ("query", "cookie") else "simple")
    usual = {"style": "form" if place in ("query", "cookie") else "simple", "explode": style == "form"}
    return {name: value for name, value in parameter.items() if usual.get(name, ...) != value}


def _alternatives(security: list[dict[str, list[str]]] | None) -> set[str]:
    """The ways to authenticate, each as text; none at all is a way, too."""
    if not security:
        return {"nothing"}
    spelled = (
        [f"{name} {scopes}" if scopes else name for name, scopes in sorted(requirement.items())]
        for requirement in security
    )
    return {" + ".join(parts) or "nothing" for parts in spelled}
