# `make` alone lists what there is. The work is in scripts/, one idea a file.
.DEFAULT_GOAL := help
.PHONY: help run test check bench crash

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build AnsFlow and its web UI, and look around: the real server with sample pipelines
	@scripts/run.sh

test: ## everything that CI runs, with what it needs installed where that is allowed
	@scripts/test.sh

check: ## between two edits: format, lint, tidy, fast tests
	@scripts/check.sh

bench: ## measure beside other tools and write docs/benchmarks.md; BENCH_QUICK=1 for a first look
	@scripts/bench.sh

crash: ## 200 crashes of each kind at random moments; `make test` does a few
	@ANSFLOW_CRASHES=$${ANSFLOW_CRASHES:-200} scripts/tests.sh -p ansflow crash
