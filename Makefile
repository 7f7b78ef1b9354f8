# Every target makes its own venv from the locks. PYTHON=python3.12 chooses another Python, ARGS="…" goes to the command.
PYTHON ?= python3
ARGS ?=
WEEKS ?= 20
DESK_RUNS ?= 500
DESK_STEPS ?= 100
RACE_ROUNDS ?= 100
BIN := .venv/bin
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)
EXPORT := uv export --quiet --format requirements.txt --no-header --no-emit-project

.DEFAULT_GOAL := help
# Without compiled modules every process of the suite begins by compiling them all.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help demo test system check lock bench crash soak clean

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: .venv/.ok ## Play a week of a bulletin in the browser, Telegram simulated
	@$(BIN)/bulletin demo $(ARGS)

test: .venv/.ok ## Run the tests (at most three minutes on two cores)
	$(BIN)/pytest -n 3 $(ARGS)

system: .venv/.ok ## Run the tests that need Chromium, poppler, Postfix or Dovecot, or play whole weeks and kill processes
	$(BIN)/pytest -n 3 -m "system and not crash and not soak" -ra $(ARGS)

check: .venv/.ok ## Check style, types, import contracts and dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

lock: ## Choose the newest versions and write both locks (needs uv)
	@test -n "$(UV)" || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	uv lock --quiet --upgrade
	$(EXPORT) --no-dev --group build --output-file requirements.lock >/dev/null
	$(EXPORT) --only-group dev --output-file requirements-dev.lock >/dev/null

bench: .venv/.ok ## Measure the figures that the documents name
	$(BIN)/python -m tests.bench $(ARGS)

crash: .venv/.ok ## Kill the bot in mid-broadcast, again and again
	$(BIN)/pytest -m crash -s $(ARGS)

soak: .venv/.ok ## Play the demo week WEEKS times, the desk DESK_RUNS times, races RACE_ROUNDS times; flood the form
	for week in $$(seq $(WEEKS)); do $(BIN)/bulletin demo --once --out build/soak/$$week $(ARGS) || exit 1; done
	SUBSCRIBE_REQUESTS=100000 $(BIN)/pytest -m "" tests/store/test_opt_in.py
	DESK_RUNS=$(DESK_RUNS) DESK_STEPS=$(DESK_STEPS) RACE_ROUNDS=$(RACE_ROUNDS) $(BIN)/pytest -s -m "" --timeout 0 \
		tests/flows/test_desk_machine.py tests/flows/test_pair_races.py tests/flows/test_races.py tests/mutants

clean: ## Remove the venv and all that was made, but neither data/ nor config.env
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .grimp_cache .hypothesis
	find bot handlers store tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --no-build-isolation: what builds the package comes from the lock too.
.venv/.ok: requirements.lock requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is needed; name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
ifeq ($(UV),)
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "python3-venv is missing; install it with: sudo apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
else
	uv venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	uv pip install --quiet --compile-bytecode --python .venv --require-hashes -r requirements.lock -r requirements-dev.lock
	uv pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
endif
	@touch $@
