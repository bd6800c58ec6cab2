"""The rules that ARCHITECTURE.md states and a machine can keep.

Each rule that reads source text is also shown a text that breaks it: a rule that cannot fail
keeps nothing.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGINE = sorted((ROOT / "engine").rglob("*.py"))
APP = sorted((ROOT / "app").rglob("*.py"))

TOP_LEVEL = {
    "pyproject.toml", "constraints.txt", "Makefile", "README.md", "ARCHITECTURE.md", "CHANGELOG.md",
    "LICENSE", "engine", "app", "assets", "tests", "recordings", "build", "dist",
}

# What turns a plain function into a compiled one.
MAKERS = {"kernel", "Kernel", "compile_function", "njit", "jit"}


def imported(source: str) -> set[str]:
    """The top-level names of all absolute imports in a source text."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return names


def called(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """The last name of everything called below `node`: `f()` and `a.f()` are both `f`."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            if isinstance(call.func, ast.Name):
                yield call.func.id, call
            elif isinstance(call.func, ast.Attribute):
                yield call.func.attr, call


def names_in(node: ast.AST) -> set[str]:
    """Every name and attribute that occurs in an expression."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} | {
        n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)
    }


def compiled_functions(tree: ast.Module) -> list[ast.FunctionDef]:
    """The functions of a module that Numba compiles, with those of the same file that they call.

    A function is compiled if it is decorated with one of MAKERS or handed to one as an argument.
    """
    functions = {
        node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
        # An intrinsic writes machine code while Numba compiles; it is not compiled itself.
        if "intrinsic" not in set().union(*map(names_in, node.decorator_list))
    }
    queue = [
        function.name for function in functions.values()
        if any(MAKERS & names_in(decorator) for decorator in function.decorator_list)
    ]
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and MAKERS & names_in(call.func):
            queue += [arg.id for arg in call.args if isinstance(arg, ast.Name)]
    found: dict[str, ast.FunctionDef] = {}
    while queue:
        function = functions.get(queue.pop())
        if function is not None and function.name not in found:
            found[function.name] = function
            queue += [name for name, _ in called(function)]
    return list(found.values())


def calls_across_files(source: str) -> list[str]:
    """The names of other engine files' functions that a source's compiled functions call."""
    tree = ast.parse(source)
    elsewhere = {
        alias.asname or alias.name
        for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
        if node.level > 0 or (node.module or "").partition(".")[0] == "engine"
        for alias in node.names
    }
    calls = []
    for function in compiled_functions(tree):
        parameters = {arg.arg for arg in function.args.args}
        # A decorator is not part of what Numba compiles.
        for statement in function.body:
            calls += [
                f"{function.name} calls {name}" for name, call in called(statement)
                if isinstance(call.func, ast.Name) and name in elsewhere - parameters
                or isinstance(call.func, ast.Attribute)
                and isinstance(call.func.value, ast.Name) and call.func.value.id in elsewhere
            ]
    return calls


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", ENGINE, ids=relative)
def test_engine_source_names_neither_app_nor_qt(path):
    forbidden = {"app", "PyQt6", "pyqtgraph", "av", "ziamath"}
    assert not imported(path.read_text(encoding="utf-8")) & forbidden


def test_importing_every_engine_module_loads_neither_app_nor_qt():
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in ENGINE if path.name != "__main__.py"
    ]
    loaded = loaded_after(f"import importlib; [importlib.import_module(m) for m in {modules!r}]")
    assert "engine" in loaded
    assert not loaded & {"app", "PyQt6", "pyqtgraph", "av", "ziamath"}


def loaded_after(code: str) -> set[str]:
    """The top-level modules that a fresh process has loaded after running `code`."""
    report = "import sys, json; sys.stderr.write('\\n' + json.dumps(sorted(sys.modules)))"
    process = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], cwd=ROOT, capture_output=True, text=True,
        check=True, timeout=60,
    )
    return {name.partition(".")[0] for name in json.loads(process.stderr.splitlines()[-1])}


@pytest.mark.parametrize("command", [["--help"], ["--version"], ["list"], ["list", "--json"]])
def test_quick_commands_start_neither_qt_nor_numba_nor_pydantic(command):
    loaded = loaded_after(
        f"import app.cli\ntry: app.cli.main({command!r})\nexcept SystemExit: pass"
    )
    assert "argparse" in loaded
    assert not loaded & {"PyQt6", "pyqtgraph", "numba", "llvmlite", "scipy", "pydantic", "av"}


def test_importing_the_engine_starts_neither_numba_nor_pydantic():
    assert not loaded_after("import engine") & {"numba", "pydantic", "scipy"}


@pytest.mark.parametrize("path", APP, ids=relative)
def test_app_compiles_nothing(path):
    source = path.read_text(encoding="utf-8")
    assert not imported(source) & {"numba", "llvmlite"}
    assert not {name for name, _ in called(ast.parse(source))} & {"njit", "compile_function"}


@pytest.mark.parametrize("path", ENGINE, ids=relative)
def test_no_kernel_calls_a_kernel_of_another_file_by_name(path):
    assert calls_across_files(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("breach", [
    "from .other import step\n@kernel(UPDATE)\ndef update(w):\n    step(w)",
    "from engine.other import step\n@kernel(UPDATE)\ndef update(w):\n    step(w)",
    "from . import other\n@numba.njit\ndef update(w):\n    other.step(w)",
    "from .other import step\ndef inner(w):\n    step(w)\n@kernel(U)\ndef update(w):\n    inner(w)",
    "from .other import step\ndef loop(w):\n    step(w)\ncompile_function(loop, '', 'float64')",
    "from .other import step\ndef loop(w):\n    step(w)\nvalue = kernel(SURFACE)(loop)",
])
def test_a_call_across_files_is_noticed(breach):
    assert len(calls_across_files(breach)) == 1


def test_a_pointer_with_the_name_of_an_import_is_no_call_across_files():
    source = "from .other import step\n@kernel(U)\ndef update(step, w):\n    step(w)"
    assert calls_across_files(source) == []


@pytest.mark.parametrize("path", ENGINE, ids=relative)
def test_engine_never_prints(path):
    assert "print" not in {
        call.func.id for _, call in called(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call.func, ast.Name)
    }


@pytest.mark.parametrize("path", [*ENGINE, *APP], ids=relative)
def test_every_file_says_what_it_is_and_stays_readable(path):
    source = path.read_text(encoding="utf-8")
    if path.name != "__init__.py" or source.strip():
        assert ast.get_docstring(ast.parse(source)), "a module docstring says what the file is for"
    assert len(source.splitlines()) <= 400, "one idea a file"


def test_nothing_strays_at_the_top_level():
    strays = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - TOP_LEVEL
    assert not {name for name in strays if not name.endswith(".egg-info")}


def test_constraints_pin_every_requirement_with_a_version_and_no_address():
    lines = [
        line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    pins = dict(line.split("==") for line in lines)
    assert all(version[0].isdigit() for version in pins.values())
    assert not [line for line in lines if "/" in line or "@" in line]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *sum(project["optional-dependencies"].values(), [])]
    pinned = {name.lower().replace("_", "-") for name in pins}
    for requirement in wanted:
        name = requirement.partition("[")[0].split(">")[0].split("=")[0].split("<")[0].strip()
        assert name == "trainscope" or name.lower() in pinned, requirement
