"""What a generated client holds, told by the client: run as a program, it imports the client and nothing of ours.

`python -I -B inventory.py FOLDER PACKAGE` prints JSON: the operations, and every class as the JSON Schema that msgspec
makes of its annotations. A client that does not import, or has a class that cannot be decoded, ends in an error.
"""

import importlib
import json
import sys
from typing import Any

import msgspec


def main(folder: str, package: str) -> None:
    """Print the inventory of the client in a folder."""
    sys.path.insert(0, folder)
    importlib.import_module(package)
    operations = importlib.import_module(f"{package}.operations")
    models = importlib.import_module(f"{package}.models")
    client = importlib.import_module(f"{package}.client")
    operations.prepare()
    classes = [value for value in vars(models).values() if isinstance(value, type)]
    kinds: list[Any] = list(classes)

    def noted(kind: Any) -> int | None:
        if kind is None:
            return None
        kinds.append(kind)
        return len(kinds) - 1

    found = []
    for operation in operations.OPERATIONS.values():
        answers = {status: noted(kind) for status, kind in operation.answers.items()}
        failures = {status: noted(kind) for status, kind in operation.failures.items()}
        parameters = [{"name": p.name, "in": p.place, "schema": noted(p.type)} for p in operation.parameters]
        body = noted(operation.body_type)
        one = {"name": operation.name, "method": operation.method, "path": operation.path, "body": body}
        found.append({**one, "parameters": parameters, "answers": {**answers, **failures}})
    schemas, components = msgspec.json.schema_components(kinds, ref_template="#/{name}")
    methods = [name for name in vars(client.Client) if not name.startswith("_")]
    json.dump({"operations": found, "schemas": schemas, "components": components, "methods": methods}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
