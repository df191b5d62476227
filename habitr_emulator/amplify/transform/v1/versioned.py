"""``@versioned``: updates and deletes say which version they mean.

https://docs.amplify.aws/cli-legacy/graphql-transformer/versioned/
"""

from habitr_emulator.amplify.transform import names
from habitr_emulator.amplify.transform.document import Directive, Field, Type, base
from habitr_emulator.amplify.transform.transformation import Transformation, Versioned

_COUNTS = ("Int", "BigInt")


def read(transformation: Transformation, owner: Type, directive: Directive) -> None:
    """Remember the names of the version's field and input. Raises ProjectError."""
    model = transformation.models.get(owner.name)
    if model is None:
        transformation.refuse("Types annotated with @versioned must also be annotated with @model.", directive)
    given = directive.arguments
    counted, expected = given.get("versionField") or "version", given.get("versionInput") or "expectedVersion"
    declared = owner.fields.get(counted)
    if declared is not None and base(declared.type) not in _COUNTS:
        transformation.refuse(
            f'The versionField "{counted}" is required to be of type "Int" or "BigInt".', directive
        )
    model.versioned = Versioned(counted, expected)


def write(transformation: Transformation, owner: Type, versioned: Versioned) -> None:
    """The version on the type, the expected version in the inputs of updates and deletes."""
    types = transformation.document.types
    declared = owner.fields.get(versioned.field)
    kind = base(declared.type) if declared else "Int"
    owner.fields[versioned.field] = Field(versioned.field, f"{kind}!")
    create = types.get(names.mutation_input("create", owner.name))
    if create is not None:
        create.fields.pop(versioned.field, None)
    for verb in ("update", "delete"):
        found = types.get(names.mutation_input(verb, owner.name))
        if found is not None:
            found.fields[versioned.input] = Field(versioned.input, "Int!")
