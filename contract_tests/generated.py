"""What pytest and Schemathesis run to generate cases: `fuzzing` starts pytest on this file; it sends nothing itself."""

from typing import Any

import schemathesis

from contract_tests import fuzzing

schema = fuzzing.REQUESTED.get()


@schema.parametrize()  # type: ignore[untyped-decorator]
def test_generates(case: schemathesis.Case[Any]) -> None:
    """Each case of the examples, coverage and fuzzing phases is kept, in order."""
    fuzzing.COLLECTED.get().append(case)
