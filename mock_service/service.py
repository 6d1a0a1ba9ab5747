"""How one request becomes one answer. Each step is a method of `Service`, a seam that a planted fault may replace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.message import Message
from functools import lru_cache
from operator import and_, or_
from typing import Any

import msgspec
from attrs import frozen

from mock_service import condition
from mock_service.authentication import Guard
from mock_service.contract import Contract, Operation
from mock_service.layout import SERIAL, key_maker
from mock_service.messages import GZIP, JSON, Answer, Request
from mock_service.search import Page
from mock_service.sql import EVERYTHING, NOTHING, Sql, conjunction, key_of, predicate, quoted
from mock_service.store import Store
from mock_service.violations import Violation, all_violations, first_violation

PLANS, PLANNED_BODY = 256, 4096
"""Requests whose plan is kept, and bytes that the body of one may have."""
LOOK_AHEAD = 300
"""Items beyond the page that are looked for, so as to know the total without counting."""
INLINE = 40
"""Tokens of a condition that SQL may hold; SQLite nests no more than 100 parentheses and 1,000 expressions."""

LOOK_INSIDE = frozenset({"item", "project", "page", "search", "envelope"})
"""Seams that, once replaced, see each item as a dict; else the items' JSON goes out as it is stored."""

Body = dict[str, Any]


@lru_cache(maxsize=64)
def media(content_type: str) -> tuple[str, str]:
    """The media type and the charset that a Content-Type states, in lower case; UTF-8 where it states none."""
    header = Message()
    header["content-type"] = content_type
    return content_type.partition(";")[0].strip().lower(), header.get_content_charset("utf-8")


class Refusal(Exception):
    """The request is answered with the page's 400; the text says what is wrong, and where."""


@frozen
class Plan:
    """A request, worked out as far as it can be without looking at the data."""

    where: Sql
    order: list[tuple[str, str]]
    offset: int
    limit: int
    fields: list[str]


