# Two promises: `make ask` answers a question and `make test` runs every test, from a fresh clone,
# with Python 3.11 or newer and nothing else of ours.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready
Q ?= List top 10 houses by area
export Q

.PHONY: ask test lint types schema soak bench clean

ask: $(READY)
	@$(BIN)/autoanalyst ask --notebook ask.ipynb $(if $(DATA),--data "$(DATA)") $(if $(MODEL),--model "$(MODEL)") -- "$$Q"

test: $(READY) lint types
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(READY)
	$(BIN)/mypy

schema: $(READY)
	$(BIN)/python -m autoanalyst_ext.schema schema

soak: $(READY)
	$(BIN)/pip install --quiet -e '.[test,soak]' -c constraints.txt
	tests/soak/install.sh
	$(BIN)/python -m pytest -m soak tests/soak --timeout 600

bench: $(READY)
	for script in benchmarks/*.py; do $(BIN)/python "$$script" || exit 1; done

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@echo "Making the environment in $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test]' -c constraints.txt
	@touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
