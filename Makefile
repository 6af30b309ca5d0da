# `make demo` and `make test` work on a fresh machine with Python 3.11 and a package index: they set everything up.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: demo test lint check docs house faults fuzz service-openapi cost folding lean structure readback layout-faults labels \
	course engines wild mermaid service benchmark gallery clean

check: test lint

demo: .venv/.demo
	$(BIN)/python examples/neuron.py
	$(BIN)/gradgraph render examples/neuron.json --layout layered -o neuron.svg
	$(BIN)/gradgraph render examples/neuron.json -f text

test: .venv/.test
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal --cov --cov-report=term

lint: .venv/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(MAKE) docs

docs: .venv/.lint
	rm -rf docs/_build  # pictures are kept there by our version, and the code changes without it
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

house: .venv/.test
	$(BIN)/python -m tests.house

faults: .venv/.test
	$(BIN)/python -m tests.faults
	$(BIN)/python -m tests.integration.test_kill

fuzz: .venv/.test
	$(BIN)/pip install --quiet 'atheris>=3.0'
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal --hypothesis-profile=fuzz tests/properties
	$(BIN)/python -m tests.fuzz 200000
	$(BIN)/python -m tests.properties.test_dot_language 4000
	$(BIN)/python -m tests.fuzz_guided json 100000
	$(BIN)/python -m tests.fuzz_guided yaml 100000
	$(BIN)/python -m tests.fuzz_guided dot 100000
	$(BIN)/python -m tests.fuzz_guided text 1000000

service-openapi: .venv/.test
	SERVICE_EXAMPLES=1000 $(BIN)/python -m pytest tests/service/test_openapi.py

cost: .venv/.test
	$(BIN)/python -m tests.cost

folding: .venv/.test
	$(BIN)/python -m tests.properties.test_folded_views 50000

lean: .venv/.test
	$(BIN)/python -m pytest --hypothesis-profile=fuzz tests/properties/test_lean_pictures.py
	$(BIN)/python -m benchmarks.lean_start

structure: .venv/.test
	$(BIN)/python -m tests.structure_judge 10000

readback: .venv/.test
	$(BIN)/python -m tests.text_readback 10000

layout-faults: .venv/.test
	LAYOUT_GRAPHS=10000 $(BIN)/python -m pytest --numprocesses auto --dist worksteal tests/properties/test_layout_faults.py

labels: .venv/.test
	$(BIN)/python -m pytest -k labels_are_drawn --labels 2000 tests/integration/test_dot.py tests/integration/test_mermaid.py

course: .venv/.test
	$(BIN)/python -m tests.course_network 100

engines: .venv/.test
	PYTHONPATH=examples $(BIN)/python -m tests.integration.test_svg_engines

wild: .venv/.test
	$(BIN)/python -m tests.real_engines --missing | while read -r name pins; do \
		$(BIN)/pip install --quiet --no-deps --upgrade --target .venv/real-engines/$$name $$pins || exit 1; done
	$(BIN)/python -m tests.real_engines

service: .venv/.test
	$(BIN)/python -m tests.service.test_stopping 20

mermaid:
	npm install --silent --no-audit --no-fund --no-package-lock --prefix tests

benchmark: .venv/.test
	$(BIN)/pip install --quiet 'orjson>=3.10'
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/documents.py

gallery: .venv/.test
	$(BIN)/python -m benchmarks.gallery

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.demo: .venv/bin/python pyproject.toml
	$(BIN)/pip install --quiet --editable .
	touch $@

.venv/.test: .venv/bin/python pyproject.toml
	$(BIN)/pip install --quiet --editable '.[test]'
	touch $@

.venv/.lint: .venv/bin/python pyproject.toml
	$(BIN)/pip install --quiet --editable '.[test,docs,lint]'
	touch $@

clean:
	rm -rf .venv docs/_build build dist
