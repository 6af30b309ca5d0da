"""The command line: exit codes, streams, and what is written where."""

import json
import os
import re
import subprocess
import sys

import pytest

from gradgraph import Graph, Node, OpDeclaration, Value, dump, dumps, export, loads
from gradgraph.cli.render import TEXT_CHARACTERS
from gradgraph_renderers.text.charset import UNICODE
from tests.command import run_cli, run_process
from tests.conftest import ROOT, example

NEURON = str(ROOT / "examples/neuron.json")


def test_text_on_standard_output():
    ran = run_cli("render", NEURON, "-f", "text")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "o = tanh(n)" in ran.stdout


def test_svg_by_default(layout_engine):
    ran = run_cli("render", NEURON)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("<svg ")


def test_without_an_engine_text_stands_in_and_one_line_says_so(no_engine):
    ran = run_cli("render", NEURON)
    assert ran.returncode == 0
    assert "o = tanh(n)" in ran.stdout
    assert len(ran.stderr.splitlines()) == 1
    assert "`dot` is not installed; use --layout layered, or install Graphviz (Debian: apt install" in ran.stderr
    svg = run_cli("render", NEURON, "--layout", "layered")
    assert (svg.returncode, svg.stderr, svg.stdout[:5]) == (0, "", "<svg ")


def test_strict_fails_and_writes_nothing(no_engine, tmp_path):
    out = tmp_path / "out.svg"
    ran = run_cli("render", NEURON, "--strict", "-o", str(out))
    assert (ran.returncode, ran.stdout) == (4, "")
    assert len(ran.stderr.splitlines()) == 1
    assert "use --layout layered, or" in ran.stderr
    assert not out.exists()


def test_text_never_lands_in_a_file_called_svg(no_engine, tmp_path):
    out = tmp_path / "neuron.svg"
    ran = run_cli("render", NEURON, "-o", str(out))
    assert (ran.returncode, ran.stdout) == (0, "")
    assert not out.exists()
    assert "o = tanh(n)" in out.with_suffix(".txt").read_text(encoding="utf-8")
    assert str(out.with_suffix(".txt")) in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize(("suffix", "start"), [(".dot", "digraph"), (".mmd", "flowchart"), (".txt", "  ")])
def test_the_format_follows_the_suffix(suffix, start, tmp_path):
    out = tmp_path / f"neuron{suffix}"
    assert run_cli("render", NEURON, "-o", str(out)).returncode == 0
    assert out.read_text(encoding="utf-8").startswith(start)


def test_several_files_go_into_a_folder(tmp_path):
    folder = f"{tmp_path}/drawn/"
    mlp = str(ROOT / "examples/mlp.json")
    assert run_cli("render", NEURON, mlp, "-f", "mermaid", "-o", folder).returncode == 0
    assert sorted(os.listdir(folder)) == ["mlp.mmd", "neuron.mmd"]
    assert run_cli("render", NEURON, mlp).returncode == 2


