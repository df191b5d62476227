"""A lively Habitr of any size, the same for the same number: people with faces, habits, comments and votes."""

from typing import Any

from habitr_emulator.kernel.ids import Ids
from habitr_emulator.seed.file import File, Row, Seed, User

# fmt: off
_NAMES = (
    "ada", "alma", "amir", "anna", "aron", "bea", "ben", "carl", "cleo", "cora", "dan", "dora", "edda", "eli",
    "ella", "emil", "enzo", "eva", "finn", "flora", "freya", "gil", "hana", "hugo", "ida", "ilja", "ines",
    "ivo", "jana", "joel", "jona", "kai", "karl", "kira", "lara", "leo", "lia", "lina", "lou", "luca", "mara",
    "marc", "mila", "mina", "nele", "nico", "nora", "olaf", "olga", "otto", "paul", "pia", "quinn", "rita",
    "romy", "rosa", "ruben", "sami", "selma", "tara", "theo", "tilda", "timo", "ute", "vera", "vito", "wanda",
    "yara", "zoe",
)
# fmt: on
_HABITS = {
    "Health": (
        "Walk",
        "Stretch",
        "Drink water",
        "Sleep before eleven",
        "Take the stairs",
        "Breathe",
        "Cook",
        "Swim",
    ),
    "Finance": (
        "Write down expenses",
        "Save a tenth",
        "Cancel a subscription",
        "Read the statement",
        "Sell something",
    ),
    "Productivity": ("Plan the day", "Empty the inbox", "Single-task", "Tidy the desk", "Write ten lines", "Read"),
    "Relationships": (
        "Call a friend",
        "Say thanks",
        "Listen",
        "Eat together",
        "Send a postcard",
        "Ask how it went",
    ),
}
_WHEN = (
    "before breakfast",
    "at noon",
    "after work",
    "every evening",
    "on Sundays",
    "for ten minutes",
    "twice a day",
)
_COMMENTS = (
    "This works for me.",
    "Day three, still here.",
    "Harder than it sounds.",
    "My sister swears by it.",
    "I forgot it yesterday.",
    "Any tips for travellers?",
    "It gets easier after two weeks.",
    "Thank you for this one.",
    "Not my thing, but well put.",
    "Doing it with a friend helps.",
)
_VOTE = (
    "mutation Vote($habitId: ID!, $type: VoteType!) "
    "{ vote(habitId: $habitId, type: $type) { habit { id ups downs } user { username } } }"
)


def random_habitr(habits: int, rng: int) -> Seed:
    """``habits`` habits by a fifth as many people, with about two comments and three votes each."""
    return _Writer(habits, rng).seed()


class _Writer:
    def __init__(self, habits: int, rng: int) -> None:
        self._dice, self._habits = Ids(rng), habits
        self._people = [self._name(number) for number in range(max(2, habits // 5))]

    def seed(self) -> Seed:
        people = self._people
        rows = [self._profile(name) for name in people]
        for _ in range(self._habits):
            habit = self._dice.uuid()
            rows.append(self._habit(habit))
            rows += [self._comment(habit) for _ in range(self._below(5))]
            rows += [self._vote(habit, name) for name in people if self._dice.random() < min(1.0, 3 / len(people))]
        users = tuple(User(name, attributes={"email": f"{name}@example.com"}) for name in people)
        files = tuple(File("avatar.svg", name, "protected", avatar=name) for name in people)
        return Seed(users, files, tuple(rows))

    def _name(self, number: int) -> str:
        name = _NAMES[number % len(_NAMES)]
        return name if number < len(_NAMES) else f"{name}{number // len(_NAMES) + 1}"

    def _below(self, end: int) -> int:
        return int(self._dice.random() * end)

    def _one_of(self, things: Any) -> Any:
        return things[self._below(len(things))]

    def _profile(self, name: str) -> Row:
        picture = {
            "bucket": "${bucket}",
            "region": "${region}",
            "key": "avatar.svg",
            "cognitoId": "${identity}",
            "accessLevel": "protected",
        }
        return Row(name, update="User", input={"username": name, "name": name.title(), "avatar": picture})

    def _habit(self, habit: str) -> Row:
        category = self._one_of(tuple(_HABITS))
        tagline = f"{self._one_of(_HABITS[category])} {self._one_of(_WHEN)}"
        content = {"id": habit, "tagline": tagline, "category": category, "ups": 0, "downs": 0}
        return Row(self._one_of(self._people), create="Habit", input=content)

    def _comment(self, habit: str) -> Row:
        content = {"id": self._dice.uuid(), "habitId": habit, "comment": self._one_of(_COMMENTS)}
        return Row(self._one_of(self._people), create="Comment", input=content)

    def _vote(self, habit: str, name: str) -> Row:
        kind = "downvote" if self._dice.random() < 0.2 else "upvote"
        return Row(name, query=_VOTE, variables={"habitId": habit, "type": kind})
