"""Moving the clock does what is due on the way, in order, each thing at its own time."""

from habitr_emulator.kernel.bus import Bus
from habitr_emulator.kernel.clock import Clock
from habitr_emulator.services.agenda import MOST_STEPS, MOVED, Agenda


class Timer:
    """Something due at some times; it notes when it was done."""

    def __init__(self, name: str, clock: Clock, done: list[tuple[str, float]], *times: float) -> None:
        self._name, self._clock, self._done, self._times = name, clock, done, sorted(times)

    def due(self) -> float | None:
        return self._times[0] if self._times else None

    async def work(self) -> None:
        self._times.pop(0)
        self._done.append((self._name, self._clock.now()))


def frozen(at: float) -> Clock:
    clock = Clock()
    clock.freeze()
    clock.set(at)
    return clock


async def test_everything_happens_in_the_order_of_its_time() -> None:
    clock, bus, agenda = frozen(100), Bus(), Agenda()
    done: list[tuple[str, float]] = []
    heard: list[tuple[float, float]] = []
    bus.subscribe(MOVED, heard.append)
    for name, times in (("a", (110.0, 130.0)), ("b", (120.0, 900.0)), ("late", (50.0,))):
        timer = Timer(name, clock, done, *times)
        agenda.add(timer.due, timer.work)
    await agenda.move(clock, bus, 200)
    assert done == [("late", 100), ("a", 110), ("b", 120), ("a", 130)]
    assert clock.now() == 200
    assert heard == [(100, 200)]


async def test_a_clock_that_is_put_back_does_nothing() -> None:
    clock, agenda = frozen(100), Agenda()
    done: list[tuple[str, float]] = []
    timer = Timer("a", clock, done, 60.0)
    agenda.add(timer.due, timer.work)
    await agenda.move(clock, Bus(), 50)
    assert (clock.now(), done) == (50, [])


async def test_what_does_not_get_on_does_not_hold_up_the_clock() -> None:
    clock, agenda = frozen(0), Agenda()
    tried = []

    async def work() -> None:
        tried.append(clock.now())

    agenda.add(lambda: 10.0, work)
    await agenda.move(clock, Bus(), 20)
    assert tried == [10, 20]
    assert clock.now() == 20


async def test_a_far_future_comes_in_a_bounded_number_of_steps() -> None:
    clock, agenda = frozen(0), Agenda()
    steps = []

    async def work() -> None:
        steps.append(clock.now())

    agenda.add(lambda: clock.now() + 1, work)
    await agenda.move(clock, Bus(), 1e9)
    assert len(steps) <= MOST_STEPS + 1
    assert clock.now() == 1e9
