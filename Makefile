# `make demo` and `make test` need Python 3.11 or newer and the package registry, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# The tests wait for a socket or a timer half of the time, so four processes suit two cores.
SUITE = -n 4 --dist worksteal -q -m "not slow" --ignore=tests/interop
PIP = $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: demo test coverage check contract generate regenerate lock ledger-kills kills oracle bench profile clean help \
	test-wheel test-oldest test-package release

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

demo: $(VENV)/.run ## place callbacks over SOAP on a sandbox that runs for the demo
	@$(BIN)/buzzeasy demo

test: $(VENV)/.dev ## all tests that need nothing but Python
	@$(BIN)/python -m pytest $(SUITE) $(ARGS)

coverage: $(VENV)/.dev ## the same tests under branch coverage, subprocesses too; fails under 95%
	@rm -f .coverage .coverage.*
	@# To trace threads that start side by side can fail by itself: what failed runs once more.
	$(BIN)/coverage run -m pytest $(SUITE) $(ARGS) || $(BIN)/coverage run -m pytest $(SUITE) --lf $(ARGS)
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report

FOREIGN_STACKS = $(addprefix tests/interop/test_,foreign_clients.py foreign_servers.py other_authors.py strict_hub.py)

test-interop: $(VENV)/.interop ## tests with foreign SOAP stacks, Chromium and the original SignalR libraries; see interop-deps
	@# Apart: Playwright keeps an event loop running for all tests of its process.
	@$(BIN)/python -m pytest -q $(FOREIGN_STACKS) $(ARGS)
	@$(BIN)/python -m pytest -q tests/interop $(FOREIGN_STACKS:%=--ignore=%)

interop-deps: ## install what test-interop needs: root, apt, npm
	tools/interop/deps.sh

check: $(VENV)/.dev ## format, lint, types, import floors, generated code up to date
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .
	$(BIN)/mypy
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --no-progress -q .github/workflows
	$(BIN)/python tools/regenerate.py --check
	$(BIN)/python tools/unasync.py --check

generate: $(VENV)/.dev ## write the generated code anew from wsdl/
	$(BIN)/python tools/regenerate.py
	$(BIN)/python tools/unasync.py

regenerate: $(if $(FROM),$(VENV)/.dev) ## fetch the contract: make regenerate FROM=https://…/Service.svc?wsdl
	$(call needs,FROM,https://…/Service.svc?wsdl)
	$(BIN)/python tools/regenerate.py --from '$(FROM)' $(ARGS) || test $$? -lt 3

contract: $(VENV)/.dev ## the contract's tools at length: 2,000 examples a message, mypy on the adapter
	BUZZEASY_EXAMPLES=2000 $(BIN)/python -m pytest -q -n 2 -m "slow or not slow" --timeout 1200 \
		tests/description tests/tools $(ARGS)

ledger-kills: $(VENV)/.dev ## the ledger killed or stopped at each of its I/O points, two workers at each pair of them
	$(BIN)/python -m pytest -q -s -n 2 -m "slow or not slow" \
		tests/ledger/test_kill_points.py tests/ledger/test_site.py tests/ledger/test_dbos.py $(ARGS)

test-wheel: $(VENV)/.dev ## the tests against the installed wheel, the source away: make test-wheel PYTHON=python3.13
	@$(BIN)/python tools/installed.py --python $(PYTHON) --requirements requirements/dev.txt $(ARGS)

test-oldest: $(VENV)/.dev ## the same with the oldest dependencies that pyproject.toml allows
	@$(BIN)/python tools/installed.py --python $(PYTHON) --requirements requirements/oldest.txt $(ARGS)

test-package: $(VENV)/.release ## builds that are the same twice, each extra alone, a program frozen by PyInstaller
	$(BIN)/python -m pytest -q -m "slow or not slow" tests/packaging tests/test_extras.py tests/test_package.py $(ARGS)

oracle: $(VENV)/.dev ## zeep and lxml as oracles, 2,000 examples for each message
	BUZZEASY_EXAMPLES=2000 $(BIN)/python -m pytest -q -n 2 --timeout 1200 tests/wire/test_oracle.py tests/wire/test_forms.py

kills: $(VENV)/.dev ## kill -9 a sandbox 100 times under load: nothing acknowledged may be lost
	$(BIN)/python tools/kill_test.py --kills 100

faults: $(VENV)/.dev ## every fault for every operation, transport and protocol
	$(BIN)/python -m pytest -q -n 2 -m "slow or not slow" tests/faults

soak: $(VENV)/.dev ## 40,000 callbacks through faults and kills: none twice, none lost
	$(BIN)/python tools/soak.py

campaign: $(VENV)/.dev ## 100,000 rows through faults, 20 kills and 5 stops: none placed twice, none lost
	$(BIN)/python tools/campaign_test.py --rows 100000 --kills 20 --stops 5 $(ARGS)

fuzz: $(if $(MINUTES),$(VENV)/.dev) ## fuzz the decoders and the hub's frames: make fuzz MINUTES=10 (each)
	$(call needs,MINUTES,10)
	@$(PIP) install 'atheris>=3.0'
	nice -n 10 $(BIN)/python tools/fuzz/run.py --minutes $(MINUTES)

bench: $(VENV)/.dev ## this package beside other clients, on one server in one run; writes docs/performance.md
	@$(PIP) install --require-hashes -r requirements/bench.txt
	PYTHONPATH=tools $(BIN)/python -m bench.run --write docs/performance.md $(ARGS)

profile: $(VENV)/.dev ## our own small call, layer by layer
	@PYTHONPATH=tools $(BIN)/python -m bench.layers $(ARGS)

lock: $(VENV)/.dev ## pin every dependency with its hashes, naming no registry
	$(call compile,run,--extra async --extra cli --extra curl --extra events --extra excel --extra ledger --extra sandbox)
	$(call compile,dev,--extra dev --extra async --extra cli --extra curl --extra dbos --extra events --extra excel --extra ledger --extra postgres --extra sandbox)
	$(call compile,interop,--extra interop --extra dev --extra async --extra cli --extra curl --extra dbos --extra events --extra excel --extra ledger --extra postgres --extra sandbox)
	$(call compile,release,--extra release -c requirements/dev.txt)
	@mkdir -p build
	$(BIN)/python tools/floors.py > build/floors.txt
	$(call compile,oldest,--extra dev --extra async --extra cli --extra curl --extra dbos --extra events --extra excel --extra ledger --extra postgres --extra sandbox -c build/floors.txt)
	$(call compile,bench,--extra bench -c requirements/dev.txt)

release: $(if $(VERSION),$(VENV)/.release) ## all of a release but the upload: make release VERSION=1.2.3
	$(call needs,VERSION,1.2.3)
	@PYTHONPATH=tools $(BIN)/python tools/release.py '$(VERSION)'

clean: ## remove what was built
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*

# Before anything is installed, because a recipe is expanded as a whole.
needs = $(if $($(1)),,$(error $(1) is missing: make $@ $(1)=$(2)))

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

$(VENV)/.interop: requirements/interop.txt $(VENV)/.dev
	@$(PIP) install --require-hashes -r requirements/interop.txt
	@touch $@

$(VENV)/.release: requirements/release.txt $(VENV)/.dev
	@$(PIP) install --require-hashes -r requirements/release.txt
	@touch $@
