# Commands of the project. The first two are those of the README.

GO       ?= go
CORPUS   ?= corpus
VERSION  ?= $(shell git describe --tags --always 2>/dev/null || echo dev)
LDFLAGS  := -s -w -X main.version=$(VERSION)

.PHONY: demo test build cross need lint unit e2e corpus bench crash soak daemon nights pictures fuzz clean

# Ends in the console, on this machine alone; xuncha demo --once ends with the tables.
demo: build
	bin/xuncha demo

test: need lint unit e2e

build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/xuncha ./cmd/xuncha

# The product has no cgo: one static binary for each machine in use.
cross:
	for arch in amd64 arm64 loong64; do \
	  CGO_ENABLED=0 GOOS=linux GOARCH=$$arch $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/xuncha-linux-$$arch ./cmd/xuncha || exit 1; \
	done

# What the tests need beyond Go, installed from Debian if missing.
need:
	scripts/need

lint:
	@test -z "$$(gofmt -l .)" || { echo 'gofmt would change:'; gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

# The race detector watches what has goroutines or locks. ALONE have neither, which
# architecture_test.go sees to: there it would only cost minutes.
ALONE := ./extract ./forms ./intake ./internal/gongwen ./internal/sheet ./rules
unit:
	$(GO) test -timeout 30m $(ALONE)
	$(GO) test -timeout 30m -race $(filter-out $(ALONE:./%=xuncha/%),$(shell $(GO) list ./...))

# The end-to-end tests run the built program; the race detector is not in it. Those of
# the console in a browser leave a picture of every screen in build/screens.
e2e:
	$(GO) test -timeout 30m -count=1 ./cmd/...

# Real pages, kept outside of the project: make corpus CORPUS=DIR
corpus:
	$(GO) run ./cmd/measure corpus $(CORPUS)

bench: build
	$(GO) run ./cmd/measure bench

# 200 rounds of kill -9.
crash: build
	$(GO) run ./cmd/measure crash --rounds 200

# 30 nights of the daemon, killed in each, and 30 in one process: messages, findings,
# memory, goroutines, files.
daemon: build
	$(GO) run ./cmd/measure daemon --nights 30 --kills 30

# 30 rounds in one process: memory, goroutines, files.
soak: build
	$(GO) run ./cmd/measure soak --rounds 30

# A hundred nights of the simulated city, against what is true of it, without
# and with a person's approval.
nights:
	$(GO) run ./cmd/measure nights

# The pictures of the console that the README shows, of ninety nights.
pictures: need
	$(GO) test -count=1 -timeout 30m -run '^TestConsoleInABrowser$$/^(log-in|a_finding_is_found_and_sent|the_office_works|pictures)$$' ./cmd/xuncha -pictures

fuzz:
	scripts/fuzz 60s

clean:
	rm -rf bin build
