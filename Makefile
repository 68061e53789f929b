# Everything runs through one script that needs Python 3.11 or newer; PYTHON says which, ARGS goes to pytest.
PYTHON ?= python3
export ARGS

.PHONY: setup demo test test-fast test-night bench lint

setup demo test test-fast test-night bench lint:
	@exec $(PYTHON) -m tools.run $@
