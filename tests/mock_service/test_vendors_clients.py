"""The vendor's own clients, unchanged, against the mock: the Python SDK, and a request of Terraform's shape."""

from __future__ import annotations

import pytest
from huaweicloudsdkcoc.v1 import (
    CocClient,
    ListIncidentsRequest,
    ListTicketParamsWithPageV2,
    ObjectFilterV2,
)
from huaweicloudsdkcore.auth.credentials import BasicCredentials, GlobalCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException, ServerResponseException

from mock_service.authentication import DEMO


@pytest.fixture(scope="module")
def address(running):
    """A mock that asks for credentials."""
    with running("--auth", "required", tickets=300) as (address, _):
        yield address


def sdk(address: str, secret: str = DEMO.secret_key, credentials: type = GlobalCredentials):
    """The vendor's client, signing with the demo account's key."""
    known = credentials(DEMO.access_key, secret, "0" * 32)
    return CocClient.new_builder().with_credentials(known).with_endpoints([address]).build()


def search(client, **members):
    """What the SDK returns for a request."""
    return client.list_incidents(ListIncidentsRequest(body=ListTicketParamsWithPageV2(**members)))


@pytest.mark.parametrize("credentials", [GlobalCredentials, BasicCredentials])
def test_the_sdk_lists(address, credentials):
    """The SDK's signature is accepted, and its answer holds tickets and total."""
    found = search(sdk(address, credentials=credentials), per_page=7)
    assert (found.error_code, found.data["total"], len(found.data["tickets"])) == ("GOM.00000000", 300, 7)


def test_the_sdk_filters_and_sorts(address):
    """Filters, condition and sort of the SDK do what they say."""
    level = ObjectFilterV2(name="a", field="level_id", operator="in", values=["level_10", "level_20"])
    late = ObjectFilterV2(name="b", field="create_time", operator=">", values=["1738000000000"])
    sort = ObjectFilterV2(field="create_time", operator="desc", values=["create_time"])
    found = search(sdk(address), string_filters=[level, late], condition="a & b", sort_filter=sort, per_page=200).data
    times = [int(ticket["create_time"]) for ticket in found["tickets"]]
    assert len(times) == found["total"] > 20
    assert {ticket["level_id"] for ticket in found["tickets"]} == {"level_10", "level_20"}
    assert times == sorted(times, reverse=True)
    assert min(times) > 1738000000000


def test_the_sdk_gets_its_exceptions(address):
    """400 and 401 are the SDK's client exceptions, with status, code, message and request id."""
    with pytest.raises(ClientRequestException) as bad:
        search(sdk(address), page=0)
    assert (bad.value.status_code, bad.value.error_code) == (400, "GOM.00007256")
    assert "/page" in bad.value.error_msg
    assert len(bad.value.request_id) == 32
    with pytest.raises(ClientRequestException) as unknown:
        search(sdk(address, secret="wrong"))
    assert (unknown.value.status_code, unknown.value.error_code) == (401, "APIGW.0301")


@pytest.mark.parametrize(
    ("status", "expected", "code"),
    [
        (429, ClientRequestException, "APIGW.0308"),
        (500, ServerResponseException, "APIGW.0601"),
        (503, ServerResponseException, "APIGW.0613"),
    ],
)
def test_the_sdk_gets_its_exceptions_on_a_bad_day(running, tmp_path, status, expected, code):
    """429 and 5xx are the SDK's exceptions too."""
    file = tmp_path / "bad-day.yaml"
    file.write_text(f"events: [{{status: {status}}}]")
    with running("--scenario", str(file)) as (address, _), pytest.raises(expected) as raised:
        search(sdk(address))
    assert (raised.value.status_code, raised.value.error_code) == (status, code)


def test_a_request_of_terraforms_shape_is_answered(mock):
    """The Terraform provider asks for everything at once, without a page, and names no default."""
    reply = mock(
        contain_all=True,
        contain_total=True,
        contain_sub_ticket=True,
        string_filters=[
            {"field": "create_time", "name": "start", "operator": ">", "values": ["1736000000000"]},
            {"field": "create_time", "name": "end", "operator": "<", "values": ["1737000000000"]},
        ],
        sort_filter={"field": "create_time", "name": "create_time", "operator": "desc", "values": ["create_time"]},
        ticket_types=["incident"],
    )
    times = [int(ticket["create_time"]) for ticket in reply.tickets]
    assert 20 < len(times) == reply.json["data"]["total"] < 1000
    assert times == sorted(times, reverse=True)
    assert 1736000000000 < min(times) <= max(times) < 1737000000000
