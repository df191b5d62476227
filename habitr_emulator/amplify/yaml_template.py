"""CloudFormation templates in YAML, with their short forms (``!Ref X`` is ``{"Ref": "X"}``).

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

from typing import Any

import yaml

from habitr_emulator.kernel.errors import ProjectError

_WITHOUT_PREFIX = ("Ref", "Condition")


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader, without dates (``2010-09-09`` is a text) and aliases (a few of them make billions)."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse an alias where it stands."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(
                None, None, f"aliases are not read: *{event.anchor}", event.start_mark
            )
        return super().compose_node(parent, index)


def parse(content: bytes, file: str) -> Any:
    """The document's JSON form. Raises ProjectError with line and column."""
    try:
        return yaml.load(content, Loader=_Loader)  # noqa: S506 - derived from SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise ProjectError(str(error.problem), file=file, line=line, column=column) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ProjectError(str(error), file=file) from error


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if suffix == "GetAtt" and isinstance(value, str):
        value = list(value.partition(".")[::2])
    return {suffix if suffix in _WITHOUT_PREFIX else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
