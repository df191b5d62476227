"""The house rules, checked on the syntax trees: who imports whom, what is fenced in, how large things grow."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from habitr_emulator.wire import model
from tests.conftest import PACKAGE

MODULE_LINES, FUNCTION_LINES, PUBLIC_METHODS = 300, 40, 10
FORBIDDEN_NAMES = {"utils", "util_", "common", "helpers", "helper", "manager", "base", "misc"}

# Exceptions, each with its reason.
LONG_MODULES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
LARGE_CLASSES: dict[str, str] = {
    "services/context.py:Context": "the shortcuts to the account's clock, ids and store are its purpose",
}
SIBLINGS = {
    ("sts", "iam"): "STS issues the credentials that IAM resolves: one authority",
    (
        "cognito_identity",
        "cognito_idp",
    ): "an identity pool verifies the user pool's tokens, as it does by JWKS on AWS",
    ("cognito_identity", "iam"): "an identity pool's roles are judged by their trust policies",
}
UNMODELLED = {"opensearch": "a domain answers OpenSearch's own REST API, of which AWS publishes no model"}
# Layer -> the layers it may import.
LAYERS = {
    "kernel": {"kernel"},
    "wire": {"wire", "kernel"},
    "services": {"services", "wire", "kernel"},
    "amplify": {"amplify", "services", "wire", "kernel", "settings"},
    "people": {"people", "services", "wire", "kernel"},
    "seed": {"seed", "people", "kernel"},
    "state": {"state", "seed", "services", "kernel", "settings"},
    "gateway": {"gateway", "state", "seed", "people", "services", "wire", "kernel"},
    "settings": set(),
    "deployment": {"amplify", "services", "kernel"},
    "reload": {"amplify", "services", "kernel"},
    "emulator": {
        "deployment",
        "gateway",
        "amplify",
        "state",
        "seed",
        "people",
        "services",
        "wire",
        "kernel",
        "settings",
    },
    "cli": {
        "cli",
        "emulator",
        "reload",
        "settings",
        "gateway",
        "amplify",
        "seed",
        "state",
        "services",
        "wire",
        "kernel",
    },
    "console": {"console"},
    "testing": {"testing", "emulator", "amplify", "people", "settings", "services", "wire", "kernel"},
    "pytest_plugin": {"testing", "settings"},
    "__main__": {"cli"},
    "__init__": set(),
}
FENCES = {
    "aiohttp": {"gateway"},
    "graphql": {"services/appsync", "amplify/transform"},
    "sqlite3": {"kernel/store.py", "kernel/batches.py", "kernel/copies.py"},
    "aiosqlite": {"kernel/store.py"},
    "random": {"kernel/ids.py"},
    "secrets": {"kernel/ids.py"},
    "uuid": {"kernel/ids.py"},
    "click": {"cli"},
    "rich": {"cli"},
    "botocore": set(),
    "boto3": {"testing/habitr.py"},  # a test's own, where it has it
}
WALL_CLOCK = re.compile(
    r"\btime\.time\(|\bdatetime\.now\(|\bdatetime\.utcnow\(|\btime\.gmtime\(\)|\bdate\.today\("
)


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "fixtures" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in modules():
        yield name_of(path), ast.parse(path.read_text(), str(path))


def imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def test_imports_point_down() -> None:
    wrong = []
    for name, tree in trees():
        layer = name.split("/")[0].removesuffix(".py")
        for imported, line in imports(tree):
            parts = imported.split(".")
            if (
                parts[0] == "habitr_emulator"
                and len(parts) > 1
                and parts[1] not in LAYERS[layer] | {"__version__"}
            ):
                wrong.append(f"{name}:{line} imports {imported}")
    assert not wrong, "\n".join(wrong)


def test_no_service_imports_a_sibling() -> None:
    wrong = []
    services = {path.name for path in (PACKAGE / "services").iterdir() if path.is_dir()}
    for name, tree in trees():
        parts = name.split("/")
        if parts[0] != "services" or parts[1] not in services:
            continue
        for imported, line in imports(tree):
            target = imported.split(".")
            if target[:2] != ["habitr_emulator", "services"] or len(target) < 3 or target[2] not in services:
                continue
            if target[2] != parts[1] and (parts[1], target[2]) not in SIBLINGS:
                wrong.append(f"{name}:{line} imports {imported}")
    assert not wrong, "\n".join(wrong)


def test_amplify_knows_services_by_their_specs_only() -> None:
    wrong = []
    for name, tree in trees():
        if not name.startswith("amplify/"):
            continue
        for imported, line in imports(tree):
            target = imported.split(".")
            if target[:2] == ["habitr_emulator", "services"] and (len(target) < 4 or target[3] != "spec"):
                wrong.append(f"{name}:{line} imports {imported}")
    assert not wrong, "\n".join(wrong)


def test_third_parties_stay_behind_their_fences() -> None:
    wrong = []
    for name, tree in trees():
        for imported, line in imports(tree):
            allowed = FENCES.get(imported.split(".")[0])
            if allowed is not None and not any(name.startswith(place) for place in allowed):
                wrong.append(f"{name}:{line} imports {imported}")
    assert not wrong, "\n".join(wrong)


def test_only_the_kernel_reads_the_wall_clock() -> None:
    wrong = [
        f"{name_of(path)}:{number} {line.strip()}"
        for path in modules()
        if name_of(path) != "kernel/clock.py"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if WALL_CLOCK.search(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_modules_stay_short() -> None:
    long = {name_of(path): len(path.read_text().splitlines()) for path in modules()}
    wrong = [
        f"{name}: {lines}" for name, lines in long.items() if lines > MODULE_LINES and name not in LONG_MODULES
    ]
    assert not wrong, "\n".join(wrong)


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield name, node


def test_functions_stay_short() -> None:
    wrong = [
        f"{name}:{node.lineno} {node.name}: {lines} lines"
        for name, node in functions()
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
        and f"{name}:{node.name}" not in LONG_FUNCTIONS
    ]
    assert not wrong, "\n".join(wrong)


def test_the_median_function_is_small() -> None:
    sizes = sorted((node.end_lineno or 0) - node.lineno + 1 for _, node in functions())
    assert sizes[len(sizes) // 2] <= 10


def test_no_class_is_a_god() -> None:
    wrong = []
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and f"{name}:{node.name}" not in LARGE_CLASSES:
                public = [
                    member.name
                    for member in node.body
                    if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef)
                    and not member.name.startswith("_")
                ]
                if len(public) > PUBLIC_METHODS:
                    wrong.append(f"{name}:{node.lineno} {node.name}: {', '.join(public)}")
    assert not wrong, "\n".join(wrong)


def test_nothing_is_called_utils() -> None:
    wrong = [
        name_of(path) for path in modules() if FORBIDDEN_NAMES & {*path.relative_to(PACKAGE).parts, path.stem}
    ]
    assert not wrong


def test_every_public_module_says_what_it_is() -> None:
    wrong = [name for name, tree in trees() if tree.body and ast.get_docstring(tree) is None]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "service", sorted({path.parent.name for path in PACKAGE.glob("services/*/operations")} - UNMODELLED.keys())
)
def test_an_operation_file_is_named_after_an_action_of_the_model(service: str) -> None:
    known = {
        operation.snake
        for each in model.services()
        if each.package == service
        for operation in each.operations.values()
    }
    files = {path.stem for path in (PACKAGE / "services" / service / "operations").glob("*.py")} - {"__init__"}
    assert not files - known


def test_an_operation_file_has_one_public_function_of_its_name() -> None:
    wrong = []
    for path in PACKAGE.glob("services/*/operations/*.py"):
        if path.stem == "__init__":
            continue
        tree = ast.parse(path.read_text())
        public = [
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")
        ]
        if public != [path.stem]:
            wrong.append(f"{name_of(path)}: {public}")
    assert not wrong, "\n".join(wrong)


def test_nothing_unfinished_is_left_in_the_product() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|[Pp]laceholder text")
    wrong = [
        f"{name_of(path)}:{number} {line.strip()}"
        for path in modules()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if marks.search(line)
    ]
    assert not wrong, "\n".join(wrong)
