"""Tickets for the reference service: made to tell faults apart: Chinese, quotes, wildcards, ties, absent values."""

from __future__ import annotations

from random import Random
from typing import Any

STATUSES = (
    "INCIDENT_STATUS_TRIGGERED",
    "INCIDENT_STATUS_RESOLVED",
    "INCIDENT_STATUS_REJECTED",
    "incident_draft",
    "level_approving",
)
TITLES = (
    "Disk full on node {n}",
    "disk FULL again, node {n}",
    "订单数据库磁盘已满 {n}",
    "支付网关超时（第{n}次）",
    '100% CPU_load on "web-{n}"',
    "Café's latency 🚒 {n}",
    "Login fails; 'retry' \\ {n}",
    " padded title {n} ",
)
START = 1_744_000_000_000


def tickets(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """`count` tickets, the same for the same seed; every eighth or so lacks some property."""
    random = Random(seed)  # noqa: S311 - data, no secret
    people = [f"{random.getrandbits(128):032x}" for _ in range(7)]
    return [_ticket(number, random, people) for number in range(count)]


def _ticket(number: int, random: Random, people: list[str]) -> dict[str, Any]:
    created = START + number * 61_000 - (number % 3 == 2) * 61_000  # every third shares its neighbour's instant
    whole = {
        "ticket_id": f"IM2025{number * 7919 % 1_000_003:07d}",
        "title": random.choice(TITLES).format(n=random.randrange(40)),
        "description": random.choice(
            ("", "Writes fail since 10:40.", "用户无法登录", "see IM20250000001, INC_1% of calls")
        ),
        "level_id": random.choice(("level_10", "level_20", "level_30", "level_30", "level_40", "level_50")),
        "work_flow_status": random.choice(STATUSES),
        "source_id": random.choice(("incident_source_manual", "incident_source_alarm", "incident_source_forwarding")),
        "mtm_type": random.choice(("inc_type_p_security_issues", "inc_type_p_function_issues", "自定义类型")),
        "mtm_region": random.choice(("", "cn-north-4", "cn-north-1", "ap-southeast-3")),
        "enterprise_project_id": random.choice(("0", "0", "a1b2c3d4-0001")),
        "current_cloud_service_id": f"66431ed6ffed4e034ce1{random.randrange(12):04d}",
        "forward_rule_id": f"{random.getrandbits(64):016x}",
        "phase": random.choice(("phase_incident_create", "phase_incident_handle")),
        "assignee": random.choice(people),
        "creator": random.choice(people),
        "operator": random.choice(people),
        "is_service_interrupt": random.random() < 0.3,
        "create_time": created,
        "update_time": created + random.randrange(10) * 1000,
        "start_time": created - random.randrange(600_000),
        "handle_time": random.choice((5, 60, 99, 315, 1200, 20_000)),
        "incident_ownership": random.choice(("alarm", "customer", "other")),
        "enum_data_list": [
            {"prop_id": "level_id", "biz_id": "level_10", "name_zh": "P1", "name_en": "P1"},
            {"prop_id": "source_id", "biz_id": "incident_source_manual", "name_zh": "手工", "name_en": "Manual"},
        ],
    }
    optional = (
        "description",
        "mtm_region",
        "forward_rule_id",
        "start_time",
        "handle_time",
        "incident_ownership",
        "creator",
    )
    return {name: value for name, value in whole.items() if name not in optional or random.random() > 0.12}
