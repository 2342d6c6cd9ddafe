# Every command of the README. All of them run in one virtual environment in .venv, made when it is absent or out of date.
.DEFAULT_GOAL := help
.PHONY: help demo serve test check bench format clean

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

help: ## what there is to make
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Sluis needs Python 3.11 or newer: set PYTHON=…"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; echo "python3-venv is missing: apt-get install python3-venv"; exit 1; }
	@echo "Installing the locked requirements into .venv (once; about a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $(READY)

demo: $(READY) ## tell the stories of a synthetic region, end to end, in under a minute
	@$(BIN)/sluis demo

serve: $(READY) ## keep that region running, with the portal, on http://127.0.0.1:8080
	@$(BIN)/sluis demo --serve

test: $(READY) ## the whole test suite, with a real PostgreSQL
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

check: $(READY) ## format, lint, types, imports, docstrings, dead code, policy files
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/interrogate --quiet src
	$(BIN)/vulture src --min-confidence 80
	$(BIN)/sluis policy check

bench: $(READY) ## the ratios of docs/performance.md, in one run; writes build/bench.json
	$(BIN)/python tests/bench

format: $(READY) ## put the code in its form
	$(BIN)/ruff format src tests
	$(BIN)/ruff check --fix src tests

clean: ## remove the environment and everything that was made
	rm -rf .venv build var .pytest_cache .mypy_cache .ruff_cache .hypothesis
