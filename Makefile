# `make run`: the localization bake-off on the embedded digits. `make test`: the tests.
# Both create the environment in .venv first, and renew it when requirements.lock changes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test test-slow lint clean

run: $(STAMP)
	$(BIN)/bakeoff run localization

test: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pytest --numprocesses auto --dist worksteal

# The launchers' packages are for these tests alone; without them, the tests that need them say so and are skipped.
test-slow: $(STAMP)
	$(BIN)/python -m pip install --quiet --requirement requirements-launchers.lock || true
	$(BIN)/pytest -m slow

lint: $(STAMP)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:
	rm -rf $(VENV) outputs

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "bakeoff needs Python 3.11 or later, $(PYTHON) is `$(PYTHON) --version`: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
