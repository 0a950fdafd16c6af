# SPDX-License-Identifier: Apache-2.0
#: make run     build, and judge an evening in Karachi
#: make build   leaves build/entente
#: make check   the quick tests, for while you work
#: make test    all tests, both compilers, sanitizers, fuzzing: what CI runs
#: make fuzz    only the fuzz targets, FUZZ_SECONDS=30 each
#: make bench   what it costs, as ratios; writes build/bench.json
#: make clean   removes what was built
#: Each sets up what it needs (Debian 12; as root, or by sudo without a password).

.NOTPARALLEL:
.PHONY: help build run check test fuzz bench clean

help:
	@sed -n 's/^#: //p' Makefile

build:
	@tools/setup build
	@tools/configure build
	@tools/ninja build entente

run: build
	@tools/evening

check:
	@tools/check

test:
	@tools/test

fuzz:
	@tools/fuzz

bench: build
	@tools/setup test
	@tools/bench

clean:
	rm -rf build build-*
