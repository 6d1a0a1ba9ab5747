"""Rules of the exchange that no single keyword states: statuses, error bodies, malformed requests, authentication.

Each is a record; the code that exercises it names its id. `at` is the place in the spec, relative to the operation.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from contract_tests.contract import Contract, Level, Operation
from contract_tests.ledger import Kind, Obligation, Severity
from contract_tests.schemas import find

DOCUMENTED, ASSUMED = Level.DOCUMENTED, Level.ASSUMED


@frozen
class Rule:
    """One rule: its id, what it says, its level (assumed where its place is not from the page), place and severity."""

    id: str
    says: str
    level: Level
    at: str = ""
    kind: Kind = Kind.STATUS
    severity: Severity = Severity.MAJOR

    def obligation(self, contract: Contract, operation: Operation) -> Obligation:
        """The ledger's entry for it; an operation that does not have the place owes it as a whole."""
        pointer = self.at if self.at.startswith(("/components/", "/paths/")) else operation.pointer + self.at
        if find(contract.document, pointer) is None:
            pointer = operation.pointer
        return Obligation(
            id=self.id,
            says=self.says,
            level=self.level if contract.level(pointer, "") is DOCUMENTED else ASSUMED,
            kind=self.kind,
            severity=self.severity,
            pointer=pointer,
            line=contract.line(pointer),
            source=contract.source(pointer),
        )


ANSWERED = Rule(
    "COC-X-answered",
    "Every request gets a whole answer: no connection is cut, no body ends early.",
    DOCUMENTED,
    "/responses",
    Kind.TRANSPORT,
    Severity.CRITICAL,
)
NEVER_FAILS = Rule(
    "COC-S5xx-never",
    "No request makes the service fail; what it cannot process it answers with 400.",
    DOCUMENTED,
    "/responses/400",
    severity=Severity.CRITICAL,
)
LISTED = Rule("COC-S-listed", "Every answer has a status that the contract lists.", DOCUMENTED, "/responses")
MEDIA_TYPE = Rule(
    "COC-S-media-type", "A body says that it is JSON: Content-Type application/json.", DOCUMENTED, "/responses/200"
)
ACCEPTED = Rule(
    "COC-S200-accepted",
    "A valid request is answered with 200.",
    DOCUMENTED,
    "/responses/200",
    severity=Severity.CRITICAL,
)
SUCCESS = Rule("COC-S200-success", "A 200 says success in its envelope.", DOCUMENTED, "/responses/200")
REFUSED = Rule("COC-S400-refused", "A request out of range is answered with 400.", DOCUMENTED, "/responses/400")
FAILURE = Rule("COC-S400-failure", "A 400 does not say success, and carries no tickets.", DOCUMENTED, "/responses/400")
EMPTY = Rule(
    "COC-S200-empty",
    "A result without items is an empty array or absent, not null; so is a total that is not wanted.",
    ASSUMED,
    "/responses/200",
)
CONSTANTS = Rule(
    "COC-S-constants",
    "A member that the page's examples and its default show with one value alone has that value.",
    DOCUMENTED,
    "/responses/200",
    severity=Severity.MINOR,
)
TOGETHER = Rule(
    "COC-X-members-together",
    "Optional members are accepted alone and in any company.",
    DOCUMENTED,
    "/requestBody",
    Kind.REQUEST,
)
REPEATED = Rule(
    "COC-X-repeat",
    "The same request, sent again at once, gets the same answer.",
    DOCUMENTED,
    "/requestBody",
    Kind.TRANSPORT,
)
MALFORMED = Rule("COC-X-malformed", "A body that is no JSON is not answered as if it were.", DOCUMENTED, "/requestBody")
MALFORMED_400 = Rule("COC-X-malformed-400", "A body that is no JSON is answered with 400.", ASSUMED, "/requestBody")
FOREIGN_MEDIA = Rule("COC-X-media-type", "A body of another media type is answered with 400.", ASSUMED, "/requestBody")
FOREIGN_METHOD = Rule("COC-X-method", "Another method on the path is answered with 404.", ASSUMED, "/responses/404")
FOREIGN_PATH = Rule("COC-X-path", "An unknown path is answered with 404.", ASSUMED, "/responses/404")
ABSENT_BODY = Rule("COC-X-absent-body", "An absent body means an empty one.", ASSUMED, "/requestBody")
EXAMPLE = Rule(
    "COC-X-example",
    "The page's own request is answered with 200.",
    DOCUMENTED,
    "/requestBody",
    Kind.REQUEST,
    Severity.CRITICAL,
)
GENERATED_VALID = Rule(
    "COC-F-valid",
    "Any generated body that is valid and makes sense is accepted.",
    DOCUMENTED,
    "/requestBody",
    Kind.REQUEST,
)
GENERATED_INVALID = Rule(
    "COC-F-invalid", "Any generated body that breaks the schema is refused.", DOCUMENTED, "/requestBody", Kind.REQUEST
)
GENERATED_ANSWERS = Rule(
    "COC-F-answers", "Schemathesis' own checks hold on every answer to a generated body.", DOCUMENTED, "/responses"
)


def _auth(id: str, says: str, level: Level = DOCUMENTED, at: str = "") -> Rule:
    return Rule(id, says, level, at, Kind.AUTHENTICATION, Severity.CRITICAL)


NO_CREDENTIALS = _auth("COC-A-none", "Without credentials no ticket is answered.")
WRONG_TOKEN = _auth("COC-A-wrong-token", "With a wrong token no ticket is answered.")
WRONG_KEY = _auth("COC-A-wrong-key", "With an unknown access key no ticket is answered.")
WRONG_SECRET = _auth("COC-A-wrong-secret", "With a signature by another secret no ticket is answered.")
TAMPERED = _auth("COC-A-tampered", "With a body changed after it was signed no ticket is answered.")
EXPIRED = _auth("COC-A-expired", "With a signature outside the clock window no ticket is answered.")
UNSIGNED_DATE = _auth(
    "COC-A-unsigned-date", "With a signature that leaves out the date's header no ticket is answered.", ASSUMED
)
UNAUTHORIZED_401 = _auth("COC-A-401", "Whoever is not authenticated is answered with 401.", ASSUMED, "/responses/401")

ALL = tuple(rule for rule in list(globals().values()) if isinstance(rule, Rule))


def shape(status: int) -> str:
    """The id of the rule that answers of this status are JSON of the documented shape."""
    return f"COC-S{status}-shape"


#: The assumption that a parent which nobody knows has no items, rather than being an error.
UNKNOWN_PARENT = "unknown-parent"


def path_length(parameter: str) -> str:
    """The id of the rule that a parameter in the path has a greatest length."""
    return f"COC-path.{parameter}-maxlength"


def unknown_parent(parameter: str) -> str:
    """The id of the rule of what a parent that nobody knows is answered."""
    return f"COC-X-unknown-{parameter}"


def of(operation: Operation) -> Iterator[Rule]:
    """All rules of an operation: the fixed ones, and one shape for each answer with a body."""
    yield from ALL
    for response in operation.responses.values():
        if response.schema:
            says = f"The body of a {response.status} is JSON of the documented shape."
            yield Rule(shape(response.status), says, DOCUMENTED, response.pointer, severity=Severity.CRITICAL)
