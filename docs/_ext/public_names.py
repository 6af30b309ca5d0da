"""The directive `public-names`: the reference of what a module exports, room by room."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any, ClassVar

from docutils.parsers.rst import directives
from sphinx.pycode import ModuleAnalyzer
from tables import Written

import gradgraph


class PublicNames(Written):
    """`.. public-names:: MODULE` with `:from:` documents the names of a module that are made in some of our modules.

    `:from:` has names of modules or folders below `gradgraph`, in the order of the page. Within each, names have the
    order of the source. Names that `gradgraph` exports too are links to there, in a sentence. `:exclude:` has
    members of classes that are for ourselves.
    """

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        "from": directives.unchanged_required,
        "exclude": directives.unchanged,
    }

    def lines(self) -> Iterator[str]:
        """Yield a directive of autodoc for each name."""
        module = self.arguments[0]
        known = []
        for room in self.options["from"].split():
            for name in names_from(module, room):
                if module != "gradgraph" and name in gradgraph.__all__:
                    known.append(name)
                else:
                    yield from _documented(module, name, f"__init__, __new__, {self.options.get('exclude', '')}")
        if known:
            links = ", ".join([f":py:obj:`~gradgraph.{name}`" for name in known])
            yield from [f"Of `gradgraph` itself, and here too: {links}.", ""]


def names_from(module: str, room: str) -> list[str]:
    """Return which names of a module are made in a module or folder of gradgraph, in the order of the source.

    >>> names_from("gradgraph.testing", "testing.text")
    ['ParsedText', 'parse_text']
    """
    homes = {name: home_of(module, name) for name in exported(module)}
    found = [name for name, home in homes.items() if f"{home}.".startswith(f"gradgraph.{room}.")]
    return sorted(found, key=lambda name: (homes[name], _line(homes[name], name)))


def exported(module: str) -> list[str]:
    """Return the public names of a module, which are those of `__all__` if it has that."""
    found = import_module(module)
    public = [name for name, made in vars(found).items() if not name.startswith("_") and not inspect.ismodule(made)]
    return list(getattr(found, "__all__", public))


def home_of(module: str, name: str) -> str:
    """Return the module in which a name is made."""
    found = import_module(module)
    homes = {each: home for home, names in getattr(found, "_HOMES", {}).items() for each in names}
    return homes.get(name) or str(getattr(found, name).__module__)


def _line(home: str, name: str) -> int:
    analyzer = ModuleAnalyzer.for_module(home)
    analyzer.analyze()
    return analyzer.tagorder.get(name, 0)


def _documented(module: str, name: str, exclude: str) -> Iterator[str]:
    made = getattr(import_module(module), name)
    if inspect.isroutine(inspect.unwrap(made)):
        yield from [f".. autofunction:: {module}.{name}", ""]
    elif isinstance(made, type):
        kind = "exception" if issubclass(made, BaseException) else "class"
        yield from [f".. auto{kind}:: {module}.{name}", "   :members:", f"   :exclude-members: {exclude}", ""]
    else:
        yield from _data(module, name)


def _data(module: str, name: str) -> Iterator[str]:
    """Yield the entry of a constant, whose docstring is below it in the source."""
    home = home_of(module, name)
    docs = ModuleAnalyzer.for_module(home).find_attr_docs().get(("", name), [])
    yield from [f".. py:data:: {module}.{name}", "", *(f"   {line}" for line in docs), ""]


def skip_unsaid(app: Any, what: str, name: str, member: Any, skip: bool, options: Any) -> bool | None:
    """Skip fields of named tuples that nothing is said of: autodoc would call them "Alias for field number 0"."""
    return True if str(getattr(member, "__doc__", "")).startswith("Alias for field number") else None


def setup(app: Any) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("public-names", PublicNames)
    app.connect("autodoc-skip-member", skip_unsaid)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
