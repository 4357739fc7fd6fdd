# Two commands to know: `make run` (the demo) and `make test`. `make help` lists the rest.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
SHELL := /bin/bash
# The plugin's public modules and what they rest on; Django's own classes have no types.
STRICT := $(addprefix openedx_plugin/smartpd/,api.py compat.py data.py errors.py facts.py instruments.py locks.py \
	permissions.py recommend.py consents.py _choosing.py _csv.py _diagnoses.py _estimating.py _from_log.py _keeping.py \
	_keys.py _profiles.py _reading.py _recording.py _under_way.py _writing.py checks.py)
.DEFAULT_GOAL := help
.PHONY: help install run test engines lint format types bench docs pictures messages package clean

help:  ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(INSTALLED)  ## make .venv with everything that running, testing and checking need

$(INSTALLED): setup.py requirements/dev.txt requirements/bootstrap.py
	@$(PYTHON) requirements/bootstrap.py $(VENV)
	@touch $@

run: install  ## serve the demo on http://127.0.0.1:8000 (PORT=… changes it)
	@exec env PORT=$(PORT) $(BIN)/python -m demo

test: install  ## run all tests that need no service
	@$(BIN)/python -m pytest -m "not package" --numprocesses auto --maxprocesses 4 --dist loadfile $(ARGS)

engines: install  ## test what needs a real Spark (Java 17) or ClickHouse's engine; installs both
	@$(BIN)/python -m pip install --quiet -e '.[spark,clickhouse]'
	@test -d build/clickhouse || $(BIN)/python -m pip install --quiet --no-deps --target build/clickhouse \
		-r requirements/engines_apart.txt
	@test -d build/peers || $(BIN)/python -m pip install --quiet --target build/peers -r requirements/bench_apart.txt
	@SMARTPD_REQUIRE_SPARK=1 SMARTPD_REQUIRE_CLICKHOUSE=1 $(BIN)/python -m pytest tests/analytics/clickhouse \
		tests/openedx_plugin/test_statements.py tests/analytics/store/test_store_spark.py \
		tests/analytics/features/test_feature_engines.py $(ARGS)

lint: install  ## style, types, borders between the layers, annotations of personal data
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy analytics/smartpd_analytics
	@$(BIN)/mypy --strict --follow-imports=silent $(STRICT)
	@$(BIN)/lint-imports
	@DJANGO_SETTINGS_MODULE=demo.settings $(BIN)/code_annotations django_find_annotations \
		--config_file .pii_annotations.yml --lint --report_path build/pii_report --app_name smartpd

format: install  ## put the code in its standard form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: install  ## measure the figures that the documentation claims (NAMES="…" measures some)
	@$(BIN)/python -m pip install --quiet -r requirements/bench.txt
	@test -d build/peers || $(BIN)/python -m pip install --quiet --target build/peers -r requirements/bench_apart.txt
	@test -d build/blocks || $(BIN)/python -m pip install --quiet --no-deps --target build/blocks \
		-r requirements/bench_blocks.txt
	@$(BIN)/python -m compileall -q analytics
	@$(BIN)/python -m benchmarks $(NAMES)

docs: install  ## check the documentation: every link, setting, event, command and rule field
	@$(BIN)/python -m pytest tests/docs

pictures: install  ## take the pictures of docs/pictures anew, from a demo of their own (NAMES="…" takes some)
	@$(BIN)/python -m pip install --quiet 'pillow>=11'
	@$(BIN)/python -m demo.pictures $(NAMES)

messages: install  ## collect the words for people and compile the catalogues
	@$(BIN)/python requirements/messages.py

package: install  ## build the wheel and install it beside the platform's pins
	@$(BIN)/python -m pytest -m package tests/package

clean:  ## remove what was built, the environment included
	rm -rf $(VENV) .tox build dist var *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
