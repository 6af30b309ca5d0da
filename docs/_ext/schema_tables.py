"""The directive `schema-table`: the keys of one definition of the published schema, as a table."""

from typing import Any

from tables import Written, list_table

from gradgraph_schemas import schema


class SchemaTable(Written):
    """`.. schema-table:: node` lists the keys of `$defs/node`; without an argument, those of the document."""

    optional_arguments = 1

    def lines(self) -> list[str]:
        """Return the table."""
        whole = schema()
        part = whole["$defs"][self.arguments[0]] if self.arguments else whole
        rows = [
            [f"``{key}``", "yes" if key in part["required"] else "", kind(rule, whole), rule.get("description", "")]
            for key, rule in part["properties"].items()
        ]
        return list_table(["key", "required", "value", "meaning"], [15, 15, 30, 40], rows, "keys")


def kind(rule: dict[str, Any], whole: dict[str, Any]) -> str:
    """Return what a value must be, in words."""
    if "$ref" in rule:
        name = rule["$ref"].rpartition("/")[2]
        target = whole["$defs"][name]
        return target.get("title") or (f"{name} (below)" if target["type"] == "object" else kind(target, whole))
    if "const" in rule:
        return f'``"{rule["const"]}"``'
    if "enum" in rule:
        return ", ".join(f'``"{word}"``' for word in rule["enum"])
    if "title" in rule:
        return str(rule["title"])
    types = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    if types == ["array"]:
        least = ", not empty" if rule.get("minItems") else ""
        return f"a list of: {kind(rule['items'], whole)}{least}"
    if types == ["object"] and isinstance(rule.get("additionalProperties"), dict):
        return f"an object of: {kind(rule['additionalProperties'], whole)}"
    least = f", at least {rule['minimum']}" if "minimum" in rule else ""
    return " or ".join(types) + least


def setup(app: Any) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("schema-table", SchemaTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
