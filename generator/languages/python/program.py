"""Sign in with a token, send the page's example, read two pages, and check the answers."""

import os
from pathlib import Path

import msgspec
from coc_incidents import Client, ListIncidentsRequestBody

with Client.from_env() as client:  # reads COC_ENDPOINT and COC_AUTH_TOKEN
    body = msgspec.json.decode(Path(os.environ["COC_EXAMPLE"]).read_bytes(), type=ListIncidentsRequestBody)
    example = client.list_incidents(body)
    pages = [client.list_incidents(ListIncidentsRequestBody(page=number, per_page=100)) for number in (1, 2)]
    tickets = [ticket for page in pages for ticket in page]
    if not len(example) or len({ticket.ticket_id for ticket in tickets}) != 200:
        raise SystemExit(f"wrong answer: {len(tickets)} tickets on two pages")
    print(f"{example.total} tickets like the example, the newest of {tickets[0].created_at:%Y-%m-%d}")
