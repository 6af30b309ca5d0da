"""The directive `service-table`: the settings, limits, figures and routes of the render service, from its code."""

from collections.abc import Callable, Iterable
from typing import Any

from tables import Written, list_table

from gradgraph.limits import Limits
from gradgraph.option_records import fields_of, taken
from gradgraph.service import meters
from gradgraph.service.openapi import description
from gradgraph.service.settings import Settings, variable


class ServiceTable(Written):
    """`.. service-table:: WHAT` lists the `settings`, the `limits`, the `figures` or the `routes`."""

    required_arguments = 1

    def lines(self) -> Iterable[str]:
        """Return the table."""
        return _TABLES[self.arguments[0]]()


def settings() -> list[str]:
    """Return a table of the settings, each with its flag and its variable."""
    rows = [
        [
            f"``{field.flag}``, ``{variable(field.name)}``",
            taken(field.takes).replace("a tuple of a text", "texts"),
            _default(field.default),
            field.sentence,
        ]
        for field in fields_of(Settings)
    ]
    return list_table(["flag and variable", "takes", "default", "meaning"], [34, 18, 14, 34], rows, "settings")


def limits() -> list[str]:
    """Return a table of the limits of documents, which variables can lower."""
    rows = [[f"``{variable(name)}``", f"{most:,}"] for name, most in Limits.untrusted()._asdict().items()]
    return list_table(["variable", "at most"], [60, 40], rows, "limits")


def figures() -> list[str]:
    """Return a table of what is counted, read from the text that Prometheus gets."""
    lines = [line.split(" ", 3) for line in meters.exposition().decode().splitlines() if line.startswith("# ")]
    kinds = {line[2]: line[3] for line in lines if line[1] == "TYPE"}
    rows = [
        [f"``{name}``", kinds[name], sentence]
        for _, what, name, sentence in lines
        if what == "HELP" and not name.endswith("_created")
    ]
    return list_table(["name", "kind", "meaning"], [40, 16, 44], rows, "figures")


def routes() -> list[str]:
    """Return the routes. Those with the document in the address are one row, since their parameters are the same."""
    rows = []
    for path, methods in description(Settings())["paths"].items():
        if not path.endswith("{packed}"):
            for method, told in methods.items():
                rows.append([f"``{method.upper()} {path}``", told["summary"], _parameters(told)])
    packed = "Draw the document in the address in any of these formats, with the same parameters."
    rows.append(["``GET /v1/render/FORMAT/{packed}``", packed, ""])
    return list_table(["route", "what it does", "parameters"], [28, 30, 42], rows, "routes")


def _parameters(told: dict[str, Any]) -> str:
    return ", ".join([f"``{one['name']}``" for one in told.get("parameters", ()) if one["in"] == "query"])


def _default(value: Any) -> str:
    return "" if value in (None, ()) else f"``{value}``"


_TABLES: dict[str, Callable[[], Iterable[str]]] = {
    "settings": settings,
    "limits": limits,
    "figures": figures,
    "routes": routes,
}


def setup(app: Any) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("service-table", ServiceTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
