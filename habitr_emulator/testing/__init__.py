"""An emulator inside a test process: started once, in a thread of its own, and restored before each test."""

from habitr_emulator.people.public import GraphqlErrors, Refused
from habitr_emulator.people.subscription import Ended
from habitr_emulator.testing.background import Background, Pending
from habitr_emulator.testing.habitr import Habitr
from habitr_emulator.testing.member import Listening, Member

__all__ = ["Background", "Ended", "GraphqlErrors", "Habitr", "Listening", "Member", "Pending", "Refused"]
