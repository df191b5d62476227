"""``@searchable``: full-text search over a model.

https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/search-and-result-aggregations/
"""

from habitr_emulator.amplify.transform import names
from habitr_emulator.amplify.transform.document import (
    Directive,
    Document,
    Field,
    Type,
    arguments,
    bare,
    base,
    enum,
    inputs,
)
from habitr_emulator.amplify.transform.inputs import SCALARS
from habitr_emulator.amplify.transform.transformation import Model, Transformation

#: The result types that all searchable models share.
SHARED = (
    "SearchableAggregateResult",
    "SearchableAggregateScalarResult",
    "SearchableAggregateBucketResult",
    "SearchableAggregateBucketResultItem",
)


def read(transformation: Transformation, owner: Type, directive: Directive) -> None:
    """Add the model's search query."""
    model = transformation.models.get(owner.name)
    if model is None:
        transformation.refuse("Types annotated with @searchable must also be annotated with @model.", directive)
    queries = directive.arguments.get("queries")
    default = names.operation("search", owner.name)
    model.search = default if queries is None else queries.get("search") or None
    if model.search:
        transformation.add_operation("query", _query(model.search, f"Searchable{model.name}"), owner)


def _query(name: str, stem: str) -> Field:
    given = arguments(
        ("filter", f"{stem}FilterInput"),
        ("sort", f"[{stem}SortInput]"),
        ("limit", "Int"),
        ("nextToken", "String"),
        ("from", "Int"),
        ("aggregates", f"[{stem}AggregationInput]"),
    )
    return Field(name, f"{stem}Connection", given)


def write(transformation: Transformation, model: Model) -> None:
    """The query, its inputs and its result; nothing for a search that was switched off."""
    if not model.search:
        return
    document = transformation.document
    _add_shared(document)
    stem = f"Searchable{model.name}"
    _add_inputs(transformation, model, stem)
    connection = Type("type", f"{stem}Connection")
    connection.fields = {
        "items": Field("items", f"[{model.name}]!"),
        "nextToken": Field("nextToken", "String"),
        "total": Field("total", "Int"),
        "aggregateItems": Field("aggregateItems", "[SearchableAggregateResult]!"),
    }
    transformation.add(connection)
    if transformation.sandbox and transformation.providers[0] != "apiKey":
        if not model.access:
            document.root("query").fields[model.search].directives.append(bare("aws_api_key"))
        for name in SHARED:
            transformation.add_directives(name, [bare("aws_api_key")])


def _add_inputs(transformation: Transformation, model: Model, stem: str) -> None:
    document = transformation.document
    tests: dict[str, str] = {}
    enums: list[str] = []
    for field in model.output.fields.values():
        named = base(field.type)
        if named in SCALARS:
            tests[field.name] = f"Searchable{SCALARS[named]}FilterInput"
        elif document.is_enum(named):
            enums.append(field.name)
    name = f"{stem}FilterInput"
    logic = (("and", f"[{name}]"), ("or", f"[{name}]"), ("not", name))
    strings = ((item, "SearchableStringFilterInput") for item in enums)
    transformation.add(inputs(name, (*tests.items(), *strings, *logic)))
    transformation.add(enum(f"{stem}SortableFields", tests))
    transformation.add(enum(f"{stem}AggregateField", (*tests, *enums)))
    sort = (("field", f"{stem}SortableFields"), ("direction", "SearchableSortDirection"))
    transformation.add(inputs(f"{stem}SortInput", sort))
    aggregation = (("name", "String!"), ("type", "SearchableAggregateType!"), ("field", f"{stem}AggregateField!"))
    transformation.add(inputs(f"{stem}AggregationInput", aggregation))


def _add_shared(document: Document) -> None:
    if "SearchableSortDirection" in document.types:
        return
    union = Type("union", "SearchableAggregateGenericResult")
    union.members = ["SearchableAggregateScalarResult", "SearchableAggregateBucketResult"]
    made = [
        _object(SHARED[0], (("name", "String!"), ("result", union.name))),
        union,
        _object(SHARED[1], (("value", "Float!"),)),
        _object(SHARED[2], (("buckets", f"[{SHARED[3]}]"),)),
        _object(SHARED[3], (("key", "String!"), ("doc_count", "Int!"))),
        enum("SearchableSortDirection", ("asc", "desc")),
        enum("SearchableAggregateType", ("terms", "avg", "min", "max", "sum", "cardinality")),
    ]
    for found in made:
        document.types.setdefault(found.name, found)
    add_filters(document)


def add_filters(document: Document) -> None:
    """The inputs by which searches test scalars."""
    for kind in ("String", "ID", "Int", "Float", "Boolean"):
        document.types.setdefault(f"Searchable{kind}FilterInput", _filter(kind))


def _object(name: str, pairs: tuple[tuple[str, str], ...]) -> Type:
    return Type("type", name, {key: Field(key, kind) for key, kind in pairs})


def _filter(kind: str) -> Type:
    name = f"Searchable{kind}FilterInput"
    if kind == "Boolean":
        return inputs(name, (("eq", kind), ("ne", kind)))
    pairs = [(operator, kind) for operator in ("ne", "gt", "lt", "gte", "lte", "eq")]
    if kind in ("String", "ID"):
        pairs += [(operator, kind) for operator in ("match", "matchPhrase", "matchPhrasePrefix", "multiMatch")]
        pairs += [("exists", "Boolean"), ("wildcard", kind), ("regexp", kind)]
    return inputs(name, [*pairs, ("range", f"[{kind}]")])
