# `make demo` and `make test` need Python 3.11 or newer and the package registry, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: demo test check generate regenerate lock oracle clean help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

demo: $(VENV)/.run ## place callbacks over SOAP on a sandbox that runs for the demo
	@$(BIN)/buzzeasy demo

test: $(VENV)/.dev ## all tests that need nothing but Python
	@$(BIN)/python -m pytest -n 2 -q $(ARGS)

check: $(VENV)/.dev ## format, lint, types, import floors, generated code up to date
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .
	$(BIN)/mypy
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/python tools/regenerate.py --check
	$(BIN)/python tools/unasync.py --check

generate: $(VENV)/.dev ## write the generated code anew from wsdl/
	$(BIN)/python tools/regenerate.py
	$(BIN)/python tools/unasync.py

regenerate: $(VENV)/.dev ## fetch the contract: make regenerate FROM=https://…/Service.svc?wsdl
	$(BIN)/python tools/regenerate.py --from '$(FROM)' $(ARGS) || test $$? -lt 3

oracle: $(VENV)/.dev ## zeep as oracle, 2,000 examples for each operation
	BUZZEASY_EXAMPLES=2000 $(BIN)/python -m pytest -q -n 2 tests/wire/test_oracle.py

lock: $(VENV)/.dev ## pin every dependency with its hashes, naming no registry
	$(call compile,run,--extra async --extra cli --extra curl --extra events --extra sandbox)
	$(call compile,dev,--all-extras)

clean: ## remove what was built
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

define compile
	$(BIN)/pip-compile -q --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-header $(2) -o requirements/$(1).txt pyproject.toml
endef

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@$(PIP) install --no-deps -e .
	@touch $@ $(VENV)/.run
