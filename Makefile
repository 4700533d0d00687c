# `make run`: the localization bake-off on the embedded digits. `make test`: the tests.
# Both create the environment in .venv first, and renew it when requirements.lock changes. What is installed is what
# the lock files name, by its SHA-256: torch as its build for a CPU where pip finds that, or else with CUDA.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LOCKED := $(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement

.PHONY: run test test-slow lint clean

run: $(STAMP)
	$(BIN)/bakeoff run localization

test: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pytest --numprocesses auto --dist worksteal

# The launchers' packages are for these tests alone; without them, the tests that need them say so and are skipped.
test-slow: $(STAMP)
	$(LOCKED) requirements-launchers.lock || true
	$(BIN)/pytest -m slow --numprocesses auto --dist loadgroup

lint: $(STAMP)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:
	rm -rf $(VENV) outputs

$(STAMP): requirements.lock requirements-torch.lock requirements-cuda.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "bakeoff needs Python 3.11 or later, $(PYTHON) is `$(PYTHON) --version`: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(LOCKED) requirements.lock
	$(LOCKED) requirements-torch.lock || $(LOCKED) requirements-cuda.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
