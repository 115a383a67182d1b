"""Functions of modules that are loaded when one is called: what a text names is not seen by mypy."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

import bibtool
from bibtool.lazy import lazy_function, load

LAZY = lazy_function("").__qualname__


@pytest.mark.slow
def test_all_lazy_functions_of_the_package_exist_under_their_names() -> None:
    found = 0
    for module in pkgutil.walk_packages(bibtool.__path__, "bibtool."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if getattr(value, "__qualname__", "") == LAZY:
                target = inspect.getclosurevars(value).nonlocals["target"]
                assert callable(load(target)), (module.name, target)
                assert target.endswith(f":{name}"), (module.name, target)
                found += 1
    assert found > 10


def test_the_module_is_loaded_by_the_first_call() -> None:
    script = (
        "import sys\n"
        "from bibtool.lazy import lazy_function\n"
        "nearest = lazy_function('bibtool.suggest:nearest')\n"
        "print('bibtool.suggest' in sys.modules)\n"
        "print(nearest('boks', ['books']), nearest('x', ['books']), 'bibtool.suggest' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:-1] == ["False", "('books',) () True"]
