# `make` lists what can be done. Every target installs what it needs on a Debian machine by itself.

.DEFAULT_GOAL := help
.PHONY: help run cluster cluster-faults deb deb-test test board-test host-test sanitize bench bench-load fuzz lint reference module install uninstall soak mutants

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{ printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: ## a call centre at work on the board, in a private FreeSWITCH, or in the simulator where there is none
	@scripts/setup
	@scripts/demo

cluster: ## three private FreeSWITCH as one call centre, in the terminal; a number kills a box
	@scripts/setup servers
	@scripts/cluster

cluster-faults: ## kill and freeze them, and fail their server over, under load: ROUNDS (50) of each; what they cost at rest
	@scripts/setup servers
	@scripts/find-freeswitch >/dev/null || { echo "no FreeSWITCH found; set FREESWITCH_PREFIX to its directory" >&2; exit 1; }
	module=$$(scripts/build-module) && CALLCENTER_MODULE=$$module \
	  cargo test --test host cluster_faults -- --ignored --nocapture --test-threads=1

test: ## all tests that need no FreeSWITCH
	@scripts/setup servers
	@scripts/test

soak: ## simulated calls and clusters with every fault, for MINUTES (10) each
	@scripts/setup
	SOAK_MINUTES=$${MINUTES:-10} cargo test --test sim soak -- --ignored --nocapture
	SOAK_MINUTES=$${MINUTES:-10} cargo test --test cluster_engine soak -- --ignored --nocapture

mutants: ## break the engine, and the cluster, on purpose at each mark; the simulation must notice each time
	@scripts/setup
	@scripts/mutants

board-test: ## the board's pages in a real Chromium
	@scripts/setup board
	@scripts/board-tests

host-test: ## the tests in a real FreeSWITCH, beside the stock module
	@scripts/setup host
	@scripts/find-freeswitch >/dev/null || { echo "no FreeSWITCH found; set FREESWITCH_PREFIX to its directory" >&2; exit 1; }
	@scripts/host-tests $(HOST_TESTS)

sanitize: ## a smaller rush in a real FreeSWITCH under valgrind, CALLERS (40) and AGENTS (10): no memory error, no leak of ours
	@scripts/setup sanitize
	@scripts/find-freeswitch >/dev/null || { echo "no FreeSWITCH found; set FREESWITCH_PREFIX to its directory" >&2; exit 1; }
	module=$$(scripts/build-module) && CALLCENTER_MODULE=$$module cargo test --test host no_memory_error -- --ignored --nocapture

bench: ## benches of the engine, and in a real FreeSWITCH beside stock; BENCH_ROWS=reaction,at_rest picks rows of the latter
	@scripts/setup host
	cargo bench --bench engine --bench one_input
	@if scripts/find-freeswitch >/dev/null; then module=$$(scripts/build-module) && \
	  CALLCENTER_MODULE=$$module cargo bench --bench host; fi

bench-load: ## 20 and 50 new calls a second for BENCH_MINUTES (5) each, BENCH_SIDES (stock,ours)
	@scripts/setup host
	@scripts/find-freeswitch >/dev/null || { echo "no FreeSWITCH found; set FREESWITCH_PREFIX to its directory" >&2; exit 1; }
	module=$$(scripts/build-module) && CALLCENTER_MODULE=$$module cargo bench --bench host -- load

fuzz: ## search for inputs that break something, FUZZ_SECONDS (60) for each target
	@scripts/setup fuzz
	@scripts/fuzz

lint: ## formatting, clippy and documentation, each warning an error; the build without FreeSWITCH's headers
	@scripts/setup
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps
	@scripts/check-abi

reference: ## write the reference and the sample configuration anew, from the names in the code
	@scripts/setup
	cargo run --quiet -p callcenter-reference

module: ## build mod_callcenter.so against the installed FreeSWITCH
	@scripts/setup
	@scripts/build-module

deb: ## Debian packages in target/debian: the module for the FreeSWITCH found, the simulator, the board
	@scripts/setup deb
	@scripts/deb

deb-test: ## install, run and purge them in a bare Debian made by debootstrap (as root); DEB_SUITE (trixie)
	@scripts/setup deb
	@scripts/deb-test

install: ## install the module into FreeSWITCH, keeping stock's as mod_callcenter.so.stock
	@scripts/setup
	@scripts/install-module install

uninstall: ## put stock's module back
	@scripts/install-module uninstall
