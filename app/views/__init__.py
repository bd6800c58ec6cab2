"""Views, one file each; `views["surface-path"].make()` builds one."""

from engine.registry import Registry

from .view import Look, View, ViewDefinition

views: Registry[ViewDefinition] = Registry("view", __name__, ViewDefinition)

__all__ = ["Look", "View", "ViewDefinition", "views"]
