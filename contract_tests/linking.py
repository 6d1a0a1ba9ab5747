"""Values for the parameters in an operation's path: given, learned by following a link backwards, or the contract's.

An OpenAPI link says that an item of one operation's answer holds what another operation takes. So the gate asks the
first for its items, and of some of them takes the one about which the second has most to tell.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from contract_tests.bodies import plain
from contract_tests.contract import Contract, Link, Operation, Parameter
from contract_tests.schemas import find
from contract_tests.target import Target

#: Items of the linking operation that are tried; the first with so many of its own is good enough.
TRIED, ENOUGH = 8, 100


class NoParent(Exception):
    """No value for a parameter can be learned from the target: the run cannot judge (exit 2)."""


def fill(contract: Contract, target: Target) -> None:
    """Give `target` a value for each parameter in its path that has none; a parameter without link has an example."""
    for parameter in target.operation.parameters:
        if parameter.name not in target.parameters:
            if parameter.link is None and parameter.example is None:
                raise NoParent(
                    f"Nothing tells a value for {parameter.name} in {target.operation.path}; "
                    f"give one with --path-parameter {parameter.name}=VALUE."
                )
            target.parameters[parameter.name] = (
                str(parameter.example) if parameter.link is None else _richest(contract, target, parameter)
            )


def _richest(contract: Contract, target: Target, parameter: Parameter) -> str:
    """The value about which the operation answers most, among the first that the link leads to."""
    best, most = "", -1
    for value in _linked(contract, target, parameter):
        target.parameters[parameter.name] = value
        items = find(target.query(plain(target.operation)).json(), target.operation.pagination.items)
        if isinstance(items, list) and len(items) > most:
            best, most = value, len(items)
        if most >= ENOUGH:
            break
    if most < 0:
        raise NoParent(
            f"{_source(contract, parameter).id} answers no {parameter.name} for {target.operation.path}; "
            f"give one with --path-parameter {parameter.name}=VALUE."
        )
    return best


def _linked(contract: Contract, target: Target, parameter: Parameter) -> Iterator[str]:
    """The values in the linking operation's answer to a plain query."""
    source = _source(contract, parameter)
    asked = evolve(target, operation=source, watch=None, parameters={})
    fill(contract, asked)
    items = find(asked.query(plain(source)).json(), source.pagination.items)
    values = [find(item, _link(parameter).pointer) for item in (items if isinstance(items, list) else ())]
    yield from dict.fromkeys([str(value) for value in values if value not in (None, "")][:TRIED])


def _source(contract: Contract, parameter: Parameter) -> Operation:
    return next(each for each in contract.operations if each.id == _link(parameter).operation)


def _link(parameter: Parameter) -> Link:
    assert parameter.link is not None
    return parameter.link
