"""Projects whose ``transform.conf.json`` says a version below 5: no conditions, and filter inputs of other names.

https://docs.amplify.aws/cli-legacy/graphql-transformer/overview/
"""

from habitr_emulator.amplify.transform.document import Argument, Document, Field, base, inputs
from habitr_emulator.amplify.transform.transformation import Transformation
from habitr_emulator.amplify.transform.v1 import names

#: Since this version of the configuration there are conditions.
CONDITIONS = 5
_NEWER_TESTS = ("attributeExists", "attributeType", "size")


def write(transformation: Transformation) -> None:
    """Take back what version 5 brought: mutations lose their conditions, ``ModelStringInput`` becomes
    ``ModelStringFilterInput``.
    """
    document = transformation.document
    mutations = document.types.get(document.roots["mutation"])
    for model in transformation.models.values():
        document.types.pop(names.condition_input(model.name), None)
        for name in model.mutations.values() if mutations else ():
            assert mutations is not None
            mutations.fields[name].arguments.pop("condition", None)
    for kind in ("ModelSizeInput", "ModelAttributeTypes"):
        document.types.pop(kind, None)
    tests = {base(item.type) for model in transformation.models.values() for item in _filter(document, model.name)}
    scalars = {f"Model{kind}Input" for kind in ("String", "Int", "Float", "Boolean", "ID")}
    for name in scalars | {each for each in tests if not each.endswith("FilterInput")}:
        _rename(document, name)


def _filter(document: Document, type_name: str) -> list[Field]:
    found = document.types.get(names.filter_input(type_name))
    return list(found.fields.values()) if found else []


def _rename(document: Document, name: str) -> None:
    found, now = document.types.pop(name, None), f"{name.removesuffix('Input')}FilterInput"
    if found is None:
        return
    pairs = [(item.name, item.type) for item in found.fields.values() if item.name not in _NEWER_TESTS]
    document.types[now] = inputs(now, pairs)
    for other in document.types.values():
        for item in other.fields.values():
            if base(item.type) == name:
                item.type = item.type.replace(name, now)
            for argument in item.arguments.values():
                _rename_argument(argument, name, now)


def _rename_argument(argument: Argument, name: str, now: str) -> None:
    if base(argument.type) == name:
        argument.type = argument.type.replace(name, now)
