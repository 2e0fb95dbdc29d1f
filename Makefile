# make chat   set everything up, build the index from seeds/ and open the chat page
# make test   set everything up and run the tests
# make check  lint, format and type checks
# make lock   resolve the dependencies anew (for maintainers; needs uv)

VENV := .venv
BIN := $(VENV)/bin
# The first Python on the path that is new enough.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: setup chat test check lock clean

setup: $(VENV)/.setup

chat: setup
	$(BIN)/qa rebuild
	$(BIN)/qa chat

test: $(VENV)/.tools
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.tools
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

$(VENV)/.setup: pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; install it, or run make PYTHON=/path/to/python" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make a virtual environment; install its venv module (Debian: apt install python3-venv)" >&2; exit 1; }
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# Without dependencies, for the lock has them all but those that [tool.uv] leaves out.
$(VENV)/.tools: $(VENV)/.setup requirements-dev.lock
	$(INSTALL) --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra build --extra llm --extra dev pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header -c requirements-dev.lock --extra build --extra llm pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) var build *.egg-info
