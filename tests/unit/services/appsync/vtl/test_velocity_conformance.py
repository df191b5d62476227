"""What Apache Velocity 1.7 answers, case by case (with ``#return`` added)."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.services.appsync.spec import EarlyReturn, ResolverError
from habitr_emulator.services.appsync.vtl.render import context_of, render_variables
from habitr_emulator.services.appsync.vtl.util import UTIL
from habitr_emulator.services.appsync.vtl.values import Tool

KIT = json.loads((Path(__file__).parents[4] / "data" / "vtl_cases.json").read_text())


def answer(template: str, variables: dict[str, Any]) -> dict[str, Any]:
    util = Tool(UTIL, context_of({}, lambda: "2026-11-21T00:00:00.000Z", lambda: "id"))
    try:
        shown = {**variables, "context": variables.get("ctx"), "util": util, "utils": util}
        return {"out": render_variables(template, shown)}
    except EarlyReturn as early:
        return {"ret": early.value}
    except ResolverError as error:
        return {"fails": True} if error.error_type == "MappingTemplate" else {"error": {"message": error.message}}


@pytest.mark.parametrize("case", KIT["cases"], ids=[case["name"] for case in KIT["cases"]])
def test_a_template_renders_as_velocity_does(case: dict[str, Any]) -> None:
    variables = copy.deepcopy(case.get("ctx", KIT["default_ctx"]))
    assert answer(case["tpl"], variables) == case["expect"]
    if case.get("stash") is not None:
        assert variables["ctx"]["stash"] == case["stash"]
