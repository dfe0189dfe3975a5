# Every target does its own set-up: a virtual environment in .venv with the versions of requirements.lock.
# On a machine with Python >= 3.11 and make, `make train` and `make test` are all that is needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DISTRIBUTED := $(VENV)/.distributed
ARGS ?=
DATABASE ?=
ARTIFACTS ?= mlruns/artifacts

.DEFAULT_GOAL := help
.PHONY: help setup distributed train check server ui doctor sweep bench bench-sweep bench-search scoreboard scoreboard-run scoreboard-quick test test-slow test-reliability test-distributed postgresql test-browser browser lint audit format lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: $(READY) ## make the virtual environment

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "scratchlab needs Python 3.11 or newer, this is $$($(PYTHON) --version); type make PYTHON=python3.12"; exit 1; }
	@echo "setting up $(VENV) (about a minute, once)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	@$(BIN)/python -W ignore -m compileall -qq -j 0 $(VENV)/lib || true # pip would on one core, and pass over what does not compile too
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(READY)

distributed: $(DISTRIBUTED) ## install what hydra/launcher=ray and submitit_slurm need, and the driver of PostgreSQL

$(DISTRIBUTED): requirements-distributed.lock $(READY)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-distributed.lock
	@touch $(DISTRIBUTED)

train: $(READY) ## train 500 hidden units with Adam on MNIST; ARGS="..." passes overrides
	@status=0; $(BIN)/python train.py optimizer=adam model.hidden=500 $(ARGS) || status=$$?; \
	if [ $$status -eq 66 ]; then \
		echo; echo "MNIST is not to be had here: training the same network on the embedded digits instead"; echo; \
		status=0; $(BIN)/python train.py optimizer=adam model.hidden=500 $(ARGS) data=digits || status=$$?; \
	fi; exit $$status

check: $(READY) ## run the debugging checklist; ARGS="..." passes overrides
	@$(BIN)/python check.py $(ARGS)

sweep: $(READY) ## a small sweep over widths and learning rates; ARGS="..." passes overrides
	@$(BIN)/python train.py -m model.hidden=100,200,500 optimizer.lr=1e-2,5e-2 $(ARGS)

server: $(DISTRIBUTED) ## MLflow for a team, on PostgreSQL: DATABASE=postgresql+psycopg2://USER@HOST/NAME
	@test -n "$(DATABASE)" || { echo "name the database: make server DATABASE=postgresql+psycopg2://USER@HOST/NAME"; exit 2; }
	@MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false MLFLOW_DISABLE_TELEMETRY=true $(BIN)/mlflow server \
		--backend-store-uri "$(DATABASE)" --serve-artifacts --artifacts-destination "$(ARTIFACTS)" \
		--host 127.0.0.1 --port 5000 $(ARGS)

ui: $(READY) ## open the runs in MLflow's UI on http://127.0.0.1:5000
	@$(BIN)/python -m scratchlab.tracking.server $(ARGS)

doctor: $(READY) ## look for what kills and outages have left behind; ARGS=--mend mends it
	@$(BIN)/python -m scratchlab.tracking.doctor $(ARGS)

test: lint ## lint, types, tests
	@OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadfile -m "not slow and not distributed and not reliability" $(ARGS)

test-slow: $(READY) ## the tests that take minutes
	@OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -m slow $(ARGS)

test-reliability: $(READY) ## kill, stop and cut off everything, in full counts (takes three quarters of an hour)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -m reliability -rP tests/reliability $(ARGS)

test-browser: $(READY) browser ## look at the MLflow UI with chromium, which it installs
	@$(BIN)/pytest -m browser $(ARGS)

test-distributed: $(DISTRIBUTED) postgresql ## sweeps on Ray and submitit, a server on PostgreSQL, all on this machine
	@OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -m distributed $(ARGS)

postgresql: ## install PostgreSQL for the tests, from Debian's packages
	@ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq postgresql; }

browser: ## install chromium for the tests, from Debian's packages
	@command -v chromedriver > /dev/null || { apt-get update -qq && apt-get install -y -qq chromium chromium-driver; }

bench: $(READY) ## speed beside PyTorch, JAX and scikit-learn (a quarter of an hour; ARGS=--quick two minutes)
	@$(BIN)/python -m benchmarks.speed $(ARGS)
	@$(BIN)/python benchmarks/knn.py
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python benchmarks/augmentation.py
	@$(BIN)/python -m benchmarks.whole_run

bench-sweep: $(READY) ## what sweeps cost besides training, and what a second worker brings (ten minutes)
	@$(BIN)/python -m benchmarks.sweep

bench-search: $(READY) ## a grid of 48 runs against searches of 20 (a quarter of an hour); writes experiments/search/
	@$(BIN)/python benchmarks/search.py

scoreboard: $(READY) ## write experiments/README.md and its pictures from the runs in the store
	@$(BIN)/python scoreboard.py $(ARGS)

scoreboard-run: $(READY) ## run what the scoreboard misses (half a day); given again it goes on
	@$(BIN)/python scoreboard.py --run $(ARGS)

scoreboard-quick: $(READY) ## of that the rows that take less than a quarter of an hour together
	@$(BIN)/python scoreboard.py --run --quick $(ARGS)

lint: $(READY) ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

audit: $(READY) ## look the locked versions up in the list of known vulnerabilities
	@$(BIN)/pip install --quiet --disable-pip-version-check pip-audit
	@$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip --strict || \
		{ echo "not all locked versions are known to be without vulnerabilities: above is what was found, or could not be" \
		"looked up, which takes the network"; exit 1; }

format: $(READY) ## ruff's formatting and its safe fixes
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(READY) ## write both lock files anew from pyproject.toml
	@$(BIN)/pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-header --quiet --output-file requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra distributed --universal --python-version 3.11 --generate-hashes \
		--constraint requirements.lock $$(sed -n 's/^\([^ =]*\)==.*/--no-emit-package \1/p' requirements.lock) \
		--no-header --quiet --output-file requirements-distributed.lock

clean: ## remove the virtual environment and caches; data, outputs and mlruns stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find src tests -name __pycache__ -prune -exec rm -rf {} +
