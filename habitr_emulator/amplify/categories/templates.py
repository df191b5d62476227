"""A project's own mapping templates for generated fields: ``api/<resource>/resolvers/*.vtl``.

``Query.getHabit.req.vtl`` replaces a generated template; ``Mutation.createHabit.postAuth.1.req.vtl`` joins a slot.
https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/custom-business-logic/#extend-amplify-generated-resolvers
"""

import re
from pathlib import Path

from habitr_emulator.amplify.files import read_text
from habitr_emulator.amplify.resolvers.steps import UserTemplates
from habitr_emulator.services.appsync.spec import Function, Template, Vtl

_FILE = re.compile(r"(\w+)\.(\w+)(?:\.(\w+)\.(\d+))?\.(req|res)\.vtl")

#: What Amplify puts where a slot's file has no counterpart.
_EMPTY = Vtl("$util.toJson({})")

Field = tuple[str, str]


def user_templates(folder: Path) -> dict[Field, UserTemplates]:
    """The templates by (type, field)."""
    data: dict[Field, dict[str, Template]] = {}
    slots: dict[Field, dict[tuple[str, int], dict[str, Template]]] = {}
    for path in sorted(folder.glob("*.vtl")) if folder.is_dir() else ():
        match = _FILE.fullmatch(path.name)
        if match is None:
            continue
        field, template = (match[1], match[2]), Vtl(read_text(path), path.name)
        if match[3] is None:
            data.setdefault(field, {})[match[5]] = template
        else:
            slots.setdefault(field, {}).setdefault((match[3], int(match[4])), {})[match[5]] = template
    return {
        field: UserTemplates(
            _functions(field, slots.get(field, {})),
            data.get(field, {}).get("req"),
            data.get(field, {}).get("res"),
        )
        for field in (data | slots)
    }


def _functions(field: Field, found: dict[tuple[str, int], dict[str, Template]]) -> dict[str, list[Function]]:
    functions: dict[str, list[Function]] = {}
    for (slot, order), pair in sorted(found.items(), key=lambda item: item[0][1]):
        name = f"{field[0]}{field[1]}{slot}{order}"
        functions.setdefault(slot, []).append(
            Function(name, None, pair.get("req", _EMPTY), pair.get("res", _EMPTY))
        )
    return functions
