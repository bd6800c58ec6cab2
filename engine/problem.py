"""What is to be minimised: a surface in two parameters, or a network's loss on data.

A kind of problem is one table. To add one, put it into `KINDS` and into the union `Problem`. Its
table names the table of its contestants, and its `race` carries an experiment out: that is all that
the rest of the engine knows of a problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from .errors import ExperimentError, Mistake, UnknownName
from .network.problem import NetworkProblem
from .surface_problem import SurfaceProblem
from .table import Table, short, shown

__all__ = ["KINDS", "NetworkProblem", "Problem", "SurfaceProblem"]

A_PROBLEM = 'a table such as { kind = "surface", surface = "beale" }'
KINDS: Mapping[str, type[SurfaceProblem] | type[NetworkProblem]] = {
    "surface": SurfaceProblem,
    "network": NetworkProblem,
}


def _by_kind(value: Any) -> Any:
    """A raw problem as the table that its kind names; raises ExperimentError."""
    if isinstance(value, Table):
        return value
    if not isinstance(value, Mapping):
        raise ValueError(f"must be {A_PROBLEM}, not {shown(value)}")
    kind = value.get("kind")
    if kind is None:
        sentence = f"is missing; known: {', '.join(KINDS)}"
    elif not isinstance(kind, str):
        sentence = f"must be a name, not {shown(kind)}; known: {', '.join(KINDS)}"
    elif kind not in KINDS:
        sentence = str(UnknownName("problem kind", short(kind), list(KINDS)))
    else:
        return KINDS[kind](**value)
    raise ExperimentError([Mistake("kind", sentence)])


Problem = Annotated[SurfaceProblem | NetworkProblem, BeforeValidator(_by_kind)]
