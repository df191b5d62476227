"""Directive arguments that do not fit their types are refused where they stand, never read as something else."""

import pytest

from habitr_emulator.amplify.transform.transformer import schema_sdl
from habitr_emulator.kernel.errors import ProjectError


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("{ allow: ownr }", 'Value "ownr" does not exist in "AuthStrategy" enum'),
        ("{ allow: private, operation: [read] }", 'Field "operation" is not defined'),
        ("{ allow: private, operations: [reed] }", 'Value "reed" does not exist in "ModelOperation" enum'),
        ("{ operations: [read] }", "allow"),
        ('{ allow: groups, groups: "admin", ownerField: 3 }', "3"),
    ],
)
def test_a_misspelt_rule_is_refused_with_its_place(rule: str, reason: str) -> None:
    with pytest.raises(ProjectError) as refused:
        schema_sdl("type A @model\n  @auth(rules: [" + rule + "]) { a: String }", {"modes": ["userPools"]})
    assert reason in refused.value.reason
    assert refused.value.line == 2
