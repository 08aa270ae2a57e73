# Two targets are all a newcomer needs: `make demo` and `make test`.
# Each makes the environment it needs in .venv from the pinned list in requirements/dev.txt.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo docs test test-unit test-matrix test-e2e check format lint types contracts duplicates fuzz simulate bench bench-sampling bench-scrub mutate-scrub parity lock clean

help:  ## show this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

.venv/.ready: pyproject.toml requirements/dev.txt
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed and was not found" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing the development environment into .venv …"
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep '^uv==' requirements/dev.txt)"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --requirement requirements/dev.txt --editable .
	@touch $@

demo: .venv/.ready  ## watch a real app fail, and what becomes of it
	@$(BIN)/otel-bridge demo

test: test-matrix test-e2e  ## all tests: on every Python found, then end to end

test-unit: .venv/.ready  ## the unit tests, on one Python, in seconds
	@$(BIN)/python -m pytest -q tests/unit tests/contracts

test-matrix: .venv/.ready  ## all but the end-to-end tests on every Python found, and with the lowest dependencies
	@$(BIN)/python tests/matrix.py

test-e2e: .venv/.ready  ## against real servers (Bugsink, OpenTelemetry Collector, Relay); what fails gets a second try
	@$(BIN)/python -m pytest -m e2e tests || { echo "once more, only what failed:"; $(BIN)/python -m pytest -m e2e --last-failed --last-failed-no-failures none tests; }

fuzz: .venv/.ready  ## property tests with many examples, and 200,000 mutated bodies
	@WIRE_EXAMPLES=300 $(BIN)/python -m pytest -q --timeout 900 tests/properties
	@OTEL_BRIDGE_TEST_EXAMPLES=3000 $(BIN)/python -m pytest -q --timeout 900 tests/properties/test_sample_*.py
	@$(BIN)/python -m tests.fuzz.wire

simulate: .venv/.ready  ## sampling: a million requests, a million open traces, 500 errors; about five minutes
	@$(BIN)/python -m tests.simulation

bench-sampling: .venv/.ready  ## what sampling costs, beside the Collector; writes docs/benchmarks.md
	@$(BIN)/python -m tests.benchmarks.sample_report

bench-scrub: .venv/.ready  ## secrets found, context kept, false alarms, beside Logfire and sentry-sdk; writes docs/benchmarks.md
	@$(BIN)/python -m tests.benchmarks.scrub_results

mutate-scrub: .venv/.ready  ## weaken each scrub rule in turn; some test must notice; writes docs/scrubbing.md
	@$(BIN)/python -m tests.mutation.scrub_rules

bench: .venv/.ready  ## compare with the stock SDK, Logfire and sentry-sdk; writes docs/benchmarks.md
	@$(BIN)/python -m tests.benchmarks

check: .venv/.ready format lint types contracts duplicates  ## format, lint, types, import contracts, repeated code

format:
	@$(BIN)/ruff format --check .

lint:
	@$(BIN)/ruff check .

types:
	@$(BIN)/mypy

contracts:
	@$(BIN)/lint-imports

duplicates:
	@$(BIN)/pylint --score=n otel_bridge

docs: .venv/.ready  ## generate the pages that are made from the code
	@$(BIN)/python -m otel_bridge.config.page > docs/configuration.md

parity: .venv/.ready  ## compare error events with those of sentry-sdk; writes docs/parity.md
	@$(BIN)/python -m tests.parity.compare --write

lock: .venv/.ready  ## choose the newest versions of everything and pin them
	@$(BIN)/uv pip compile --quiet --upgrade --no-emit-index-url --no-annotate --no-header --universal \
		--python-version 3.11 --group dev --extra demo --extra yaml pyproject.toml --output-file requirements/dev.txt

clean:  ## remove environments and caches
	@rm -rf .venv .venvs .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
