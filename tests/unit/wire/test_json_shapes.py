"""JSON read by the model."""

import pytest

from habitr_emulator.wire.json_shapes import read
from habitr_emulator.wire.model import UnparsableInput, service


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 1e20, 1.5])
def test_a_number_that_its_type_cannot_hold_is_refused(number: float) -> None:
    shape = service("cognito-idp").operations["CreateGroup"].input
    assert shape is not None
    group = {"UserPoolId": "us-east-1_x", "GroupName": "g"}
    with pytest.raises(UnparsableInput, match="cannot be converted to Integer"):
        read(shape, group | {"Precedence": number})
    assert read(shape, group | {"Precedence": 2**31 - 1})["Precedence"] == 2**31 - 1
