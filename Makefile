# Every target sets up what it needs: only Python 3.11+, make and a package registry are assumed.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
TARGET ?= mock
REPORT ?= build/report
VENV   := .venv
PY     := $(VENV)/bin/python
READY  := $(VENV)/ready

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# pip splits these at blanks, so that a path with one is written as an address.
EMPTY :=
export PIP_CONSTRAINT := file://$(subst $(EMPTY) $(EMPTY),%20,$(CURDIR))/constraints.txt
export PIP_BUILD_CONSTRAINT := $(PIP_CONSTRAINT)

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(READY) ## create .venv with the pinned dependencies

$(READY): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; name another one with make PYTHON=...")'
	@echo "Setting up $(VENV) with the versions in constraints.txt (about a minute, once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet -e '.[generator,mock,gate,dev]' -e './generated_client[cli]'
	@touch $@

# Against the mock, authentication is on and the caller is the mock's demo account; a service of your own takes AUTH=token or
# AUTH=aksk, and credentials from the environment.
ifeq ($(TARGET),mock)
AUTH ?= aksk
contract: export HUAWEICLOUD_SDK_AK := DEMOACCESSKEY
contract: export HUAWEICLOUD_SDK_SK := demo-secret-key
contract: export HUAWEICLOUD_SDK_SECURITY_TOKEN :=
contract: export HUAWEICLOUD_SDK_PROJECT_ID :=
endif
AUTH ?= none

.PHONY: contract
contract: check ## judge the mock, or TARGET=https://... (AUTH=token|aksk); writes build/report and opens it
	@$(PY) -m contract_tests --target $(TARGET) --auth $(AUTH) --report $(REPORT) $(ARGS); status=$$?; \
	if [ -t 1 ] && [ -z "$$CI" ] && { [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; }; then \
	    $(PY) -m webbrowser "file://$(abspath $(REPORT))/report.html" >/dev/null 2>&1 || true; \
	fi; \
	exit $$status

.PHONY: test
test: $(READY) ## run every test
	@$(PY) -m pytest -n auto $(ARGS)

.PHONY: generate
generate: $(READY) ## write generated_client/ from the contract
	@$(PY) -m generator generate

.PHONY: check
check: $(READY) ## tell whether generated_client/ is current
	@$(PY) -m generator check

.PHONY: lint
lint: $(READY) ## hold the contract against the page; style, types and import rules of the code
	@$(PY) -m generator lint
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/mypy -p generator -p mock_service -p contract_tests
	@$(VENV)/bin/mypy --strict -p coc_incidents
	@$(VENV)/bin/lint-imports

.PHONY: mock
mock: $(READY) ## start the mock service on port 8080
	@$(PY) -m mock_service $(ARGS)

.PHONY: score
score: $(READY) ## score the gate against every planted fault
	@$(PY) -m contract_tests score $(ARGS)

.PHONY: diff
diff: $(READY) ## rate what changed in the contract since BASE=<git-ref>
	@$(PY) -m generator diff $(or $(BASE),$(error say what to compare with: make diff BASE=<git-ref>))

.PHONY: review
review: $(READY) ## tell what changed since BASE=<git-ref> and whose code breaks, as one Markdown comment
	@$(PY) -m generator review $(or $(BASE),$(error say what to compare with: make review BASE=<git-ref>))

.PHONY: publish
publish: $(READY) ## write published/: the contract for other languages (ARGS=--verify builds and runs each)
	@$(PY) -m generator publish $(ARGS)

.PHONY: bench
bench: $(READY) ## measure client, mock and generator beside their peers
	@$(PY) -m benchmarks.client
	@$(PY) -m benchmarks.mock
	@$(PY) -m benchmarks.generate

.PHONY: campaign
campaign: $(READY) ## the long test runs (minutes to hours)
	@$(PY) -m pytest -m campaign $(ARGS)

.PHONY: clean
clean: ## remove .venv and everything that was built
	@rm -rf $(VENV) build dist published .*_cache .hypothesis .schemathesis .*.new-*
