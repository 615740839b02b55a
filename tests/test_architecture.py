"""The shape of the project, held by its imports: which package may know which."""

import ast
import importlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "index": {"index"},
    "rag": {"index", "rag"},
    "api": {"index", "rag", "api"},
    "eval": {"index", "rag", "eval"},
    "vraagbaak": {"index", "rag", "api", "eval", "vraagbaak"},
}
LONGEST = 250

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MODULES = [path for name in MAY_IMPORT for path in sorted((ROOT / name).rglob("*.py"))]


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    """Yield every import of a module, those inside functions too, with the name that is imported from."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, "." * node.level + (node.module or "")


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_imports_run_one_way(path: Path) -> None:
    own = path.relative_to(ROOT).parts[0]
    for node, name in imports(path):
        package = name.split(".")[0]
        assert not name.startswith("."), f"line {node.lineno}: a relative import"
        assert package != "tests", f"line {node.lineno}: the tests are no part of the product"
        if package in MAY_IMPORT:
            assert package in MAY_IMPORT[own], f"line {node.lineno}: {own} must not know {package}"
            assert isinstance(node, ast.ImportFrom), f"line {node.lineno}: write `from {name} import …`"


def test_nothing_hides_the_builtin_eval() -> None:
    for path in [*MODULES, *sorted((ROOT / "tests").glob("*.py"))]:
        assert not [name for node, name in imports(path) if isinstance(node, ast.Import) and name == "eval"]


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_a_file_is_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_pyproject_lists_every_package_and_no_other() -> None:
    listed = set(PROJECT["tool"]["setuptools"]["packages"])
    found = {place(path.parent).replace("/", ".") for path in MODULES if path.name == "__init__.py"}
    assert listed == found


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_packages_come_from_this_root(package: str) -> None:
    # `index` and `eval` are common words: an installed package of that name would be taken unnoticed.
    file = importlib.import_module(package).__file__
    assert file is not None and Path(file).is_relative_to(ROOT)


def test_every_module_lies_in_a_package() -> None:
    assert all((path.parent / "__init__.py").exists() for path in MODULES)


def test_constraints_pin_every_dependency() -> None:
    pinned = {
        line.strip().lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    }
    project = PROJECT["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {line.lower().replace("_", "-") for line in wanted} <= pinned
