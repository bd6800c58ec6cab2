"""One line of a race of networks: layers, their init, and penalties, besides the optimizer."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from ..contestant import Contestant
from ..table import Number
from .choices import AN_INIT, InitField, LayerChoice, init_choice, layer_choice

MOST_LAYERS = 200


class NetworkContestant(Contestant):
    """A contestant that trains a network.

    A linear output layer is added to its `layers`. `l2` adds l2/2 · ΣW² to the loss and `l1` adds
    l1 · Σ|W|, over weight matrices only.
    """

    elsewhere = {"start": "must be left out: a network starts at the weights that its init draws, "
                          "and only contestants on a surface have a start of their own"}

    layers: tuple[Annotated[LayerChoice, BeforeValidator(layer_choice)], ...] = Field(
        description='a list of layers, such as [{ kind = "dense", width = 32 }, { kind = "tanh" }]')
    init: InitField = Field(init_choice("xavier-normal"), description=AN_INIT)
    l1: Number = Field(0.0, ge=0, le=1e6, description="a number from 0 to 1e+06")
    l2: Number = Field(0.0, ge=0, le=1e6, description="a number from 0 to 1e+06")

    @field_validator("layers", mode="before")
    @classmethod
    def _counted(cls, layers: object) -> object:
        if isinstance(layers, (list, tuple)) and len(layers) > MOST_LAYERS:
            raise ValueError(f"must be at most {MOST_LAYERS} layers, not {len(layers):,}")
        return layers

    def shape(self) -> tuple[Any, ...]:
        """Layers and inits too: they are where the weights come from."""
        layers = tuple((layer.kind, layer.definition.form(1, layer.hypers()), layer.own_init)
                       for layer in self.layers)
        return *super().shape(), self.init, layers
