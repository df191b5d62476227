"""``@searchable`` in version 1: one sort, no aggregates, declared scalars only.

https://docs.amplify.aws/cli-legacy/graphql-transformer/searchable/
"""

from habitr_emulator.amplify.transform import searchable
from habitr_emulator.amplify.transform.document import Directive, Field, Type, arguments, base, enum, inputs
from habitr_emulator.amplify.transform.inputs import SCALARS
from habitr_emulator.amplify.transform.transformation import Model, Transformation
from habitr_emulator.amplify.transform.v1 import names


def read(transformation: Transformation, owner: Type, directive: Directive) -> None:
    """Remember the name of the model's search query. Raises ProjectError."""
    model = transformation.models.get(owner.name)
    if model is None:
        transformation.refuse("Types annotated with @searchable must also be annotated with @model.", directive)
    queries = directive.arguments.get("queries")
    default = names.operation(transformation.flags)("search", owner.name)
    model.search = default if queries is None else queries.get("search") or None


def write(transformation: Transformation, model: Model) -> None:
    """The query, its inputs and its result; nothing for a search that was switched off."""
    if not model.search:
        return
    document, stem = transformation.document, f"Searchable{model.name}"
    searchable.add_filters(document)
    document.types.setdefault("SearchableSortDirection", enum("SearchableSortDirection", ("asc", "desc")))
    tested = {
        field.name: f"Searchable{SCALARS[base(field.type)]}FilterInput"
        for field in model.declared.values()
        if base(field.type) in SCALARS
    }
    name = f"{stem}FilterInput"
    logic = (("and", f"[{name}]"), ("or", f"[{name}]"), ("not", name))
    transformation.add(inputs(name, (*tested.items(), *logic)))
    transformation.add(enum(f"{stem}SortableFields", tested))
    sort = (("field", f"{stem}SortableFields"), ("direction", "SearchableSortDirection"))
    transformation.add(inputs(f"{stem}SortInput", sort))
    connection = Type("type", f"{stem}Connection")
    for field, kind in (("items", f"[{model.name}]!"), ("nextToken", "String"), ("total", "Int")):
        connection.fields[field] = Field(field, kind)
    transformation.add(connection)
    page = (("limit", "Int"), ("nextToken", "String"), ("from", "Int"))
    given = arguments(("filter", name), ("sort", f"{stem}SortInput"), *page)
    transformation.add_operation("query", Field(model.search, connection.name, given), model.output)
