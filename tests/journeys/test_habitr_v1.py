"""The Habitr backend in version 1's directives, with search."""

from collections.abc import Callable

from tests.journeys.conftest import ROOT, Running
from tests.journeys.people import CREATE_HABIT, VOTE, api_key, graphql, person


def test_habitr_in_version_1_runs_and_finds_habits_and_members(start_emulator: Callable[..., Running]) -> None:
    emulator = start_emulator("--memory", "--port", "0", "--project", str(ROOT / "fixtures" / "habitr-v1"))
    alice = person(emulator, "alice")
    made = alice.graphql(CREATE_HABIT, tagline="Drink Water", category="Health")["data"]["createHabit"]
    assert (made["owner"], made["ups"]) == (alice.username, None)  # subscribers would see guarded fields
    search = '{searchHabits(filter:{tagline:{match:"water"}}){total items{owner ups author{username}}}}'
    found = alice.graphql(search)["data"]["searchHabits"]
    assert found == {
        "total": 1,
        "items": [{"owner": alice.username, "ups": 0, "author": {"username": alice.username}}],
    }
    _, members = graphql(emulator, "{searchUsers{total items{username}}}", headers=api_key(emulator))
    assert members["data"]["searchUsers"] == {"total": 1, "items": [{"username": alice.username}]}
    voted = alice.graphql(VOTE, habitId=made["id"], type="upvote")["data"]["vote"]
    assert voted["habit"]["ups"] == 1
    top = alice.graphql("{searchHabits(sort:{field:ups}){items{id ups}}}")["data"]["searchHabits"]["items"]
    assert top == [{"id": made["id"], "ups": 1}]
