# Two promises: `make lab` opens JupyterLab with the analyst beside the notebook, `make test` runs every
# test, from a fresh clone, with Python 3.11 or newer and nothing else of ours. `make ask` answers a question.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready
FRONT = labextension/node_modules/.ready
BUILT = autoanalyst_ext/labextension/static/style.js
SOURCES = $(shell find labextension/src labextension/style labextension/schema -type f)
Q ?= List top 10 houses by area
export Q

# The machine's Node where there is one, else the one in the environment.
JLPM = cd labextension && PATH="$$PATH:$(abspath $(BIN))" jlpm

.PHONY: lab ask test lint types front schema build soak docs bench bench-offline clean

# The front end is looked at by a make of its own: this one saw that there was none, before pip built it.
lab: $(READY)
	@$(MAKE) --no-print-directory $(BUILT)
	@mkdir -p workbench
	@cd workbench && exec $(abspath $(BIN))/autoanalyst lab $(LAB)

ask: $(READY)
	@$(BIN)/autoanalyst ask --notebook ask.ipynb $(if $(DATA),--data "$(DATA)") $(if $(MODEL),--model "$(MODEL)") -- "$$Q"

test: $(READY) lint types front
	@$(MAKE) --no-print-directory $(BUILT)
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(READY)
	$(BIN)/mypy

front: $(FRONT)
	$(JLPM) lint
	$(JLPM) test

schema: $(FRONT)
	$(BIN)/python -m autoanalyst_ext.schema schema
	$(JLPM) wire

# Build the front end anew where its sources have changed: reload the page to see it.
build: $(READY)
	@$(MAKE) --no-print-directory $(BUILT)

soak: $(READY)
	$(BIN)/pip install --quiet -e '.[test,soak]' -c constraints.txt
	tests/soak/install.sh
	$(BIN)/python -m pytest -m soak tests/soak tests/faults --timeout 600

# The settings page is made from the code; warnings are errors.
docs: $(READY)
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["docs"], sep="\n")' >$(VENV)/docs.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check -r $(VENV)/docs.txt -c constraints.txt
	$(BIN)/python -m docs.settings
	$(BIN)/python -m sphinx -W --keep-going -q docs docs/_build/html
	@echo "docs/_build/html/index.html"

bench: $(READY)
	for script in $(filter-out benchmarks/offline_%,$(wildcard benchmarks/*.py)); do $(BIN)/python "$$script" || exit 1; done

# The offline analyst's questions. DABENCH is the folder of that benchmark's development half, which is not ours;
# REPORT is where what was not right is written. All of it is measured, also where a goal is missed.
bench-offline: $(READY)
	@mkdir -p build
	@missed=0; measure() { $(BIN)/python -m benchmarks.offline_"$$@" || missed=1; echo; }; \
	measure answers "$(DABENCH)" "$(or $(REPORT),build/offline_answers.txt)"; \
	measure phrases build/offline_phrases.txt; \
	measure phrases build/offline_tasks.txt benchmarks/offline_tasks.jsonl; \
	measure generated; \
	measure fuzzed; \
	exit $$missed

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@echo "Making the environment in $(VENV) and building the front end (once, a few minutes) ..."
	@$(PYTHON) -m venv $(VENV)
	@PATH="$$PATH:$(abspath $(BIN))" $(BIN)/pip install --quiet --disable-pip-version-check -e '.[test]' -c constraints.txt
	@$(BIN)/jupyter-builder develop --overwrite . >$(VENV)/front.log 2>&1 || { cat $(VENV)/front.log; exit 1; }
	@touch $@ && touch $(BUILT) # in this order: what pip has just built is not built again

$(FRONT): $(READY) labextension/package.json labextension/yarn.lock
	@($(JLPM) install --immutable) >$(VENV)/front.log 2>&1 || { cat $(VENV)/front.log; exit 1; }
	@touch $@

$(BUILT): $(SOURCES) | $(FRONT)
	@echo "Building the front end ..."
	@($(JLPM) build:prod) >$(VENV)/front.log 2>&1 || { cat $(VENV)/front.log; exit 1; }
	@touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf autoanalyst_ext/labextension labextension/lib labextension/node_modules
