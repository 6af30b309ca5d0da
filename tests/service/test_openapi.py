"""The description of the service: valid, true, and the same as the command line's."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gradgraph.cli.main import cli
from gradgraph.drawing.registry import find_renderer
from gradgraph.option_records import fields_of
from gradgraph.service.openapi import description
from gradgraph.service.orders import formats, order_of
from gradgraph.service.refusals import Refusal
from gradgraph.service.settings import Settings
from tests.conftest import ROOT
from tests.service.served import JSON, NEURON, ask, serving

HERE = Path(__file__).parent
EXAMPLES = int(os.environ.get("SERVICE_EXAMPLES", "2"))
"""Requests of a route beside those that try each parameter; `make service-openapi` sends 1,000."""
DESCRIBED = description(Settings())


SAMPLE = [path for path in DESCRIBED["paths"] if "/render" not in path or path.endswith(("svg", "dot/{packed}"))]
"""Paths that the gate tries. The other formats have the same code, and differ in their parameters."""


@pytest.fixture(scope="module")
def address():
    with serving("--seconds", "5") as found:
        yield found


def test_the_description_is_valid():
    assert list(OpenAPIV31SpecValidator(DESCRIBED).iter_errors()) == []


def test_the_description_is_what_the_service_answers(address):
    assert json.loads(ask(address, "GET", "/openapi.json").body) == DESCRIBED


def test_schemathesis_finds_no_violation(address, tmp_path):
    """Every check of schemathesis but one, which its configuration explains."""
    paths = [*DESCRIBED["paths"]] if EXAMPLES > 10 else SAMPLE
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(HERE / "schemathesis.toml")),
            *("run", f"http://{address}/openapi.json", "--phases", "examples,coverage,fuzzing", "--no-color"),
            *("--max-examples", str(EXAMPLES), "--generation-deterministic", "--suppress-health-check", "all"),
            *("--warnings", "off"),
            *[part for path in paths for part in ("--include-path", path)],
        ],
        cwd=tmp_path,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.service.openapi_hooks", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    report = "\n".join(line[:500] for line in done.stdout.splitlines())
    assert done.returncode == 0, report[-20_000:] + done.stderr[-2_000:]
    assert f"Tested: {len(paths)}\n" in report


def operation(format: str) -> dict[str, Any]:
    return DESCRIBED["paths"][f"/v1/render/{format}"]["post"]


def render_flags() -> dict[str, click.Parameter]:
    command = cli.commands["render"]
    context = click.Context(command, info_name="render")
    command.get_help(context)  # makes the flags of all formats
    return {flag: one for one in command.get_params(context) for flag in one.opts}


@pytest.mark.parametrize("format", formats())
def test_parameters_are_the_flags_of_the_command_line(format):
    """What `gradgraph render` takes for the format, but for what is done with the answer."""
    flags = render_flags().keys()
    described = {one["name"]: one["schema"] for one in operation(format)["parameters"]}
    assert {f"--{name}" for name in described if name != "v"} <= flags
    record = find_renderer(format).Options
    assert {field.flag for field in fields_of(record)} <= {f"--{name}" for name in described}
    got = DESCRIBED["paths"][f"/v1/render/{format}/{{packed}}"]["get"]
    assert got["parameters"][1:] == operation(format)["parameters"]


@pytest.mark.parametrize("format", formats())
def test_a_choice_has_the_choices_of_the_command_line(format):
    flags = render_flags()
    for one in operation(format)["parameters"]:
        if one["name"] == "color":
            continue  # the command line can see whether there is a terminal
        known = getattr(flags.get(f"--{one['name']}"), "type", None)
        if isinstance(known, click.Choice):
            assert sorted(one["schema"]["enum"]) == sorted(known.choices), one["name"]
        if isinstance(known, click.IntRange):
            assert one["schema"].get("minimum") == known.min, one["name"]
            assert one["schema"].get("maximum") == known.max, one["name"]


def values(schema: dict[str, Any]) -> list[str]:
    """Texts at the edges of what a parameter takes."""
    match schema:
        case {"enum": choices}:
            return [str(choice) for choice in choices]
        case {"type": "boolean"}:
            return ["true", "false"]
        case {"type": "integer" | "number"}:
            return [str(schema[edge]) for edge in ("minimum", "maximum", "default") if schema.get(edge) is not None]
        case {"type": "array"}:
            return ["neuron"]
        case _:
            return ["", "x"[: schema.get("maxLength", 1)]]


@pytest.mark.parametrize("format", formats())
def test_every_value_that_is_described_is_taken(format, dot, address):
    """Each parameter by itself, with a document in which nothing else is wrong."""
    of_the_document = ("collapse", "expand", "focus", "max-boxes")  # there may be no such node, or more boxes
    for one in operation(format)["parameters"]:
        for value in values(one["schema"]):
            answer = ask(address, "POST", f"/v1/render/{format}?{urlencode({one['name']: value})}", NEURON, JSON)
            right = (200, 400, 422) if one["name"] in of_the_document else (200,)
            assert answer.status in right, (one["name"], value, answer.body)


def test_every_parameter_is_refused_outside_of_what_is_described():
    for format in formats():
        for one in operation(format)["parameters"]:
            match one["schema"]:
                case {"enum": _} | {"type": "boolean" | "integer" | "number"}:
                    with pytest.raises(Refusal) as refused:
                        order_of(NEURON, "json", format, [(one["name"], "no such value")])
                    assert refused.value.status == 400
                case {"maxLength": most}:
                    with pytest.raises(Refusal) as refused:
                        order_of(NEURON, "json", format, [(one["name"], "x" * (most + 1))])
                    assert refused.value.status == 400


VIEW = {ROOT / f"gradgraph/service/{name}.py" for name in ("tokens", "viewing")}
"""Modules of `gradgraph view`, which answers one browser, and nothing else that would read a description."""


def statuses_in_the_code() -> set[int]:
    """The status of each `Refusal(…)` and `Drawn(status=…)`, and of what the router refuses."""
    found = {404, 405}
    for path in {*(ROOT / "gradgraph/service").glob("*.py")} - VIEW:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                first = node.args[0] if node.func.id == "Refusal" and node.args else None
                named = next((one.value for one in node.keywords if one.arg in ("status", "status_code")), None)
                values = [one.value for one in (first, named) if isinstance(one, ast.Constant)]
                found |= {value for value in values if isinstance(value, int)}
    return found


def test_every_status_that_the_code_can_answer_is_described():
    described = {
        int(status)
        for path in DESCRIBED["paths"].values()
        for operation in path.values()
        for status in operation["responses"]
    }
    assert statuses_in_the_code() <= described
    assert described - statuses_in_the_code() == {200}
