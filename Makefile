# make demo   grade three submissions, then a class of twelve with gradebook and report
# make test   lint, types, the committed release, all tests, a quick audit
# make test-plain-user   test the sandbox again without root
# make audit  prove the graders with every known mistake, variant, mutant and cheat
# make bench  run the benchmarks, some of them against otter
# make reference  run the solutions in full, and compare their numbers with the record
# make fuzz   test the decoder of the channel with a million frames
# make image  build the grading image of an assignment (ASSIGNMENT=hw1, COMPUTE=cpu or cuda)
# make fix    format the code and rebuild the releases
# make clean  remove everything that these targets have made

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
DEMO := build/demo
# One more than the number of cores: many tests wait for a time limit.
TEST_PROCESSES = $(shell expr $$(nproc) + 1)

ASSIGNMENTS := $(notdir $(wildcard assignment/*))

.PHONY: help demo test test-plain-user lint audit bench reference fuzz image fix clean

help:
	@sed -n 's/^# make /make /p' Makefile

$(BIN)/python:
	$(PYTHON) -m venv .venv

.venv/.demo: $(BIN)/python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[assignments,notebooks,reports,similarity,files,tensorboard]'
	@touch $@

.venv/.test: .venv/.demo
	$(INSTALL) --editable '.[dev,cluster]'
	@touch $@

demo: .venv/.demo
	$(BIN)/autograder build
	$(BIN)/autograder build hw1 --solution --out $(DEMO)/complete
	$(BIN)/autograder build hw1 --out $(DEMO)/untouched
	$(BIN)/python -m autograder.audit.sample hw1 $(DEMO)/sample \
		linear-backward-bias-not-summed sgd-replaces-the-array
	$(BIN)/autograder grade hw1 $(DEMO)/complete $(DEMO)/untouched $(DEMO)/sample --out $(DEMO)/results
	$(BIN)/python benchmarks/demo_class.py $(DEMO)/class
	$(BIN)/autograder grade hw1 --from $(DEMO)/class --jobs 2 --out $(DEMO)/class-results
	$(BIN)/autograder gradebook hw1 $(DEMO)/class-results
	$(BIN)/autograder report $(DEMO)/class-results --no-pdf

lint: .venv/.test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile
	$(BIN)/autograder build --check

test: lint
	$(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES)
	@for id in $(ASSIGNMENTS); do $(BIN)/autograder audit $$id --quick || exit 1; done

# Repeat what depends on the user who grades without root, if this is root and other users can enter
# this folder: what user ids, rights, signals and limits guard. What stays within a worker or a judge,
# such as bans of imports, answers and protocols, has the same outcome for every user.
test-plain-user: .venv/.test
	@if [ "$$(id -u)" != 0 ]; then echo "not root: make test has done it"; \
	elif ! setpriv --reuid=61999 --regid=61999 --clear-groups $(BIN)/python -c ''; then \
	  echo "skipped: other users cannot run $(BIN)/python here"; \
	else HOME=/tmp HYPOTHESIS_STORAGE_DIRECTORY=/tmp/hypothesis-61999 setpriv --reuid=61999 --regid=61999 --clear-groups \
	  $(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES) -m repeated_without_root tests/sandbox tests/grading tests/hostile; fi

audit: .venv/.test
	@for id in $(ASSIGNMENTS); do $(BIN)/autograder audit $$id || exit 1; done

bench: .venv/.demo
	$(BIN)/python benchmarks/otter_comparison.py
	$(BIN)/python benchmarks/sandbox_costs.py
	$(BIN)/python benchmarks/audit_time.py
	$(BIN)/python benchmarks/class_report.py
	$(BIN)/python benchmarks/class_of_500.py
	$(BIN)/python benchmarks/whole_grading.py

reference: .venv/.demo
	$(BIN)/python benchmarks/reference_results.py hw1
	$(BIN)/python benchmarks/reference_results.py mnist-xor

.venv/.fuzz: .venv/.demo
	$(INSTALL) --editable '.[fuzz]'
	@touch $@

fuzz: .venv/.fuzz
	$(BIN)/python tests/fuzz/million_frames.py
	$(BIN)/python tests/fuzz/coverage_guided.py -max_total_time=600

# docs/docker.md lists further settings, such as IMAGE_OPTIONS="--build-arg DEPENDENCIES=".
DOCKER ?= docker
ASSIGNMENT ?= hw1
COMPUTE ?= cpu
IMAGE ?= autograder:$(ASSIGNMENT)
IMAGE_OPTIONS ?=

image:
	$(DOCKER) build --tag $(IMAGE) --build-arg ASSIGNMENT=$(ASSIGNMENT) \
	  --build-arg COMPUTE=$(COMPUTE) $(IMAGE_OPTIONS) .

fix: .venv/.test
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/autograder build

clean:
	rm -rf .venv build dist results
