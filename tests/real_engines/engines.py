"""The table of real engines: the pinned version, and how its leaves, data, gradients and backward are spelled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Engine:
    """One engine of the package index.

    `pin` is NAME==VERSION, and `where` is MODULE:CLASS. `leaf` makes a leaf from the class, a number and a label.
    `functions` gives the functions that are no methods: our name -> (module, function). `path` is the folder in the
    package to import from. `stubs` are modules that the engine imports but does not need to compute: they are empty
    here. `needs` are the pins of packages that it imports beside numpy.
    """

    pin: str
    where: str
    leaf: Callable[[Any, float, str], Any] = lambda cls, x, label: cls(x)
    data: str = "data"
    grad: str = "grad"
    backward: str = "backward"
    functions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    path: str = ""
    stubs: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.pin.partition("==")[0]


def labelled(cls, x, label):
    return cls(x, label=label)


ENGINES = (
    Engine("micrograd==0.1.0", "micrograd.engine:Value"),
    Engine("backprop-lib==0.1.0", "backprop.engine:Value", leaf=labelled),
    Engine("bitgrad==0.1.2", "bitgrad.engine:Value"),
    Engine("deep-autograd==0.0.2", "deep_autograd.engine:Value"),
    Engine(
        "delgrada==0.1.2",
        "delgrada.scalar:Scalar",
        data="value",
        backward="backprop",
        functions={name: ("delgrada.scalar", name) for name in ("exp", "log", "sin", "cos", "tanh", "relu", "sigmoid")},
    ),
    Engine("femtograd==0.0.5", "femtograd.femtograd:value", leaf=labelled),
    Engine("grad-mlp==0.1.1", "micrograd.engine:Value", leaf=labelled),
    Engine("gradflow-kit==0.1.3", "micrograd.node:Node", leaf=lambda cls, x, label: cls(x, mark=label)),
    Engine("kaitorch==0.1.0", "kaitorch.core:Scalar"),
    Engine("learngrad==0.2.1", "learngrad.engine:Value"),
    Engine("lilgrad==0.6.0", "micrograd.engine:Value"),
    Engine("micrograd-andrews==0.1.8", "micrograd_andrews.engine:Value"),
    Engine("micrograd-ds==0.1.1", "micrograd.engine:Value"),
    Engine("micrograd-hk==0.1.1", "micrograd_hk.engen:Value"),
    Engine("micrograd-viz==0.2.0", "micrograd.engine:Value", leaf=labelled),
    Engine(
        "micrograd2023==1.0.1",
        "micrograd2023.engine:Value",
        stubs=("nbdev", "nbdev.showdoc", "fastcore", "fastcore.test", "fastcore.utils"),
    ),
    Engine("micronets==0.1.2", "micronets.autograd_engine:Value", leaf=labelled),
    Engine("mikegrad==0.2.0", "mikegrad.engine:Value", leaf=labelled),
    Engine("nano-autograds==1.1.1", "autograd.core.engine:Value", leaf=labelled),
    Engine("nanoautograd==0.1.2", "NanoAutoGrad.engine:Item", leaf=labelled, backward="backwards"),
    Engine("nanograd-bgriebel==0.1.4", "nanograd_bgriebel:Value", backward="backwards"),  # keeps its graph in Rust
    Engine("nanograd-aman==0.1.0", "nanograd.engine:Value", leaf=labelled),
    Engine("omnigrad==0.2.3", "omnigrad.diffengine:Value", leaf=labelled),
    Engine("opengrad==0.0.1", "opengrad.engine:Value", leaf=labelled),
    Engine("propgrad==0.1.1", "propgrad.engine:Value"),
    Engine("pyfit==1.0.2", "pyfit.engine:Scalar"),
    Engine("scalargrad==1.0.5", "scalargrad.core:Scalar", leaf=labelled, needs=("rich==15.0.0",)),
    Engine("strands-microgpt==0.1.0", "engine:Value", path="strands_microgpt"),  # the package itself imports strands
    Engine("tardigrad==0.1.0", "tardigrad.value:Value", leaf=labelled),
    Engine("tonygrad==2.0.0", "tonygrad.engine:Value", leaf=labelled),
    Engine("vizgrad==0.1.2", "vizgrad.core:Value", leaf=lambda cls, x, label: cls(x, name=label)),
)