def test_a_broken_file_does_not_stop_the_others(tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    ran = run_cli("validate", str(bad), NEURON)
    assert ran.returncode == 1
    assert "valid" in ran.stdout
    assert ran.stderr == f'{bad}:1:1: /format: this is not a gradgraph document (one has "format": "gradgraph")\n'


def test_standard_input_and_output():
    document = dumps(example("neuron"))
    assert run_cli("validate", "-", input=document).returncode == 0
    ran = run_cli("render", "-", "-f", "text", input=document)
    assert ran.stdout == run_cli("render", NEURON, "-f", "text").stdout
    assert run_cli("validate", "-", input="{").stderr.startswith("stdin:1:2: ")


def test_verify():
    assert run_cli("verify", NEURON).returncode == 0
    wrong = dumps(example("neuron")).replace('"data": -6.0', '"data": -7.0', 1)
    ran = run_cli("verify", "-", input=wrong)
    assert ran.returncode == 1
    assert "n2: data is -7.0 but computes to -6.0" in ran.stderr


def test_export_calls_a_callable_found_from_here(tmp_path):
    (tmp_path / "mine.py").write_text("from gradgraph import Value\ndef graph():\n    return Value(2.0) ** 2\n")
    ran = run_cli("export", "mine:graph", cwd=tmp_path)
    assert loads(ran.stdout)[1].data == 4.0
    assert run_cli("export", "mine:graph", "-o", "out.json", cwd=tmp_path).returncode == 0
    assert (tmp_path / "out.json").read_text(encoding="utf-8") == ran.stdout


@pytest.mark.parametrize("target", ["missing:graph", "mine:missing", "mine:fails", "mine:number", "mine"])
def test_export_tells_what_went_wrong_in_a_line(target, tmp_path):
    (tmp_path / "mine.py").write_text("number = 3\ndef fails():\n    return 1 / 0\n")
    ran = run_cli("export", target, cwd=tmp_path)
    assert ran.returncode in (1, 2)
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


def test_renderers_schema_and_doctor():
    for name in ("dot", "mermaid", "svg", "text"):
        assert name in run_cli("renderers").stdout
    assert '"title": "gradgraph document 1.0"' in run_cli("schema").stdout
    assert run_cli("schema", "9.0").returncode == 2
    report = run_cli("doctor")
    assert report.returncode == 0
    assert "msgspec" in report.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["render", "missing.json"], 3, "missing.json: No such file or directory"),
        (["render", "."], 3, ".: Is a directory"),
        (["render", NEURON, "-o", "missing/out.dot"], 3, "No such file or directory"),
        (["render", NEURON, "-f", "gif"], 2, "no renderer named 'gif' (known: dot, mermaid, pdf, png, svg, text)"),
        (["render", NEURON, "-o", "out.gif"], 2, "no renderer writes .gif files (known: .dot, "),
        (["render", NEURON, "-f", "svg", "-o", "out.png"], 2, "out.png names a png drawing, but the format is svg"),
        (["render", NEURON, "-f", "dot", "--direction", "up"], 2, "'up' is not one of 'LR', 'TB', 'RL', 'BT'"),
        (["render", NEURON, "--precision", "0"], 2, "precision"),
        (["render", NEURON, "--focus", "nobody"], 2, "no node has the label or id 'nobody'"),
        (["render", NEURON, "--radius", "2"], 2, "--radius needs --focus"),
        (["render"], 2, "Missing argument"),
        (["frobnicate"], 2, "No such command"),
    ],
)
def test_what_goes_wrong_is_told_with_its_exit_code(arguments, status, told, tmp_path):
    ran = run_cli(*arguments, cwd=tmp_path)
    assert ran.returncode == status, ran.stderr
    assert told in ran.stderr
    assert "Traceback" not in ran.stderr
    assert os.listdir(tmp_path) == []


def test_too_large_for_mermaid_is_exit_4_with_the_figures(tmp_path):
    (tmp_path / "big.py").write_text(
        "from gradgraph import Value\n"
        "def graph():\n    v = Value(0.0)\n    for _ in range(300): v = v + v\n    return v\n"
    )
    document = run_cli("export", "big:graph", cwd=tmp_path).stdout
    ran = run_cli("render", "-", "-f", "mermaid", "--fold", "none", input=document)
    assert (ran.returncode, ran.stdout) == (4, "")
    assert ran.stderr.startswith("the graph has 600 edges and Mermaid draws at most 500; fold groups (--max-boxes")
    assert len(ran.stderr.splitlines()) == 1


