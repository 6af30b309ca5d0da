"""Settings come from one table: flags before variables before defaults, and limits that can only be lowered."""

import subprocess
import sys

import click
import msgspec
import pytest

from gradgraph.cli.main import cli
from gradgraph.errors import GradgraphError, OptionError
from gradgraph.limits import Limits
from gradgraph.option_records import fields_of
from gradgraph.service.settings import Settings, host_and_port, limits_from, settings_from, variable


def test_every_setting_is_a_flag_a_variable_and_a_line_of_the_configuration():
    command = cli.commands["serve"]
    flags = {flag for one in command.get_params(click.Context(command)) for flag in one.opts}
    assert {field.flag for field in fields_of(Settings)} <= flags
    program = [sys.executable, "-m", "gradgraph", "serve", "--show-config", "--seconds", "3"]
    environment = {"GRADGRAPH_HOSTS": "a, b", "GRADGRAPH_MAX_NODES": "7", "GRADGRAPH_SECONDS": "4"}
    shown = subprocess.run(program, env=environment, capture_output=True, text=True, check=True).stdout
    lines = dict(line.split("=", 1) for line in shown.splitlines())
    assert lines.keys() == {variable(name) for name in (*Settings.__struct_fields__, *Limits._fields)}
    assert (lines["GRADGRAPH_HOSTS"], lines["GRADGRAPH_MAX_NODES"], lines["GRADGRAPH_SECONDS"]) == ("a,b", "7", "3.0")


def test_the_printed_configuration_is_the_configuration():
    made = settings_from({}, {"GRADGRAPH_ORIGINS": "https://a.example,https://b.example", "GRADGRAPH_WORKERS": "3"})
    printed = {
        variable(name): ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value in msgspec.structs.asdict(made).items()
    }
    assert settings_from({}, printed) == made


@pytest.mark.parametrize("field", fields_of(Settings), ids=lambda field: field.name)
def test_a_bad_value_is_told_by_the_name_that_was_used(field):
    if field.name in ("listen", "hosts", "origins"):
        return
    with pytest.raises(OptionError, match=variable(field.name)):
        settings_from({}, {variable(field.name): "many"})
    with pytest.raises(OptionError, match=variable(field.name)):
        settings_from({}, {variable(field.name): "-1"})


def test_no_setting_has_a_name_that_others_set():
    """Kubernetes sets NAME_PORT, NAME_SERVICE_HOST and others for each service, such as one called gradgraph."""
    names = {variable(name) for name in Settings.__struct_fields__}
    assert not [name for name in names if name.endswith("_PORT") or "_PORT_" in name or "_SERVICE_" in name]


@pytest.mark.parametrize("name", Limits._fields)
def test_limits_of_documents_are_lowered_and_never_raised(name):
    most = getattr(Limits.untrusted(), name)
    assert getattr(limits_from({variable(name): "1"}), name) == 1
    assert getattr(limits_from({variable(name): str(10 * most)}), name) == most
    assert limits_from({}) == Limits.untrusted()
    assert limits_from({"GRADGRAPH_UNTRUSTED": "0"}) == Limits.untrusted()
    with pytest.raises((GradgraphError, ValueError)):
        limits_from({variable(name): "0"})


@pytest.mark.parametrize("text", ["", "8000", "localhost", "localhost:", "localhost:http", "a:70000", "a:-1"])
def test_what_is_no_address_to_listen_at_is_refused(text):
    with pytest.raises(OptionError, match="HOST:PORT"):
        host_and_port(text)


def test_addresses_to_listen_at():
    assert host_and_port("127.0.0.1:0") == ("127.0.0.1", 0)
    assert host_and_port("[::]:443") == ("::", 443)
    assert host_and_port(":80") == ("0.0.0.0", 80)  # noqa: S104
    assert Settings().listen.startswith("127.0.0.1:")
