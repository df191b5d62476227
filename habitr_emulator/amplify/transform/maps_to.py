"""``@mapsTo``: a renamed model that keeps the table of its old name.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/data-modeling/#rename-generated-queries-mutations-and-subscriptions
"""

from habitr_emulator.amplify.transform.document import Directive, Type
from habitr_emulator.amplify.transform.transformation import Transformation


def read(transformation: Transformation, owner: Type, directive: Directive) -> None:
    """Let the model use the table of its original name."""
    model = transformation.models.get(owner.name)
    if model is None:
        transformation.refuse("@mapsTo can only be used on an @model type", directive)
    original = str(directive.arguments["name"])
    if original in transformation.document.types:
        transformation.refuse(
            f"Cannot apply @mapsTo with name {original} on type {owner.name} because {original} model also exists "
            "in the schema.",
            directive,
        )
    for other in transformation.models.values():
        if other is not model and other.table == original:
            transformation.refuse(
                f"Cannot apply @mapsTo with name {original} on type {owner.name} because {other.name} has already "
                "been mapped to this name.",
                directive,
            )
    model.table = original
