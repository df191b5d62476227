"""``@mapsTo``: a renamed model that keeps the table of its old name.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/data-modeling/#rename-generated-queries-mutations-and-subscriptions
"""

from habitr_emulator.amplify.transform.document import Directive, Type
from habitr_emulator.amplify.transform.transformation import Transformation


def read(transformation: Transformation, owner: Type, directive: Directive) -> None:
    """Let the model use the table of its original name."""
    model = transformation.models.get(owner.name)
    if model is None:
        transformation.refuse(
            f"@mapsTo is not supported on type {owner.name}. It can only be used on a @model type.", directive
        )
    original = str(directive.arguments["name"])
    where = f'Cannot apply @mapsTo with name "{original}" on type "{owner.name}" because'
    if original in transformation.models:
        transformation.refuse(f'{where} "{original}" model already exists in the schema.', directive)
    for other in transformation.models.values():
        marked = other.output.directive("mapsTo")
        if other is not model and marked and marked.arguments["name"] == original:
            transformation.refuse(f'{where} "{other.name}" model already has the same name mapping.', directive)
    model.table = original
