"""Schedule expressions of EventBridge: when they are due next."""

from datetime import UTC, datetime

import pytest

from habitr_emulator.services.lambda_.schedule_expressions import InvalidSchedule, parse


def after(expression: str, moment: str) -> str:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
    due = parse(expression).after(at)
    return "never" if due is None else f"{datetime.fromtimestamp(due, UTC):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("expression", "now", "due"),
    [
        ("rate(1 minute)", "2026-11-29 10:00", "2026-11-29 10:01"),
        ("rate(5 minutes)", "2026-11-29 10:00", "2026-11-29 10:05"),
        ("rate(1 hour)", "2026-11-29 10:30", "2026-11-29 11:30"),
        ("rate(7 days)", "2026-11-29 10:30", "2026-12-06 10:30"),
        ("cron(0 12 * * ? *)", "2026-11-29 10:00", "2026-11-29 12:00"),
        ("cron(0 12 * * ? *)", "2026-11-29 12:00", "2026-11-30 12:00"),
        ("cron(15/20 * * * ? *)", "2026-11-29 10:16", "2026-11-29 10:35"),
        ("cron(0 18 ? * MON-FRI *)", "2026-11-28 10:00", "2026-11-30 18:00"),
        ("cron(0 8 1 * ? *)", "2026-11-29 10:00", "2026-12-01 08:00"),
        ("cron(0 0 L * ? *)", "2026-11-29 10:00", "2026-11-30 00:00"),
        ("cron(0 9 ? * 2#1 *)", "2026-11-29 10:00", "2026-12-07 09:00"),
        ("cron(0 9 ? * 6L *)", "2026-11-29 10:00", "2026-12-25 09:00"),
        ("cron(0 9 15W * ? *)", "2026-11-10 10:00", "2026-11-16 09:00"),
        ("cron(0 10 29 FEB ? *)", "2026-11-29 10:00", "2028-02-29 10:00"),
        ("cron(0 10 * * ? 2025)", "2026-11-29 10:00", "never"),
        ("cron(30,45 8-10 * JAN,DEC ? *)", "2026-11-29 10:00", "2026-12-01 08:30"),
    ],
)
def test_a_schedule_says_when_it_is_due(expression: str, now: str, due: str) -> None:
    assert after(expression, now) == due


@pytest.mark.parametrize(
    "expression",
    [
        "rate(0 minutes)",
        "rate(5 minute)",
        "rate(1 minutes)",
        "rate(x)",
        "cron(0 12 * * * *)",
        "cron(0 12 ? * ? *)",
        "cron(60 12 * * ? *)",
        "cron(0 12 * *)",
        "hourly",
        "cron(0 12 * FOO ? *)",
        "cron(*/0 * * * ? *)",
        "cron(9-3 * * * ? *)",
    ],
)
def test_what_is_no_schedule_is_refused(expression: str) -> None:
    with pytest.raises(InvalidSchedule):
        parse(expression)
