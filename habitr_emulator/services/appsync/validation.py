"""Is a document valid for a schema? graphql-core's rules, told in AppSync's (graphql-java's) words.

A valid document passes all rules in one walk. Only an invalid one is walked again, rule by rule, to know
which rule refuses what.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import graphql as gql
from graphql.language import ast
from graphql.validation import ValidationRule, specified_rules

from habitr_emulator.services.appsync.literals import printed, problem

Described = tuple[str, str]  # (type, text)
_QUOTED = re.compile(r"'([^']*)'")


class ArgumentsOfCorrectType(ValidationRule):
    """Literal arguments and defaults fit their types (instead of graphql-core's ValuesOfCorrectType)."""

    def enter_argument(self, node: ast.ArgumentNode, *_args: Any) -> Any:
        """Check one argument of a field or directive."""
        definition = self.context.get_argument()
        if definition is None:
            return None
        if isinstance(node.value, ast.NullValueNode) and gql.is_non_null_type(definition.type):
            self.report_error(gql.GraphQLError(f"null:{node.name.value}", node))
            return None
        found = problem(node.value, definition.type, node.name.value)
        if found:
            self.report_error(gql.GraphQLError(found, node))
        return None

    def enter_variable_definition(self, node: ast.VariableDefinitionNode, *_args: Any) -> Any:
        """Check the default of one variable."""
        expected = self.context.get_input_type()
        if expected is None or node.default_value is None:
            return None
        if problem(node.default_value, expected, node.variable.name.value):
            text = f"default:Bad default value {printed(node.default_value)} for type {expected}"
            self.report_error(gql.GraphQLError(text, node))
        return None


_NOT_OURS = {"ValuesOfCorrectTypeRule", "SingleFieldSubscriptionsRule"}
RULES = [rule for rule in specified_rules if rule.__name__ not in _NOT_OURS] + [ArgumentsOfCorrectType]


def _quoted(error: gql.GraphQLError) -> list[str]:
    return _QUOTED.findall(error.message.replace('"', "'"))


_CONFLICTS = (
    (
        re.compile(r"'(\w+)' conflict because '(\w+)' and '(\w+)' are different"),
        "{0}: {1} and {2} are different fields",
    ),
    (re.compile(r"'(\w+)' conflict because they have differing arguments"), "{0}: they have differing arguments"),
    (
        re.compile(r"'(\w+)' conflict because they return conflicting types '(.+?)' and '(.+?)'"),
        "{0}: they return differing types {1} and {2}",
    ),
)


def _conflict(error: gql.GraphQLError) -> Described:
    text = error.message.replace('"', "'")
    for pattern, wording in _CONFLICTS:
        found = pattern.search(text)
        if found:
            return "FieldsConflict", wording.format(*found.groups())
    return "FieldsConflict", error.message


def _unknown_argument(error: gql.GraphQLError) -> Described:
    name = _quoted(error)[0]
    if "on directive" in error.message:
        return "UnknownDirective", f"Unknown directive argument {name}"
    return "UnknownArgument", f"Unknown field argument {name}"


def _missing_argument(error: gql.GraphQLError) -> Described:
    found = re.search(r"(@?)[\w.]*\((\w+):\)|argument '(\w+)'", error.message.replace('"', "'"))
    name = (found.group(2) or found.group(3)) if found else ""
    if "@" in error.message.partition("(")[0]:
        return "MissingDirectiveArgument", f"Missing directive argument {name}"
    return "MissingFieldArgument", f"Missing field argument {name}"


def _leafs(error: gql.GraphQLError) -> Described:
    field, named = _quoted(error)[:2]
    if "must not have" in error.message:
        return "SubSelectionNotAllowed", f"Sub selection not allowed on leaf type {named} of field {field}"
    return "SubSelectionRequired", f"Sub selection required for type {named} of field {field}"


def _directives(error: gql.GraphQLError) -> Described:
    name = _quoted(error)[0].removeprefix("@")
    if error.message.startswith("Unknown"):
        return "UnknownDirective", f"Unknown directive {name}"
    return "MisplacedDirective", f"Directive {name} not allowed here"


def _spread(error: gql.GraphQLError) -> Described:
    names = _quoted(error)
    fragment = f"Fragment {names[0]}" if len(names) == 3 else "Fragment"
    parent, given = names[-2:]
    text = f"{fragment} cannot be spread here as objects of type {parent} can never be of type {given}"
    return "InvalidFragmentType", text


def _condition(error: gql.GraphQLError) -> Described:
    inline = "" if "Fragment '" in error.message.replace('"', "'") else "Inline"
    kind = f"{inline}FragmentTypeConditionInvalid"
    return kind, "Fragment type condition is invalid, must be on Object/Interface/Union"


def _arguments(error: gql.GraphQLError) -> Described:
    kind, _, text = error.message.partition(":")
    if kind == "null":
        return "NullValueForNonNullArgument", f"null value for non-null field argument {text}"
    if kind == "default":
        return "BadValueForDefaultArg", text
    return "WrongType", error.message


def _mismatch(error: gql.GraphQLError) -> Described:
    _, actual, expected = _quoted(error)[:3]
    return "VariableTypeMismatch", f"Variable type '{actual}' doesn't match expected type '{expected}'"


def _only_one(kind: str, noun: str) -> Callable[[gql.GraphQLError], Described]:
    def describe(error: gql.GraphQLError) -> Described:
        return kind, f"There can be only one {noun} named '{_quoted(error)[0].removeprefix('$')}'"

    return describe


def _named(kind: str, text: str) -> Callable[[gql.GraphQLError], Described]:
    def describe(error: gql.GraphQLError) -> Described:
        return kind, text.format(*(name.removeprefix("$") for name in _quoted(error)))

    return describe


#: By graphql-core's rule: how the service tells its refusals.
WORDING: Mapping[str, Callable[[gql.GraphQLError], Described]] = {
    "FieldsOnCorrectTypeRule": _named("FieldUndefined", "Field '{0}' in type '{1}' is undefined"),
    "KnownTypeNamesRule": _named("UnknownType", "Unknown type {0}"),
    "KnownArgumentNamesRule": _unknown_argument,
    "ProvidedRequiredArgumentsRule": _missing_argument,
    "KnownDirectivesRule": _directives,
    "ScalarLeafsRule": _leafs,
    "ArgumentsOfCorrectType": _arguments,
    "NoUndefinedVariablesRule": _named("UndefinedVariable", "Undefined variable {0}"),
    "NoUnusedVariablesRule": _named("UnusedVariable", "Unused variable {0}"),
    "VariablesInAllowedPositionRule": _mismatch,
    "VariablesAreInputTypesRule": _named("NonInputTypeOnVariable", "Wrong type for a variable"),
    "KnownFragmentNamesRule": _named("UndefinedFragment", "Undefined fragment {0}"),
    "NoUnusedFragmentsRule": _named("UnusedFragment", "Unused fragment {0}"),
    "NoFragmentCyclesRule": _named("FragmentCycle", "Fragment cycles not allowed"),
    "FragmentsOnCompositeTypesRule": _condition,
    "PossibleFragmentSpreadsRule": _spread,
    "OverlappingFieldsCanBeMergedRule": _conflict,
    "LoneAnonymousOperationRule": _named(
        "LoneAnonymousOperationViolation", "Anonymous operation with other operations."
    ),
    "UniqueOperationNamesRule": _only_one("DuplicateOperationName", "operation"),
    "UniqueFragmentNamesRule": _only_one("DuplicateFragmentName", "fragment"),
    "UniqueArgumentNamesRule": _only_one("DuplicateArgumentNames", "argument"),
    "UniqueVariableNamesRule": _only_one("DuplicateVariableName", "variable"),
    "ExecutableDefinitionsRule": lambda error: ("NonExecutableDefinition", error.message.replace("'", "")),
}


TOO_COMPLEX = "Validation error: the document is too complex to be validated"


def validate(schema: gql.GraphQLSchema, document: ast.DocumentNode) -> list[dict[str, Any]]:
    """The errors of a document as they stand in an answer; empty if it is valid."""
    found = gql.validate(schema, document, RULES)
    if not found:
        return []
    told = []
    if not all(map(_aborted, found)):
        paths = _paths(document)
        for rule in RULES:
            errors = gql.validate(schema, document, [rule])
            told += [_told(rule.__name__, error, paths) for error in errors if not _aborted(error)]
    return told or [{"path": None, "locations": [], "errorType": "ValidationError", "message": TOO_COMPLEX}]


def _aborted(error: gql.GraphQLError) -> bool:
    """graphql-core has given up (too many errors, too much to compare); this one describes no mistake."""
    return error.message.endswith("Validation aborted.")


def _told(rule: str, error: gql.GraphQLError, paths: Mapping[int, str]) -> dict[str, Any]:
    describe = WORDING.get(rule)
    kind, text = describe(error) if describe else (rule.removesuffix("Rule"), error.message)
    nodes: Sequence[ast.Node] = error.nodes or ()
    path = next((paths[id(node)] for node in nodes if id(node) in paths), "")
    # graphql-java finds out that nothing uses a fragment when it has left the document, where no path is left
    suffix = f" @ '{path}'" if path and kind != "UnusedFragment" else ""
    locations = [{"line": at.line, "column": at.column, "sourceName": None} for at in (error.locations or ())[:1]]
    return {
        "path": None,
        "locations": locations,
        "errorType": "ValidationError",
        "message": f"Validation error of type {kind}: {text}{suffix}",
    }


def _paths(document: ast.DocumentNode) -> dict[int, str]:
    """The response path (``listHabits/items/id``) of every node below a field, by the node's identity."""
    paths: dict[int, str] = {}

    def walk(node: Any, path: str) -> None:
        if isinstance(node, ast.FieldNode):
            name = (node.alias or node.name).value
            path = f"{path}/{name}" if path else name
        elif isinstance(node, ast.FragmentDefinitionNode):
            path = node.name.value
        if path:
            paths[id(node)] = path
        for key in node.keys:
            child = getattr(node, key, None)
            for item in child if isinstance(child, (list, tuple)) else (child,):
                if isinstance(item, ast.Node) and key != "loc":
                    walk(item, path)

    for definition in document.definitions:
        walk(definition, "")
    return paths


def syntax_error(error: gql.GraphQLError, text: str) -> dict[str, Any]:
    """A document that does not parse: graphql-java's message names the offending token and where it stands."""
    at = next(iter(error.locations or ()), None)
    line, column = (at.line, at.column) if at is not None else (1, 1)
    offset = next(iter(error.positions or ()), len(text))
    found = re.compile(r"\s*(\.\.\.|\w+|\"(?:[^\"\\\n]|\\.)*\"|\S)").match(text, offset)
    token = found.group(1) if found else "<EOF>"
    return {
        "path": None,
        "locations": [{"line": line, "column": column, "sourceName": None}],
        "message": f"Invalid Syntax : offending token '{token}' at line {line} column {column}",
    }
