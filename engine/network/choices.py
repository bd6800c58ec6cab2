"""A network's layers as a file lists them: `{ kind = "dense", width = 32, init = "he-normal" }`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from ..choice import Choice, Chooser, Fields
from ..inits import Init, inits
from ..layers import Layer, layers
from ..losses import Loss, losses
from ..table import Number, Table


class InitChoice(Choice):
    """An init with its hyperparameters."""

    definition: ClassVar[Init]

    def __reduce__(self) -> tuple[Any, ...]:
        return _chosen_init, (self.plain(),)


class LossChoice(Choice):
    """A loss with its hyperparameters."""

    definition: ClassVar[Loss]

    def __reduce__(self) -> tuple[Any, ...]:
        return _chosen_loss, (self.plain(),)


class LayerChoice(Table):
    """A layer with its hyperparameters.

    One with a weight matrix may name its own `init`; one that learns anything has an `lr_factor`:
    its learning rate is that many times the contestant's, and 0 freezes it.
    """

    definition: ClassVar[Layer]
    hyper_names: ClassVar[tuple[str, ...]] = ()

    if TYPE_CHECKING:
        kind: str

    def hypers(self) -> dict[str, float]:
        """Every hyperparameter's value, in the definition's order."""
        return {name: getattr(self, name) for name in self.hyper_names}

    @property
    def own_init(self) -> InitChoice | None:
        """The init of its weights, where it does not take the contestant's."""
        return self.fields().get("init")

    @property
    def rate_factor(self) -> float:
        """Its learning rate as a multiple of the contestant's."""
        return self.fields().get("lr_factor", 1.0)

    def __reduce__(self) -> tuple[Any, ...]:
        return _chosen_layer, (self.plain(),)


init_choice: Chooser[InitChoice] = Chooser(inits, InitChoice)
loss_choice: Chooser[LossChoice] = Chooser(losses, LossChoice)

AN_INIT = "an init's name, or a table with its name and hyperparameters"
InitField = Annotated[InitChoice, BeforeValidator(init_choice)]


def _own_fields(definition: Layer) -> Fields:
    """What a layer can be told besides its hyperparameters."""
    tensors = definition.form(1, definition.defaults()).params
    fields: Fields = {}
    if any(tensor.start is None for tensor in tensors):
        fields["init"] = (InitField | None, Field(None, description=AN_INIT))
    if tensors:
        fields["lr_factor"] = (Number, Field(1.0, ge=0, le=1000,
                                             description="a number from 0 to 1000"))
    return fields


layer_choice: Chooser[LayerChoice] = Chooser(layers, LayerChoice, key="kind", more=_own_fields)


# The tables are made at run time, so pickle cannot find their classes; it finds these.
def _chosen_init(table: dict[str, Any]) -> InitChoice:
    return init_choice(table)


def _chosen_loss(table: dict[str, Any]) -> LossChoice:
    return loss_choice(table)


def _chosen_layer(table: dict[str, Any]) -> LayerChoice:
    return layer_choice(table)
