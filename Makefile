# evtwin: the commands a person needs. `make` alone says them.
SHELL := /bin/bash
SWIFT_FLAGS := -c release -Xswiftc -enable-testing
EVTWIN := .build/release/evtwin
RELEASE := .build-release/release/evtwin
# Swift's runtime inside; libraries of the archive are found beside the program (packaging/package.sh).
RELEASE_FLAGS := -c release --static-swift-stdlib --scratch-path .build-release \
	-Xlinker -rpath -Xlinker '$$ORIGIN/../lib/evtwin' -Xlinker --disable-new-dtags

.PHONY: help demo build release test soak lint bench package test-package install-packages clean

help:
	@echo "make demo         install what is missing, build, run a week of metropolitan Seattle, say where the report is"
	@echo "make build        build the release program: $(EVTWIN)"
	@echo "make release      build the same for speed alone: $(RELEASE) (load tests, measurements)"
	@echo "make test         build and run every test, with h5py, xarray and the OCPP peers in Python"
	@echo "make soak         the tests that count rounds, with many more of them (about an hour)"
	@echo "make lint         check the format of the sources and the generated tables"
	@echo "make package      make a .deb, a .tar.gz and a Containerfile in dist/"
	@echo "make test-package install the package in a fresh Debian root and use it (as root)"
	@echo "make bench        measure beside the reference programs (see Benchmarks/README.md)"

demo: install-packages .swift-ok
	@Scripts/build-time.sh .build $(EVTWIN)
	$(MAKE) --no-print-directory build
	$(EVTWIN) run worlds/seattle.yaml --days 7 --out out/seattle --force
	@echo
	@echo "Open the report in a browser: $(CURDIR)/out/seattle/report.html"

build: install-packages .swift-ok
	swift build $(SWIFT_FLAGS) --product evtwin

# Without what the tests need to look inside, which costs the server a tenth of its speed.
release: install-packages .swift-ok
	swift build $(RELEASE_FLAGS) --product evtwin

test: .swift-ok
	@Scripts/install-packages.sh build test
	Scripts/test.sh $(EVTWIN)

soak: .swift-ok
	@Scripts/install-packages.sh build test
	EVTWIN_SOAK=20 EVTWIN_KILL_ROUNDS=300 EVTWIN_WORLDS=50 Scripts/test.sh $(EVTWIN)

lint: .swift-ok
	@Scripts/install-packages.sh test
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources
	python3 Scripts/generate_tables.py --check
	Scripts/python-test-env.sh
	.venv/bin/python Scripts/generate_math_tables.py --check
	.venv/bin/python Scripts/generate_ocpp.py --check
	.venv/bin/python Scripts/generate_ocpp_corpus.py --check
	python3 Scripts/generate_coverage.py --check
	Scripts/check-citation.sh

package: .swift-ok
	@Scripts/install-packages.sh build package
	@Scripts/build-time.sh .build-release $(RELEASE)
	$(MAKE) --no-print-directory release
	packaging/package.sh $(RELEASE)

test-package:
	@Scripts/install-packages.sh package
	Scripts/test-package.sh dist

bench: build
	Benchmarks/run.sh kernel
	Benchmarks/twin.sh all

install-packages:
	@Scripts/install-packages.sh build

clean:
	rm -rf .build .build-release dist out .venv

.PHONY: .swift-ok
.swift-ok:
	@Scripts/check-swift.sh
