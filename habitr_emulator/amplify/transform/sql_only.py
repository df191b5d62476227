"""``@refersTo`` and ``@sql``: directives for SQL data sources, which Amplify refuses where DynamoDB is the table.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/connect-api-to-existing-database/
"""

from habitr_emulator.amplify.transform.document import Directive, Field, Type
from habitr_emulator.amplify.transform.transformation import Transformation


def refuse_type(transformation: Transformation, owner: Type, directive: Directive) -> None:
    """``@refersTo`` on a type."""
    if owner.name not in transformation.models:
        transformation.refuse(
            f"@refersTo is not supported on type {owner.name}. It can only be used on a @model type.", directive
        )
    _refuse_model(transformation, owner, directive)


def refuse_field(transformation: Transformation, owner: Type, field: Field, directive: Directive) -> None:
    """``@refersTo`` on a field."""
    if owner.kind == "interface":
        transformation.refuse(
            f'@refersTo directive cannot be placed on "{owner.name}" interface\'s {field.name} field.', directive
        )
    _refuse_model(transformation, owner, directive)


def _refuse_model(transformation: Transformation, owner: Type, directive: Directive) -> None:
    transformation.refuse(
        f"@refersTo is only supported on SQL models. {owner.name} is not a SQL model.", directive
    )


def refuse_statement(transformation: Transformation, owner: Type, field: Field, directive: Directive) -> None:
    """``@sql``: no project that the emulator runs has an SQL data source."""
    roots = transformation.document.roots
    if owner.name not in (roots["query"], roots["mutation"]):
        transformation.refuse(
            f'@sql directive can only be used on Query or Mutation types. Check type "{owner.name}" and field '
            f'"{field.name}".',
            directive,
        )
    transformation.refuse(f"Could not find custom SQL strategy for {owner.name}.{field.name}", directive)
