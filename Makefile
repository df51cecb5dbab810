# Every target makes .venv by itself. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
PORT_BASE ?= 8000
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test soak check screenshots bench clean services

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

demo: .venv/run ## start the four services, play the story, stay up (PORT_BASE=9000 moves the ports)
	@$(BIN)/laelia demo --var var/demo --port-base $(PORT_BASE)

demo-reset: .venv/run ## forget the demo's data
	@$(BIN)/laelia demo --var var/demo --reset

test: check ## everything: checks, then all tests on SQLite, PostgreSQL and in Chromium
	@$(BIN)/python tests/services.py --in-memory $(BIN)/python -m pytest -q -n $(or $(WORKERS),auto) --dist worksteal

soak: .venv/dev ## the campaigns at full size; figures go to docs/explanation/proof.md
	@LAELIA_SOAK=1 $(BIN)/python tests/services.py --in-memory $(BIN)/python -m pytest -q -m soak

check: .venv/dev ## format, lint, types, import contracts
	@$(BIN)/ruff format --check --quiet src tests benchmarks tools || { echo "run: .venv/bin/ruff format src tests benchmarks tools"; exit 1; }
	@$(BIN)/ruff check --quiet src tests benchmarks tools
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache >.venv/contracts.log 2>&1 || { cat .venv/contracts.log; exit 1; }
	@echo "check: format, lint, types and import contracts hold"

screenshots: .venv/dev ## every page of the registry, on a phone and a desk, into docs/pages
	@$(BIN)/python tests/services.py $(BIN)/python tools/screenshots.py

bench: .venv/dev ## each figure beside its limit, measured in the same run
	@$(BIN)/python tests/services.py $(BIN)/python -m benchmarks

clean: ## remove the environment and everything built (the demo's data stays in var/)
	rm -rf .venv build dist *.egg-info src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The environment: `run` carries what serving needs, `dev` what checking and testing need besides.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Laelia needs Python 3.11 or newer; name one: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. As root: apt-get install python3-venv"; exit 1; }
	@echo "making .venv"
	@$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python pyproject.toml constraints.txt
	@echo "installing the pinned dependencies (about a minute on a fresh machine)"
	@$(BIN)/python tools/install.py .
	@touch $@

.venv/dev: .venv/run
	@echo "installing what checks and tests need"
	@$(BIN)/python tools/install.py .[dev]
	@touch $@
