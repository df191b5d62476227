"""A line of the log is a line, whatever clients write."""

import logging

import pytest

from habitr_emulator.kernel import log


def test_a_client_cannot_forge_a_line_or_colour_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger("habitr_emulator")
    before = list(root.handlers), root.level, root.propagate
    try:
        log.configure()
        logging.getLogger("habitr_emulator.x").warning("no user %s", "x\nerror: forged\x1b[31m\u2028\x9b")
    finally:
        root.handlers[:], root.level, root.propagate = before
    assert capsys.readouterr().err == "warning: no user x\\nerror: forged\\x1b[31m\\u2028\\x9b\n"