def test_a_closed_pipe_is_quiet(measured):
    document = dumps(export(sum((Value(1.0) for _ in range(5_000)), Value(0.0)))).encode()  # more than a pipe holds
    command = [sys.executable, "-m", "gradgraph", "render", "-", "-f", "dot"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(document)
        process.stdin.close()
        assert process.stdout.readline() == b"digraph gradgraph {\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_an_ascii_terminal_gets_ascii():
    ran = run_process("render", NEURON, "-f", "text", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert ran.stdout.isascii()
    assert "*-'" in ran.stdout


def test_importing_the_library_loads_none_of_what_it_may_need():
    rest = "('jsonschema', 'pydot', 'yaml', 'graphviz', 'click')"
    code = f"import sys, gradgraph; print([m for m in {rest} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_diff_info_and_convert(tmp_path):
    as_yaml = str(tmp_path / "neuron.yaml")
    assert run_cli("convert", NEURON, as_yaml).returncode == 0
    assert run_cli("convert", as_yaml, "-").stdout == dumps(example("neuron"))
    assert run_cli("convert", "-", "-", "--from", "yaml", "--to", "yaml", input=dumps(example("neuron"))).stdout == (
        tmp_path / "neuron.yaml"
    ).read_text(encoding="utf-8")
    same = run_cli("diff", NEURON, as_yaml)
    assert (same.returncode, same.stdout) == (0, "")
    other = run_cli("diff", NEURON, str(ROOT / "examples/mlp.json"), "--json")
    assert other.returncode == 1
    assert {change["kind"] for change in json.loads(other.stdout)} == {"added", "removed", "changed"}
    assert run_cli("diff", NEURON, "missing.json").returncode == 3
    assert "depth       4" in run_cli("info", NEURON).stdout
    assert json.loads(run_cli("info", "--json", NEURON).stdout)["ops"] == {"add": 2, "mul": 2, "tanh": 1}


def test_problems_as_json_from_every_command(tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text(dumps(example("neuron")).replace('"grad"', '"gradient"', 2), encoding="utf-8")
    for command in (["validate"], ["render"], ["info"], ["diff", NEURON], ["convert", "--to", "yaml"]):
        arguments = [*command, str(bad)] + (["-"] if command[0] == "convert" else [])
        ran = run_cli(*arguments, "--errors", "json")
        assert ran.returncode == 1
        found = [json.loads(line) for line in ran.stderr.splitlines()]
        assert (found[0]["pointer"], found[0]["line"]) == ("/nodes/0", 8)
        assert len(found) == 4


def test_limits_by_option_and_environment():
    told = "10 nodes are more than max_nodes = 9"
    assert told in run_cli("validate", NEURON, "--limit", "max_nodes=9").stderr
    assert told in run_cli("render", NEURON, env={**os.environ, "GRADGRAPH_MAX_NODES": "9"}).stderr
    assert run_cli("validate", NEURON, "--limit", "max_nodes=many").returncode == 2
    assert run_cli("validate", NEURON, env={**os.environ, "GRADGRAPH_MAX_NODES": "-1"}).returncode == 2


def test_verify_takes_a_tolerance(tmp_path):
    path = tmp_path / "off.json"
    path.write_text(dumps(example("neuron")).replace("0.7071049876722271", "0.7071049876722272"), encoding="utf-8")
    assert run_cli("verify", str(path)).returncode == 1
    assert run_cli("verify", str(path), "--tolerance", "4").returncode == 0


def test_verify_goes_by_the_engine_that_the_document_names(tmp_path):
    path = tmp_path / "theirs.json"
    off = dumps(example("neuron")).replace("0.7071049876722271", "0.7071049876722272")
    path.write_text(off.replace('"version": "1.0",', '"version": "1.0",\n"meta": {"engine": "theirs.Value"},'))
    assert run_cli("verify", str(path)).returncode == 0
    assert run_cli("verify", str(path), "--tolerance", "0").returncode == 1


def test_verify_says_what_it_takes_as_recorded(tmp_path):
    path, known = tmp_path / "own.json", tmp_path / "known.json"
    nodes = (Node(0, 1.0, 2.0), Node(1, 5.0, 1.0, op="conv", operands=(0,), local=(2.0,)))
    dump(Graph(nodes, (1,), {"conv": OpDeclaration("conv", None)}), path)
    dump(example("neuron"), known)
    trusted = "verified, 2 nodes, 1 of them by a rule of their own (taken as recorded)"
    assert run_cli("verify", str(path)).stdout == f"{path}: {trusted}\n"
    assert run_cli("verify", str(known)).stdout == f"{known}: verified, 10 nodes\n"


def test_pipes_and_devices_are_written_to(no_engine):
    ran = run_process("render", NEURON, "-f", "mermaid", "-o", "/dev/stdout")
    assert (ran.returncode, ran.stdout[:9]) == (0, "flowchart")
    assert run_cli("render", NEURON, "-f", "svg", "-o", "/dev/null").returncode == 0
    assert not os.path.exists("/dev/null.txt")  # noqa: PTH110


def test_a_failed_write_names_what_the_user_asked_for(tmp_path):
    target = str(tmp_path / "missing" / "x.dot")
    assert run_cli("render", NEURON, "-o", target).stderr == f"{target}: No such file or directory\n"


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_closed_streams_give_no_traceback(closed):
    command = f"{sys.executable} -m gradgraph render - -f text {closed}"
    ran = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert "Traceback" not in ran.stderr


def test_two_files_of_one_name_do_not_overwrite_each_other(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/neuron.json").write_text(dumps(example("neuron")), encoding="utf-8")
    ran = run_cli("render", NEURON, str(tmp_path / "a/neuron.json"), "-f", "dot", "-o", f"{tmp_path}/out/")
    assert ran.returncode == 2
    assert not (tmp_path / "out").exists()


def test_export_keeps_what_the_module_prints_out_of_the_document(tmp_path):
    (tmp_path / "mine.py").write_text(
        "import sys\nfrom gradgraph import Value\n"
        "def loud():\n    print('hello')\n    return Value(1.0)\n"
        "def leaves():\n    sys.exit(0)\n"
        "def ugly():\n    raise ValueError('a\\nb\\x1b[31m')\n"
    )
    ran = run_cli("export", "mine:loud", cwd=tmp_path)
    assert loads(ran.stdout)[0].data == 1.0
    assert ran.stderr == "hello\n"
    for name in ("leaves", "ugly"):
        ran = run_cli("export", f"mine:{name}", cwd=tmp_path)
        assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (1, "", 1)
        assert "\x1b" not in ran.stderr


def on_a_terminal(*arguments: str, columns: int = 80, **environment: str) -> str:
    """What `gradgraph ARGUMENTS` shows on a terminal."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    ours, theirs = pty.openpty()
    termios = pytest.importorskip("termios")
    termios.tcsetwinsize(theirs, (24, columns))
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM", "COLUMNS")}
    command = [sys.executable, "-m", "gradgraph", *arguments]
    with subprocess.Popen(command, stdout=theirs, env={**plain, "TERM": "xterm", **environment}) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # how a pseudo-terminal says that its other side is closed
                break
            if not part:
                break
            shown += part
    os.close(ours)
    assert process.returncode == 0
    return shown.decode().replace("\r\n", "\n")


def test_text_that_replaces_a_picture_fits_the_terminal(without_engine):
    shown = on_a_terminal("render", NEURON, "-f", "svg", "--precision", "2", columns=40, PYTHONIOENCODING="cp1252")
    drawing = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert drawing.isascii()
    assert max(map(len, drawing.splitlines())) <= 40
    assert " 0.71 " in drawing  # what the picture has in common with it


def test_colour_is_for_terminals_that_want_it(measured):
    plain = run_cli("render", NEURON, "-f", "text").stdout
    coloured = on_a_terminal("render", NEURON, "-f", "text")
    assert "\x1b[1;35m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert on_a_terminal("render", NEURON, "-f", "text", NO_COLOR="1") == plain
    assert on_a_terminal("render", NEURON, "-f", "text", TERM="dumb") == plain
    assert on_a_terminal("render", NEURON, "-f", "text", "--color", "never") == plain
    assert run_cli("render", NEURON, "-f", "text", "--color", "always").stdout == coloured


@pytest.mark.parametrize("encoding", ["cp437", "cp850", "cp1252", "latin-1", "koi8-r"])
def test_a_code_page_without_the_characters_gets_ascii(encoding):
    ran = run_process("render", NEURON, "-f", "text", env={**os.environ, "PYTHONIOENCODING": encoding})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.isascii()


def test_the_command_knows_every_character_of_a_drawing():
    assert set(TEXT_CHARACTERS) == set("".join(UNICODE))


def test_what_a_text_drawing_shows_can_be_chosen():
    tree = run_cli("render", NEURON, "-f", "text", "--style", "tree", "--depth", "1").stdout
    assert tree.splitlines()[1:3] == [
        "●      n9  0.7071   1    neuron  o = tanh(n)",
        "╰─●2◂  n8  0.8814   0.5  neuron  n = n6 + b",
    ]
    assert "⋮ 7 nodes (n2 to n8) left out" in run_cli("render", NEURON, "-f", "text", "--max-rows", "3").stdout
    assert "more than 1 would be needed" in run_cli("render", NEURON, "-f", "text", "--max-rails", "1").stdout
    focused = run_cli("render", NEURON, "-f", "text", "--focus", "n", "--radius", "0").stdout
    assert "n8: 1 of 10 nodes" in focused
    assert "n8 [shape=record" in run_cli("render", NEURON, "-f", "dot", "--focus", "n").stdout
