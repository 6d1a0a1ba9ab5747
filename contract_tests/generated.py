"""What pytest and Schemathesis run to generate cases: `fuzzing` starts pytest on this file; it sends nothing itself."""

from typing import Any

import schemathesis

schema = schemathesis.pytest.from_fixture("contract_schema")


@schema.parametrize()
def test_generates(case: schemathesis.Case[Any], collected: list[schemathesis.Case[Any]]) -> None:
    """Each case of the examples, coverage and fuzzing phases is kept, in order."""
    collected.append(case)
