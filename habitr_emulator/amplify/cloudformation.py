"""CloudFormation templates: the intrinsic functions that Amplify's and custom stacks use.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from habitr_emulator.kernel.errors import ProjectError

#: (logical id, attribute) -> value; attribute None is what Ref gives.
Attributes = Callable[[str, str | None], Any]
Imports = Callable[[str], Any]

_SUB = re.compile(r"\$\{([^!}][^}]*)\}")
_NO_VALUE = object()


def _nothing(_: str) -> None:
    return None


def _no_attribute(_: str, __: str | None) -> None:
    return None


@dataclass(slots=True)
class Template:
    """A template with its parameters bound. ``attributes`` answers Ref and GetAtt of resources (None: unknown),
    ``imports`` answers Fn::ImportValue. ``file`` is for errors.

    ``complain`` hears of what cannot be resolved, and a name stands in for the value; without it, that raises
    ProjectError.
    """

    body: Mapping[str, Any]
    parameters: Mapping[str, Any]
    file: str = ""
    attributes: Attributes = _no_attribute
    imports: Imports = _nothing
    complain: Callable[[str], None] | None = None
    _conditions: dict[str, bool] = field(default_factory=dict)

    def resources(self, *types: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(logical id, type, resolved properties) of the resources whose condition holds."""
        for name, resource in self._section("Resources").items():
            if not isinstance(resource, Mapping):
                self._problem(f"the resource {name} is no object")
                continue
            kind = str(resource.get("Type", ""))
            if (not types or kind in types) and self.holds(resource.get("Condition")):
                properties = self.resolve(resource.get("Properties") or {})
                yield name, kind, properties if isinstance(properties, dict) else {}

    def holds(self, name: Any) -> bool:
        """Whether a named condition is true; no name is always true."""
        if name is None:
            return True
        if not isinstance(name, str):
            self._problem(f"a condition is named by a text, not by {name!r}")
            return True
        if name not in self._conditions:
            conditions = self._section("Conditions")
            if name not in conditions:
                self._problem(f"Unresolved condition: {name}")
                return True
            self._conditions[name] = False  # a condition that names itself
            self._conditions[name] = bool(self.resolve(conditions[name]))
        return self._conditions[name]

    def resolve(self, value: Any) -> Any:
        """A value with every intrinsic function replaced by its result."""
        if isinstance(value, list):
            return [found for found in map(self.resolve, value) if found is not _NO_VALUE]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            function = _FUNCTIONS.get(name)
            if function is not None:
                return self._call(name, function, argument)
            if str(name).startswith("Fn::"):
                self._problem(f"CloudFormation's {name} is not built in habitr-emulator")
        resolved = {name: self.resolve(item) for name, item in value.items()}
        return {name: item for name, item in resolved.items() if item is not _NO_VALUE}

    def output(self, name: str) -> Any:
        """An output's value; None if there is none of that name."""
        found = self._section("Outputs").get(name)
        if not isinstance(found, Mapping) or not self.holds(found.get("Condition")):
            return None
        return self.resolve(found.get("Value"))

    def ref(self, name: str) -> Any:
        """A parameter's or resource's value. Raises ProjectError for an unknown name."""
        if name == "AWS::NoValue":
            return _NO_VALUE
        declared = self._section("Parameters").get(name)
        if name in self.parameters:
            return _typed(self.parameters[name], declared)
        if declared is not None:
            return _typed(declared.get("Default", ""), declared)
        if name in self._section("Resources"):
            found = self.attributes(name, None)
            return name if found is None else found
        self._problem(f"Unresolved reference: {name}")
        return name

    def _section(self, name: str) -> Mapping[str, Any]:
        found = self.body.get(name)
        return found if isinstance(found, Mapping) else {}

    def _call(self, name: str, function: "Function", argument: Any) -> Any:
        try:
            return function(self, argument)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            self._problem(f"{name} has arguments that do not fit: {error}")
            return ""

    def _problem(self, text: str) -> None:
        if self.complain is None:
            raise ProjectError(text, file=self.file)
        self.complain(text)

    def get_attribute(self, argument: Any) -> Any:
        """Fn::GetAtt."""
        name, _, attribute = (
            argument.partition(".") if isinstance(argument, str) else (argument[0], ".", argument[1])
        )
        found = self.attributes(name, str(self.resolve(attribute)))
        return f"{name}.{attribute}" if found is None else found


def _typed(value: Any, declared: Any) -> Any:
    """Parameters of a list type are given as texts with commas."""
    kind = str(declared.get("Type", "")) if isinstance(declared, Mapping) else ""
    if isinstance(value, str) and (kind == "CommaDelimitedList" or kind.startswith("List<")):
        return [part.strip() for part in value.split(",")]
    return value


def _join(template: Template, argument: Any) -> str:
    separator, parts = template.resolve(argument)
    if isinstance(parts, str):
        return parts
    return str(separator).join(map(_text, parts))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sub(template: Template, argument: Any) -> str:
    text, local = (argument, {}) if isinstance(argument, str) else (argument[0], template.resolve(argument[1]))

    def value(found: re.Match[str]) -> str:
        name = found[1].strip()
        if name in local:
            return str(local[name])
        return str(template.get_attribute(name) if "." in name else template.ref(name))

    return _SUB.sub(value, text).replace("${!", "${")


def _if(template: Template, argument: Any) -> Any:
    condition, then, otherwise = argument
    return template.resolve(then if template.holds(condition) else otherwise)


def _condition(template: Template, argument: Any) -> Any:
    """``{"Condition": "X"}`` inside conditions; elsewhere (policies) the word is an ordinary key."""
    return template.holds(argument) if isinstance(argument, str) else {"Condition": template.resolve(argument)}


def _find_in_map(template: Template, argument: Any) -> Any:
    name, first, second = template.resolve(argument)
    try:
        return template.resolve(template.body["Mappings"][name][first][second])
    except KeyError:
        template._problem(f"Unresolved mapping: {name}.{first}.{second}")
        return ""


def _import(template: Template, argument: Any) -> Any:
    name = str(template.resolve(argument))
    found = template.imports(name)
    if found is None:
        template._problem(f"No export named {name} found")
        return name
    return found


def _split(template: Template, argument: Any) -> list[str]:
    separator, text = template.resolve(argument)
    return str(text).split(separator)


def _select(template: Template, argument: Any) -> Any:
    place, items = template.resolve(argument)
    return items[int(place)]


def _equals(template: Template, argument: Any) -> bool:
    first, second = template.resolve(argument)
    return _text(first) == _text(second)


Function = Callable[[Template, Any], Any]
_FUNCTIONS: dict[str, Function] = {
    "Ref": lambda template, argument: template.ref(argument),
    "Fn::GetAtt": lambda template, argument: template.get_attribute(argument),
    "Fn::Join": _join,
    "Fn::Sub": _sub,
    "Fn::If": _if,
    "Fn::Equals": _equals,
    "Fn::Not": lambda template, argument: not template.resolve(argument)[0],
    "Fn::And": lambda template, argument: all(template.resolve(argument)),
    "Fn::Or": lambda template, argument: any(template.resolve(argument)),
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import,
    "Fn::Base64": lambda template, argument: base64.b64encode(str(template.resolve(argument)).encode()).decode(),
    "Fn::GetAZs": lambda template, argument: [f"{template.ref('AWS::Region')}{zone}" for zone in "abc"],
    "Fn::Length": lambda template, argument: len(template.resolve(argument)),
    "Fn::ToJsonString": lambda template, argument: json.dumps(template.resolve(argument)),
    "Condition": _condition,
}
