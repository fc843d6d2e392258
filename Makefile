# Each target installs what it needs (Debian packages, Python tools in ~/.cache/surfaces) and says so.

.PHONY: test simulate demo demo-matrix screenshot release bench format check clean

# Everything: format, build, Swift tests, and the built program against real servers.
test:
	@scripts/test

# The playground: simulated messengers, a sample agent and the host, on a web page.
demo:
	@scripts/demo

# A real Matrix server, a sample agent and the host on loopback, with a short conversation; then yours to join.
demo-matrix:
	@scripts/demo-synapse

# The picture of the playground in the README.
screenshot:
	@scripts/screenshot

# One stripped binary with the Swift runtime linked in.
release:
	@scripts/install
	swift build -c release --product surfaces --static-swift-stdlib
	@mkdir -p build
	strip -o build/surfaces .build/release/surfaces
	@ls -l build/surfaces

# Start, memory, latency and CPU of the release binary; with BASE=path as ratios to an earlier build.
bench: release
	@BENCH_BASE=$(BASE) Tests/bench/run

# The core in virtual time from seeds; SEEDS=20000 FIRST=1.
SEEDS ?= 1000
FIRST ?= 1
simulate:
	@scripts/install
	@scripts/simulate $(SEEDS) $(FIRST)

format:
	@scripts/check format

# What a change must pass before the system tests.
check:
	@scripts/install
	@scripts/check

clean:
	rm -rf .build build
