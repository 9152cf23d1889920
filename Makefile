GO ?= go
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME ?= 60s
PLATFORMS := linux/amd64 linux/arm64 windows/amd64 windows/arm64 darwin/amd64 darwin/arm64
CC_FOUND := $(shell command -v gcc || command -v cc)

.DEFAULT_GOAL := help
.PHONY: help build test demo lint fuzz torture bench golden clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build ./pamsync, one static binary
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o pamsync .

test: ## run every test, and in short once more with -race where a C compiler is found
	$(GO) test -timeout 20m ./...
	$(if $(CC_FOUND),$(GO) test -race -short -timeout 20m ./...)

lint: ## gofmt, vet, staticcheck, and a build for every platform
	@bad=$$(gofmt -l .); if [ -n "$$bad" ]; then echo "gofmt: $$bad"; exit 1; fi
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	@for p in $(PLATFORMS); do \
		echo "build $$p"; \
		CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build -o /dev/null . || exit 1; \
	done

demo: build ## the whole way on sample files against a simulated vault, in ./demo
	./pamsync demo -o demo

bench: ## time and peak memory of reading, planning, applying, exporting and showing
	$(GO) test -run '^$$' -bench . -benchtime 3x ./sources ./pipeline/jobs ./sinks/page
	$(GO) test -run '^$$' -bench . -benchtime 1x -timeout 30m ./sources/sheet ./sinks/book
	$(GO) test -run '^$$' -bench . ./schemas ./schemas/scan ./pipeline

fuzz: ## every fuzz target for a minute
	@for t in $$(grep -rlE '^func Fuzz' --include='*_test.go' . | xargs -n1 dirname | sort -u); do \
		for f in $$(grep -hoE '^func Fuzz[A-Za-z0-9]+' $$t/*_test.go | sed 's/func //'); do \
			echo "$$t $$f"; $(GO) test $$t -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x || exit 1; \
		done; \
	done

torture: ## the long suites: random plans, disturbed applies, kills, failing disks, with figures
	PAMSYNC_TORTURE=1 $(GO) test ./pipeline -run TestNoPlanDoesHarm -v -timeout 6h
	PAMSYNC_TORTURE=1 $(GO) test ./pipeline -run TestAnApplySurvivesAnything -v -timeout 6h
	PAMSYNC_TORTURE=1 $(GO) test ./pipeline/jobs -run 'TestNoCallFollowsAFailingDisk|TestOfManyStartsOneRuns' -v -timeout 1h
	PAMSYNC_TORTURE=1 $(GO) test ./sinks -run TestACrashLeavesAJournalThatOpens -v -timeout 1h
	PAMSYNC_TORTURE=1 $(GO) test ./pipeline/jobs -run TestKilledApplies -v -timeout 6h
	PAMSYNC_TORTURE=1 $(GO) test ./pipeline/cli -run TestNoSecretIsAnywhere -v -timeout 1h

golden: ## write the expected outputs of the tests anew
	UPDATE=1 $(GO) test . -run TestE2E
	UPDATE=1 $(GO) test ./pipeline/jobs -run TestRealInputs
	$(GO) test ./sinks -update
	$(GO) test ./samples -run Workbook -update

clean: ## remove what the other targets made
	rm -rf pamsync demo
