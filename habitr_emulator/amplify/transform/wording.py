"""graphql-js's wording of what graphql-core finds wrong: the transformer's refusals are made of it.

Names stand in double quotes, and some sentences were rewritten in the line of graphql-js that
graphql-core follows.
"""

import re
from collections.abc import Callable

from graphql import GraphQLError, GraphQLInputObjectType, GraphQLSchema

#: (graphql-core's sentence with double quotes, graphql-js's)
_SENTENCES: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (
        re.compile(r'Argument "(@\w+)\((\w+):\)" of type ("[^"]*") is required, but it was not provided\.'),
        r'Directive "\1" argument "\2" of type \3 is required, but it was not provided.',
    ),
    (
        re.compile(
            r'Expected value of type ("\w+") not to include unknown field ("\w+")'
            r"(?:, found: .*|\.(?P<hint> Did you mean .*\?) Found: .*)",
            re.DOTALL,
        ),
        lambda match: f"Field {match[2]} is not defined by type {match[1]}.{match['hint'] or ''}",
    ),
    (
        re.compile(r'Expected value of type ("\w+") to be an object, found: (.*)\.', re.DOTALL),
        r"Expected value of type \1, found \2.",
    ),
    (
        re.compile(r'Expected value of non-null type ("[^"]*") not to be None\.'),
        r"Expected value of type \1, found null.",
    ),
    (
        re.compile(r'Syntax Error: Unexpected variable "\$\w+" in constant value\.'),
        'Syntax Error: Unexpected "$".',
    ),
    (
        re.compile(r"Syntax Error: Unexpected character: (.*)\."),
        r"Syntax Error: Cannot parse the unexpected character \1.",
    ),
]
_MISPLACED = re.compile(r'(Directive "@\w+" may not be used on )([a-z ]+)\.')
_MISSING = re.compile(r'Expected value of type "(\w+)" to include required field "(\w+)", found: .*', re.DOTALL)


def _quoted(message: str) -> str:
    return message.replace("'", '"')


def sentence(message: str, directives: GraphQLSchema | None = None) -> str:
    """One message; ``directives`` is the schema in which a missing field's type is looked up."""
    quoted = message.replace("'", '"').replace('(")', "(')", 1) if "single quote" in message else _quoted(message)
    for pattern, said in _SENTENCES:
        if match := pattern.fullmatch(quoted):
            return match.expand(said) if isinstance(said, str) else said(match)
    if match := _MISPLACED.fullmatch(quoted):
        return f"{match[1]}{match[2].upper().replace(' ', '_')}."
    if (match := _MISSING.fullmatch(quoted)) and directives:
        owner = directives.type_map[match[1]]
        assert isinstance(owner, GraphQLInputObjectType)
        kind = owner.fields[match[2]].type
        return f'Field "{match[1]}.{match[2]}" of required type "{kind}" was not provided.'
    return quoted


def printed(error: GraphQLError, directives: GraphQLSchema | None = None) -> str:
    """An error with its place and the lines around it."""
    return str(error).replace(error.message, sentence(error.message, directives), 1)
