# derisk: two commands do everything on a machine with Python 3.11-3.13 and make.
#   make demo    runs the washington-2026 scenario and prints where its brief lies
#   make test    runs every test
# PY chooses the interpreter (make test PY=python3.13); INSTALLER=uv installs with uv where it is on the path.

PY        ?= $(shell for p in python3.12 python3.13 python3.11 python3; do if $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then echo $$p; break; fi; done)
INSTALLER ?= pip
VENV      ?= .venv
BIN        = $(VENV)/bin
OUT       ?= studies/washington-2026
DRAWS     ?= 50
export PYTHONDONTWRITEBYTECODE ?=
export OPENBLAS_NUM_THREADS = 1
export OMP_NUM_THREADS = 1

.PHONY: help demo test check bench setup dataset format clean lock

help:           ## this list
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 10

demo: setup     ## run the washington-2026 scenario; the last line is the brief's path
	@$(BIN)/derisk run washington-2026 --out $(OUT) --draws $(DRAWS)

test: $(VENV)/.compiled    ## run every test, on as many cores as there are up to four
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: setup    ## lint, types, import contracts, dataset rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/derisk data check

bench: setup    ## measure the market and its peers: a table, JSON in benchmarks/results, the growth curve
	$(BIN)/python benchmarks/every.py

setup: $(VENV)/.dataset    ## make the environment alone

# Two processes that find no compiled kernels both compile them: one small study does it once.
$(VENV)/.compiled: $(VENV)/.dataset $(shell find src/derisk/market -name '*.py' 2>/dev/null)
	@rm -rf $(VENV)/first-study
	@DERISK_DATA=$(VENV)/no-dataset $(BIN)/derisk run copper-outage --draws 1 --out $(VENV)/first-study >/dev/null
	@touch $@

$(VENV)/.dataset: $(VENV)/.installed $(shell find dataset src/derisk/data src/derisk/vocabulary -type f -not -path '*/embedded/*' -not -name '*.pyc' 2>/dev/null)
	@$(BIN)/python -m derisk.data.build
	@touch $@

$(VENV)/.installed: requirements.lock pyproject.toml hatch_build.py
	@test -n "$(PY)" || { echo "derisk needs Python 3.11, 3.12 or 3.13; none was found. Name one: make PY=/path/to/python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PY) -m venv $(VENV)
ifeq ($(INSTALLER),uv)
	uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps -e .
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
endif
	@touch $@

dataset: $(VENV)/.installed    ## rebuild the embedded dataset from dataset/
	$(BIN)/python -m derisk.data.build
	@touch $(VENV)/.dataset

format: setup   ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:           ## resolve requirements.lock again (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock

clean:          ## remove the environment, caches and studies
	rm -rf $(VENV) studies .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist src/derisk/data/embedded