class Service:
    """Answers one operation from one store."""

    everything = EVERYTHING
    nothing = NOTHING

    def __init__(self, contract: Contract, operation: Operation, store: Store, guard: Guard | None = None) -> None:
        self.contract = contract
        self.operation = operation
        self.store = store
        self.guard = guard
        self.table = quoted(store.tables[operation.id].name)
        properties = operation.request["properties"]
        roles = {**operation.query, **operation.pagination}.items()
        self.members = {role: name for role, name in roles if isinstance(name, str) and name in properties}
        self.defaults = {name: schema["default"] for name, schema in properties.items() if "default" in schema}
        self.shell = {k: None if isinstance(v, dict | list) else v for k, v in operation.success.items()}
        pointers = {**operation.pagination, "count_results": operation.query.get("count_results")}
        self.places = {
            role: pointers[role].strip("/").split("/")
            for role in ("items", "total", "count_results")
            if pointers.get(role)
        }
        self.plans: dict[tuple[Any, ...], tuple[Plan, Body]] = {}
        self.born = len(vars(self)) + 1  # a planted fault adds attributes

    def respond(self, request: Request) -> Answer:
        """The whole of it: who asks, what is asked, is it sound, what is found."""
        try:
            denied = self.authenticate(request)
            if denied is not None:
                return self.answer(denied)
            with self.store.reader.snapshot():
                found = self.data(request)
            return self.answer(self.found(found))
        except Refusal as refusal:
            return self.answer(self.refuse(str(refusal)))

    def data(self, request: Request) -> Body:
        """What is found for a request. One that came before is not validated and planned again, only searched again."""
        healthy = self.healthy
        key = (request.body, request.headers.get("content-type"), *request.parameters.values())
        if healthy and key in self.plans:
            return self.carry_out(*self.plans[key], request.parameters)
        self.check_path(request.parameters)
        body = self.decode(request)
        violations = self.violations(body)
        if violations:
            raise Refusal(self.complaint(violations))
        body = self.complete(body)
        if not healthy:
            return self.search(body, request.parameters)
        plan = self.plan(body, request.parameters)
        if plan.where.lasting and len(request.body) <= PLANNED_BODY:
            if len(self.plans) >= PLANS:
                self.plans.clear()
            self.plans[key] = plan, body
        return self.carry_out(plan, body, request.parameters)

    @property
    def healthy(self) -> bool:
        """Whether no fault is planted."""
        return len(vars(self)) == self.born

    # Before the query

    def authenticate(self, request: Request) -> Answer | None:
        """The gateway's answer to a caller that it does not know; None lets the caller in."""
        return self.guard(request, self.operation.permissions) if self.guard else None

    def check_path(self, parameters: Mapping[str, str]) -> None:
        """Refuse values that the parameters in the path do not take."""
        for name, value in parameters.items():
            breach = first_violation(self.operation.parameter_validators[name], value)
            if breach:
                raise Refusal(f"{name} in the path: {breach.message}")

    def decode(self, request: Request) -> Any:
        """The JSON value of the body; no body is `{}`, where there may be none."""
        if not request.body:
            if self.operation.body_required:
                raise Refusal("the body is missing")
            return {}
        media_type, charset = media(request.headers.get("content-type", JSON))
        if media_type != JSON:
            raise Refusal(f"Content-Type is {media_type[:80]!r}; it must be {JSON}")
        if charset not in ("utf-8", "utf8"):
            raise Refusal(f"the body's charset is {charset[:80]!r}; it must be utf-8")
        if request.body.startswith(GZIP):
            raise Refusal("the body is compressed with gzip; send it as it is")
        try:
            return msgspec.json.decode(request.body)
        except RecursionError:
            raise Refusal("the body is nested too deeply") from None
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise Refusal(f"the body is not JSON in UTF-8: {error}") from None

    def violations(self, body: Any) -> list[Violation]:
        """What the request schema has against the body, empty when nothing; all of it only where a fault drops some."""
        if not self.healthy:
            return all_violations(self.operation.validator, body)
        first = first_violation(self.operation.validator, body)
        return [first] if first else []

    def complaint(self, violations: Sequence[Violation]) -> str:
        """The first violation in words."""
        first = violations[0]
        return f"{first.pointer or 'the body'}: {first.message}"

    def complete(self, body: Body) -> Body:
        """The body with the defaults of the contract filled in; an integer may have been sent as `1.0`."""
        return {**self.defaults, **body}

    # The query

    def search(self, body: Body, parameters: Mapping[str, str]) -> Body:
        """The data of the answer: what the query selects, by the roles that `x-query` and `x-pagination` give."""
        return self.carry_out(self.plan(body, parameters), body, parameters)

    def plan(self, body: Body, parameters: Mapping[str, str]) -> Plan:
        """What to search for, in which order, and which part of it to answer."""
        self.check(body)
        offset, limit = self.window(body)
        return Plan(self.selection(body, parameters), self.order(body), offset, limit, self.fields(body))

    def carry_out(self, plan: Plan, body: Body, parameters: Mapping[str, str]) -> Body:
        """Search, by plan."""
        where, order, offset, limit, fields = plan.where, plan.order, plan.offset, plan.limit, plan.fields
        if not self.wants_total(body):
            found: Body = {}
            rows = self.rows(where, order, offset, limit)
        elif vars(self).keys() & {"rows", "total"}:
            found = {"total": self.total(where)}
            rows = self.rows(where, order, offset, limit)
        else:
            rows, total = self.rows_and_total(where, order, offset, limit)
            found = {"total": total}
        if fields or vars(self).keys() & LOOK_INSIDE:
            found["items"] = self.page([self.item(row, fields) for row in rows], body)
        else:
            found["items"] = msgspec.Raw(b"[" + b",".join(rows) + b"]")
        if self.of(body, "counts"):
            found["count_results"] = self.counts(body, parameters)
        return found

    def of(self, body: Body, role: str) -> Any:
        """The value of the request member that plays `role`; None when it is absent."""
        return body.get(self.members.get(role, ""))

    def flag(self, body: Body, role: str) -> bool:
        """Whether a flag is set: true, or its text where the contract takes text."""
        return self.of(body, role) in (True, "true")

    def check(self, body: Body) -> None:
        """Refuse fields that no item has."""
        for role in ("string_filters", "int_filters"):
            for index, each in enumerate(self.of(body, role) or ()):
                self.known(each["field"], f"/{self.members[role]}/{index}/field")
        for index, group in enumerate(self.of(body, "counts") or ()):
            for inner, each in enumerate(group.get("filters") or ()):
                self.known(each["field"], f"/{self.members['counts']}/{index}/filters/{inner}/field")
        for role in ("sort", "group"):
            if self.of(body, role):
                self.known(self.of(body, role)["field"], f"/{self.members[role]}/field")
        for index, name in enumerate(self.fields(body)):
            self.known(name, f"/{self.members['projection']}/{index}")

    def known(self, name: str, pointer: str) -> None:
        """Refuse a name that is neither a property of an item nor also filterable."""
        if name not in self.operation.fields:
            raise Refusal(f"{pointer}: {name[:80]!r} is no field of the result")

    def selection(self, body: Body, parameters: Mapping[str, str]) -> Sql:
        """The WHERE of the query: path parameters, types, string filters under their condition, integer filters."""
        parts = [predicate(self.store.dialect, name, "=", [value]) for name, value in parameters.items()]
        if not self.type_wanted(body):
            parts.append(self.nothing)
        string_filters = self.of(body, "string_filters") or []
        expression = self.of(body, "condition")
        if not expression:  # where the contract lets it be empty, that is no condition
            parts += map(self.predicate, string_filters)
        else:
            parts.append(self.joined(expression, string_filters))
        parts += map(self.predicate, self.of(body, "int_filters") or [])
        return conjunction(parts)

    def type_wanted(self, body: Body) -> bool:
        """Whether the types asked for, if any, include the operation's own."""
        types = self.operation.query.get("types") or {"member": "", "value": ""}
        wanted = body.get(types["member"])
        return not wanted or types["value"] in wanted

    def predicate(self, each: Body) -> Sql:
        """What one filter states, as SQL."""
        key = key_maker(self.operation, each["field"])
        return predicate(self.store.dialect, each["field"], each["operator"], each.get("values") or (), key)

    def joined(self, expression: str, filters: Sequence[Body]) -> Sql:
        """The string filters as the condition joins them."""
        pointer = f"/{self.operation.member('condition')}"
        try:
            postfix = condition.parse(expression)
        except condition.Unreadable as error:
            raise Refusal(f"{pointer}: {error}") from None
        named: dict[str, Sql] = {}
        for name in dict.fromkeys(token for token in postfix if token not in condition.OPERATORS):
            bearers = [each for each in filters if each.get("name") == name]
            if len(bearers) != 1:
                problem = "more than one filter bears" if bearers else "no filter bears"
                raise Refusal(f"{pointer}: {problem} the name {name[:80]!r}")
            named[name] = self.predicate(bearers[0])
        if len(postfix) <= INLINE:
            return self.combine(postfix, named)
        return self.by_pattern(postfix, named)

    def combine(self, postfix: list[str], named: Mapping[str, Sql]) -> Sql:
        """A condition, its names replaced by what they state."""
        return condition.fold(postfix, named.__getitem__, Sql.__and__, Sql.__or__)

    def by_pattern(self, postfix: list[str], named: Mapping[str, Sql]) -> Sql:
        """A condition too long for SQL: which patterns of true and false occur, and which of them satisfy it."""
        bits = {name: 1 << index for index, name in enumerate(named)}
        sums = [Sql(f"CASE WHEN {part.text} THEN {bits[name]} ELSE 0 END", part.values) for name, part in named.items()]
        pattern = Sql(" + ".join(part.text for part in sums), sum((part.values for part in sums), ()))
        occurring = self.store.rows(f"SELECT DISTINCT {pattern.text} FROM {self.table}", pattern.values)  # noqa: S608
        # All patterns at once: a name is a number with a bit for each pattern that has it.
        having = {
            name: int("0" + "".join("01"[mask & bit > 0] for (mask,) in occurring), 2) for name, bit in bits.items()
        }
        satisfying = f"{condition.fold(postfix, having.__getitem__, and_, or_):0{len(occurring)}b}"
        wanted = [str(mask) for (mask,), satisfied in zip(occurring, satisfying, strict=False) if satisfied == "1"]
        dialect = self.store.dialect
        text = f"CAST(({pattern.text}) AS TEXT) IN ({dialect.values})"
        return Sql(text, (*pattern.values, dialect.bind(wanted)), lasting=False)

    def order(self, body: Body) -> list[tuple[str, str]]:
        """Field and direction (`asc`, `desc`) of each sort, the first the strongest."""
        group = self.of(body, "group")
        sort = self.of(body, "sort") or self.operation.default_sort
        sorts = [(sort["field"], sort["operator"])]
        if group and group["field"] != sort["field"]:  # else they stand together by the sort
            sorts.insert(0, (group["field"], "asc"))
        return sorts

    def window(self, body: Body) -> tuple[int, int]:
        """How many items to skip, and how many to answer."""
        if self.flag(body, "all") or "size" not in self.members:
            return 0, self.operation.page_limit
        size = min(int(self.of(body, "size") or self.operation.page_size), self.operation.page_limit)
        page, first = self.of(body, "page"), self.operation.first_page
        return (max(int(page), first) - first if page is not None else 0) * size, size

    def rows(self, where: Sql, order: Sequence[tuple[str, str]], offset: int, limit: int) -> list[bytes]:
        """The JSON of the items that `where` selects, in order, `limit` at most, after `offset`."""
        return self.store.documents(self.operation, self.serials(where, order, offset, limit))

    def rows_and_total(
        self, where: Sql, order: Sequence[tuple[str, str]], offset: int, limit: int
    ) -> tuple[list[bytes], int]:
        """`rows` and `total` at once. Looking some items beyond the page often reaches the end, and saves the count."""
        total, remember = self.store.recalled(self.operation, where)
        if total is not None:
            return self.rows(where, order, offset, limit) if offset < total else [], total
        serials = self.serials(where, order, offset, limit + LOOK_AHEAD)
        ended = len(serials) < limit + LOOK_AHEAD and (serials or not offset)
        total = offset + len(serials) if ended else self.total(where)
        remember(total)
        return self.store.documents(self.operation, serials[:limit]), total

    def serials(self, where: Sql, order: Sequence[tuple[str, str]], offset: int, limit: int) -> list[int]:
        """The serial numbers of the items that `where` selects."""
        return self.store.serials(self.operation, where, Page(self.order_by(order), order[0][0], offset, limit))

    def order_by(self, order: Sequence[tuple[str, str]]) -> str:
        """The ORDER BY: integers as numbers where the schema has integers, else text by code points. Absent values come
        first when ascending. Ties stand in the order of arrival, so that `asc` is the exact reverse of `desc`.
        """
        terms = []
        for name, direction in order:
            numeric = name in self.operation.numeric
            turn = f"DESC{self.store.dialect.last}" if direction == "desc" else f"ASC{self.store.dialect.first}"
            terms += [f"{quoted(column)} {turn}" for column in ([key_of(name)] if numeric else []) + [name]]
        return ", ".join([*terms, f"{quoted(SERIAL)} {'DESC' if order[-1][1] == 'desc' else 'ASC'}"])

    def total(self, where: Sql) -> int:
        """How many items `where` selects."""
        return self.store.total(self.operation, where)

    def counts(self, body: Body, parameters: Mapping[str, str]) -> list[int]:
        """How many items satisfy each of the count filters, whatever the other filters."""
        own = [predicate(self.store.dialect, name, "=", [value]) for name, value in parameters.items()]
        groups = [group.get("filters") or [] for group in self.of(body, "counts")]
        return [self.total(conjunction([*own, *map(self.predicate, filters)])) for filters in groups]

    # After the query

    def wants_total(self, body: Body) -> bool:
        """Whether the answer says how many items there are."""
        return "total_wanted" not in self.members or self.flag(body, "total_wanted")

    def fields(self, body: Body) -> list[str]:
        """The properties to answer; empty for all."""
        return self.of(body, "projection") or []

    def item(self, document: bytes, fields: Sequence[str]) -> Any:
        """One item of the answer, from its JSON."""
        return self.project(msgspec.json.decode(document), fields)

    def project(self, item: Body, fields: Sequence[str]) -> Body:
        """The item with only these properties; with all when there are none."""
        return {name: value for name, value in item.items() if name in fields} if fields else item

    def page(self, items: list[Any], _body: Body) -> list[Any]:
        """The items of this page, as they will be answered."""
        return items

    def found(self, data: Body) -> Answer:
        """The 200 answer: the envelope of the contract's example around what was found."""
        return Answer(200, msgspec.json.encode(self.envelope(data)))

    def envelope(self, data: Body) -> Body:
        """The contract's example envelope with the data of this answer, each at the pointer that the contract names."""
        envelope: Body = dict(self.shell)
        for role, value in data.items():
            if role in self.places:
                *parents, last = self.places[role]
                holder = envelope
                for parent in parents:
                    inner = holder.get(parent) or {}
                    holder[parent] = inner
                    holder = inner
                holder[last] = value
        return envelope

    def refuse(self, message: str) -> Answer:
        """The page's 400 answer, saying what is wrong in as many characters as the contract allows."""
        limit = self.operation.message_limit
        text = f"Parameter error: {message}"
        text = text if len(text) <= limit else text[: limit - 1] + "…"
        return Answer(400, msgspec.json.encode({**self.operation.failure, "error_msg": text}))

    def answer(self, answer: Answer) -> Answer:
        """The last word on every answer."""
        return answer
