"""HTTP/1.1 on one connection: Uvicorn's protocol, with the gateway's limits and words where there is no request yet."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque

import httptools
import msgspec
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from mock_service.messages import gateway_body

PATIENCE = 60.0
"""Seconds in which a request has to arrive whole; a connection that takes longer is closed."""
LONGEST_HEAD = 65_535
"""Bytes of a request's line, headers and trailers; the parser takes no longer address."""
PIECE = 4096
"""Bytes that are read at a time; so many more than LONGEST_HEAD may be kept of a header that does not end."""
BROKEN, LONG_LINE, LONG_HEAD = 400, 414, 494


class Refused(Exception):
    """What arrives is no request; the argument is the gateway's status."""


class Protocol(HttpToolsProtocol):
    """Uvicorn's own, with the connection at hand for answers that break it."""

    head = 0
    """Bytes of the line, headers and trailers of the request that is being read."""
    unheard = 0
    """Bytes received since the parser last told of anything: of one header that does not end."""
    in_body = False
    """Whether the head of the request that is being read is whole, and its body is not."""
    declined: list[bytes] | None = None
    """The head of a request that offers another protocol, less the offer."""
    refusal: bytes | None = None
    """The last answer of this connection, once all before it are given."""
    answering: RequestResponseCycle | None = None
    """The request that is being answered; of several sent at once, `cycle` is the last."""
    awaited: tuple[object, float] = (None, 0.0)
    """The request that was not whole when last looked at, and since when."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the connection."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}

    def connection_lost(self, exc: Exception | None) -> None:
        """Uvicorn tells the last of several requests that nobody waits for it; the one being answered must know."""
        super().connection_lost(exc)
        if self.answering is not None and not self.answering.response_complete:
            self.answering.disconnected = True
            self.answering.message_event.set()

    # What arrives

    def data_received(self, data: bytes) -> None:
        """Read on, unless what came before was no request."""
        if self.refusal is not None or self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        try:
            while data:
                data = self.read(data)
        except httptools.HttpParserError as error:
            reason = error.__context__
            self.refuse(reason.args[0] if isinstance(reason, Refused) else BROKEN)
        except Refused as reason:
            self.refuse(reason.args[0])

    def read(self, data: bytes) -> bytes:
        """Read a piece of the data; the rest.

        The parser would leave the body of a request unread that offers another protocol: read it again, less the offer.
        """
        piece, rest = data[:PIECE], data[PIECE:]
        self.unheard += len(piece)
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade as offer:
            head, self.declined = self.declined or [], None
            self.parser = httptools.HttpRequestParser(self)
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            return b"".join([*head, b"\r\n", piece[offer.args[0] :], rest])
        if self.unheard > LONGEST_HEAD:
            raise Refused(LONG_HEAD)
        return rest

    def on_message_begin(self) -> None:
        """Count anew."""
        self.head = self.unheard = 0
        self.in_body = False
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        self.count(len(url), LONG_LINE)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; of a trailer, which is none, only the length counts."""
        self.count(len(name) + len(value) + 4, LONG_HEAD)
        if not self.in_body:
            super().on_header(name, value)

    def count(self, size: int, refusal: int) -> None:
        """So many more bytes of the head have come."""
        self.head += size
        self.unheard = 0
        if self.head > LONGEST_HEAD:
            raise Refused(refusal)

    def on_headers_complete(self) -> None:
        """Answer the request, but for one that is to be read again."""
        hosts = [name for name, _ in self.headers].count(b"host")
        if (hosts != 1 and self.parser.get_http_version() == "1.1") or self.parser.get_method() == b"CONNECT":
            raise Refused(BROKEN)
        if self.parser.should_upgrade():
            line = b"%b %b HTTP/%b\r\n" % (
                self.parser.get_method(),
                self.url,
                self.parser.get_http_version().encode(),
            )
            self.declined = [line, *(b"%b: %b\r\n" % each for each in self.headers if each[0] != b"upgrade")]
            return
        super().on_headers_complete()
        self.in_body = True

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self.unheard = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self.unheard = 0
        if self.declined is None:
            self.in_body = False
            super().on_message_complete()

    # What is answered

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Remember what is being answered."""
        self.answering = cycle
        super()._start_asgi_task(cycle, app)

    def refuse(self, status: int) -> None:
        """Answer what is no request once all that came before it is answered, and close the connection."""
        name = secrets.token_hex(16)
        body = msgspec.json.encode(gateway_body(status, name))
        headers = {"content-type": "application/json", "content-length": len(body), "x-request-id": name}
        lines = [f"{key}: {value}\r\n".encode() for key, value in [*headers.items(), ("connection", "close")]]
        date = [b"%b: %b\r\n" % header for header in self.server_state.default_headers]
        self.refusal = b"".join([STATUS_LINE[status], *date, *lines, b"\r\n", body])
        if self.in_body and not self.cycle.response_complete:
            self.forget(self.cycle)
        if self.answering is None or self.answering.response_complete:
            self.say_refusal()

    def forget(self, cycle: RequestResponseCycle) -> None:
        """Do not answer a request that turned out to be broken."""
        self.pipeline = deque(each for each in self.pipeline if each[0] is not cycle)
        if self.answering is not cycle:
            return
        cycle.disconnected = True
        cycle.message_event.set()
        self.answering = None
        if cycle.response_started:  # there is no place for another answer
            self.transport.close()

    def say_refusal(self) -> None:
        """The last word."""
        if self.refusal is not None and not self.transport.is_closing():
            self.transport.write(self.refusal)
            self.transport.close()

    def on_response_complete(self) -> None:
        """Go on with the next request, if there is one."""
        super().on_response_complete()
        if self.refusal is not None and self.answering is not None and self.answering.response_complete:
            self.say_refusal()

    def late(self, now: float) -> bool:
        """Whether a request has been on its way for too long; `now` is in seconds of a clock that goes forward."""
        cycle = self.cycle
        idle = self.timeout_keep_alive_task is not None  # nothing of the next request has come
        waiting = not idle if cycle is None or cycle.response_complete else cycle.more_body
        if not waiting:
            self.awaited = (None, now)
        elif self.awaited[0] is not (cycle or self):
            self.awaited = (cycle or self, now)
        return waiting and now - self.awaited[1] > PATIENCE
