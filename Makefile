# evtwin: the commands a person needs. `make` alone says them.
SHELL := /bin/bash
SWIFT_FLAGS := -c release -Xswiftc -enable-testing
EVTWIN := .build/release/evtwin
RELEASE := .build-release/release/evtwin

.PHONY: help demo build release test lint bench install-packages clean

help:
	@echo "make demo    install what is missing, build, run a week of metropolitan Seattle, say where the report is"
	@echo "make build   build the release program: $(EVTWIN)"
	@echo "make release build the same for speed alone: $(RELEASE) (load tests, measurements)"
	@echo "make test    build and run every test"
	@echo "make lint    check the format of the sources and the generated tables"
	@echo "make bench   measure beside the reference programs (see Benchmarks/README.md)"

demo: install-packages build
	$(EVTWIN) run worlds/seattle.yaml --days 7 --out out/seattle --force
	@echo
	@echo "Open the report in a browser: $(CURDIR)/out/seattle/report.html"

build: .swift-ok
	swift build $(SWIFT_FLAGS) --product evtwin

# Without what the tests need to look inside, which costs the server a tenth of its speed.
release: .swift-ok
	swift build -c release --product evtwin --scratch-path .build-release

test: install-packages .swift-ok
	swift build $(SWIFT_FLAGS) --build-tests
	swift test $(SWIFT_FLAGS) --skip-build
	Scripts/test-program.sh $(EVTWIN)
	Scripts/test-messages.sh $(EVTWIN)

lint: .swift-ok
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources
	python3 Scripts/generate_tables.py --check
	Scripts/python-test-env.sh
	.venv/bin/python Scripts/generate_math_tables.py --check
	.venv/bin/python Scripts/generate_ocpp.py --check
	.venv/bin/python Scripts/generate_ocpp_corpus.py --check
	python3 Scripts/generate_coverage.py --check

bench: build
	Benchmarks/run.sh kernel
	Benchmarks/twin.sh all

install-packages:
	@Scripts/install-packages.sh

clean:
	rm -rf .build out .venv

.PHONY: .swift-ok
.swift-ok:
	@Scripts/check-swift.sh
