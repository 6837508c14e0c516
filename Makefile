# Each target does all that it needs, on a machine with Node >= 20.19: what is installed and built stays so until it changes.
# CMake and a C++ compiler are wanted for the native addon; without them everything but native code is built and tested.
.PHONY: build setup test lint test-native demo bench site clean

# What the benchmarks read. ../shared/data where it is, with larger sets in the same form.
DATA ?= $(firstword $(wildcard ../shared/data data/samples))

build: setup
	npm run --silent build
	@node scripts/install.js

setup: node_modules/.package-lock.json

# npm's record of what it installed.
node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

# vitest comes last: its closing line counts the tests. It packs the package and installs the tarball as well (tests/e2e).
test: build lint test-native tests/fixtures/mem0/node_modules/.package-lock.json
	npm test

# mem0, a project of its own, whose scripts would fetch binaries. Its tests are skipped without it.
tests/fixtures/mem0/node_modules/.package-lock.json: tests/fixtures/mem0/package-lock.json
	-cd tests/fixtures/mem0 && npm ci --ignore-scripts --no-audit --no-fund && touch node_modules/.package-lock.json

lint: build
	npm run --silent lint
	npm run --silent typecheck

test-native: setup
	@node scripts/test-native.js

# A real tool output to a third of its tokens; --verbose prints both counts.
demo: build
	node dist/cli/main.js compress data/samples/python-tests.txt --rate 0.33 --verbose

bench: build bench/peers/node_modules/.package-lock.json bench/peers/.venv/.installed
	npx tsc -b bench
	@DATA="$(DATA)" node scripts/bench.js
	@node scripts/bench-peers.js --json build/bench/results/engine-peers.json

# What brevis is measured against: never among its own dependencies.
bench/peers/node_modules/.package-lock.json: bench/peers/package.json bench/peers/package-lock.json
	cd bench/peers && npm ci --no-audit --no-fund
	@touch $@

# Peers in Python are measured where Python is; without it the benchmark names them as missing.
bench/peers/.venv/.installed: bench/peers/requirements.txt
	-python3 -m venv bench/peers/.venv && bench/peers/.venv/bin/pip install --quiet -r $< && touch $@

# The documentation as a static site, in build/site.
site: site/node_modules/.package-lock.json
	node site/build.js

site/node_modules/.package-lock.json: site/package.json site/package-lock.json
	cd site && npm ci --no-audit --no-fund
	@touch $@

clean:
	rm -rf build dist site/source
