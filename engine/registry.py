"""One pattern for everything that has a name: a folder is scanned, nobody keeps a list by hand.

A definition is an instance of the registry's class at the top level of any module in the folder;
small definitions may share one module, which is scanned in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from threading import RLock
from typing import Generic, Protocol, TypeVar

from .errors import UnknownName


class Named(Protocol):
    """What a definition must have to be registered."""

    @property
    def name(self) -> str: ...


D = TypeVar("D", bound=Named)


class Registry(Mapping[str, D], Generic[D]):
    """The definitions of one kind, by name, read at first use from the modules that hold them.

    `packages` names the package, or the module where all the definitions stand, or several.
    """

    def __init__(self, kind: str, packages: str | tuple[str, ...], definition: type[D]) -> None:
        self.kind = kind
        self._packages = (packages,) if isinstance(packages, str) else packages
        self._definition = definition
        self._found: dict[str, D] | None = None
        self._lock = RLock()

    def _modules(self) -> list[str]:
        modules: list[str] = []
        for package in self._packages:
            path = getattr(import_module(package), "__path__", None)
            found = [f"{package}.{info.name}" for info in iter_modules(path)] if path else [package]
            modules += sorted(found)
        return modules

    def _scan(self) -> dict[str, D]:
        with self._lock:
            if self._found is None:
                found: dict[str, D] = {}
                for module in self._modules():
                    for entry in vars(import_module(module)).values():
                        if isinstance(entry, self._definition):
                            other = found.setdefault(entry.name, entry)
                            if other is not entry:
                                raise ValueError(f"two {self.kind} entries named {entry.name!r}")
                self._found = dict(sorted(found.items()))
            return self._found

    def __getitem__(self, name: str) -> D:
        found = self._scan()
        if name not in found:
            raise UnknownName(self.kind, name, list(found))
        return found[name]

    def __contains__(self, name: object) -> bool:
        return name in self._scan()

    def __iter__(self) -> Iterator[str]:
        return iter(self._scan())

    def __len__(self) -> int:
        return len(self._scan())
