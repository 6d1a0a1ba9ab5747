"""The mock's server around an application that answers a file's bytes: `python -m benchmarks.mock_constant FILE`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mock_service import server


def main() -> int:
    """Serve until stopped."""
    body = Path(sys.argv[1]).read_bytes()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]

    async def constant(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            while (await receive()).get("more_body"):
                pass
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    with server.bind("127.0.0.1", 0) as listener:
        server.run(constant, listener, lambda: server.announce(listener))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
