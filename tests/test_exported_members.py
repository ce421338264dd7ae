"""What is public is one list of modules, and each says in `__all__` what of it a user may import."""

import ast
import importlib
import pkgutil
import types
from pathlib import Path

import griffe
import pytest

import buzzeasy_soap
from guidance import hide_private_modules
from public import PUBLIC_MODULES

MODULES = pytest.mark.parametrize("name", PUBLIC_MODULES)


def test_the_public_modules_are_these() -> None:
    assert PUBLIC_MODULES == (
        "buzzeasy_soap",
        "buzzeasy_soap.events",
        "buzzeasy_soap.ledger",
        "buzzeasy_soap.sandbox",
        "buzzeasy_soap.testing",
        "buzzeasy_soap.transports",
    )


@MODULES
def test_all_is_sorted_and_every_name_is_there(name: str) -> None:
    module = importlib.import_module(name)
    exported = module.__all__
    assert exported == sorted(exported, key=lambda name: (not name.isupper(), name))
    assert len(set(exported)) == len(exported)
    assert all(hasattr(module, each) for each in exported)


@MODULES
def test_all_is_whole(name: str) -> None:
    """No class or function that the module shows under a public name is left out."""
    module = importlib.import_module(name)
    parts = {part.name for part in pkgutil.iter_modules(getattr(module, "__path__", []))}
    shown = {
        each
        for each, value in vars(module).items()
        if not each.startswith(("_", "pytest_"))  # pytest finds its hooks by name
        and each not in parts
        and not isinstance(value, types.ModuleType)
        and getattr(value, "__module__", "").startswith("buzzeasy_soap")
    }
    used_at_import = {"extra", "ConfigurationError"}
    assert shown - used_at_import <= set(module.__all__)


def test_the_comparison_with_a_release_takes_the_same_list() -> None:
    root = Path(buzzeasy_soap.__file__).parent.parent
    package = griffe.load(
        "buzzeasy_soap", search_paths=[root], try_relative_path=False, allow_inspection=False
    )
    assert isinstance(package, griffe.Module)
    hide_private_modules(package)

    def public(module: griffe.Module) -> list[str]:
        inner = [path for each in module.modules.values() if each.is_public for path in public(each)]
        return [module.path, *inner]

    assert sorted(public(package)) == list(PUBLIC_MODULES)


@pytest.mark.parametrize(
    ("client", "function"),
    [(buzzeasy_soap.BuzzeasyClient, "each_member"), (buzzeasy_soap.AsyncBuzzeasyClient, "each_member_async")],
)
def test_the_typing_tests_state_the_type_of_each_member(client: type, function: str) -> None:
    tree = ast.parse((Path(__file__).parent / "typing" / "api.py").read_text(encoding="utf-8"))
    [stated] = [node for node in tree.body if getattr(node, "name", "") == function]
    named = {node.attr for node in ast.walk(stated) if isinstance(node, ast.Attribute)}
    assert {name for name in dir(client) if not name.startswith("_")} <= named
