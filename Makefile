# `make help` lists the commands. `make run` and `make test` need Go and nothing
# else; `make race` also a C compiler, `make lint` a connection the first time.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.SHELLFLAGS := -ec

# All modules that go.work ties together.
PACKAGES = $$(go list -m -f '{{.Path}}/...')
MODULES  = $$(go list -m -f '{{.Dir}}')
LINT     = .tools/golangci-lint

# The examples that tell their story on the simulator and end.
BOTS = firstcall joinmeeting p2pcall groupcall guestjoin onlinemeeting ivr recorder policyrecording incident reminder

# A folder of documented exchanges for make conformance; the project's own when empty.
EXAMPLES ?=

FUZZTIME ?= 60s
FLOODTIME ?= 60s
LOADTIME ?= 60s
SEEDS ?= 5

.PHONY: help
help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf '  make %-20s %s\n' "$$name" "$$what"; done

.PHONY: run
run: ## join a meeting on the simulator and tell what happens
	go run ./examples/joinmeeting

.PHONY: test
test: ## run all tests of all modules
	go test $(PACKAGES)

.PHONY: race
race: ## run all tests under the race detector, in shuffled order
	go test -race -shuffle=on $(PACKAGES)

.PHONY: check
check: format vet cross tidy lint race fuzz-short api licences tools-check conformance conformance-graphsdk bench-check scenarios smoke-callsim examples ## what CI runs: all that must hold before a merge

.PHONY: format
format: ## fail where gofmt would change something
	@files=$$(gofmt -l -s .); test -z "$$files" || { echo "not formatted; run gofmt -s -w:"; echo "$$files"; exit 1; }

.PHONY: vet
vet: ## run go vet
	go vet $(PACKAGES)

.PHONY: cross
cross: ## build for systems other than this one
	@for system in windows darwin; do echo "go build ($$system)"; GOOS=$$system go build ./...; done

.PHONY: tidy
tidy: ## fail where go mod tidy would change something
	@for dir in $(MODULES); do echo "go mod tidy -diff ($$dir)"; (cd "$$dir" && GOWORK=off go mod tidy -diff); done

.PHONY: lint
lint: $(LINT) ## run the linters of .golangci.yml
	@lint="$$PWD/$(LINT)"; for dir in $(MODULES); do (cd "$$dir" && "$$lint" run ./...); done; cd tools && GOWORK=off "$$lint" run ./...

# The linter's version is pinned in tools/go.mod.
$(LINT): tools/go.mod tools/go.sum
	@echo "building golangci-lint, which takes a few minutes, once"
	@cd tools && GOWORK=off go build -o ../$(LINT) github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $(LINT)

.PHONY: api
api: ## compare the API with the last release; fail where it breaks users untold
	cd tools && GOWORK=off go run ./maintain api

.PHONY: licences
licences: ## fail on a dependency whose licence is unknown, or not allowed
	cd tools && GOWORK=off go run ./maintain licences

.PHONY: sbom
sbom: ## write what each release is made of into bin, in CycloneDX
	cd tools && GOWORK=off go run ./maintain sbom ../bin

.PHONY: tools-check
tools-check: ## check the tools: that what guards releases can fail
	cd tools && export GOWORK=off && go mod tidy -diff && go vet ./... && go test ./...

.PHONY: fuzz
fuzz: ## fuzz each target for a minute, or for FUZZTIME
	@grep -rHo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | sed 's|/[^/]*:func |:|' | sort -u | while IFS=: read -r dir target; do \
		echo "$$dir $$target"; \
		(cd "$$dir" && go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x .) || exit 1; \
	done

.PHONY: fuzz-short
fuzz-short:
	@$(MAKE) --no-print-directory fuzz FUZZTIME=5000x

.PHONY: flood
flood: ## attack a bot on the simulator for a minute, or for FLOODTIME, and show what it costs
	go run ./examples/internal/flood -for $(FLOODTIME)

.PHONY: chaos
chaos: ## kill the bot, lose and double what it is sent, and look whether the client is right; SEEDS=5
	go run ./conformance/chaos -seeds $(SEEDS)

.PHONY: chaos-replay
chaos-replay: ## shorter storms, a hundred or SEEDS of them; what the client heard in each is played again and compared
	go run ./conformance/chaos -replay -seeds $(if $(filter file,$(origin SEEDS)),100,$(SEEDS)) -calls 40 -duration 5s

.PHONY: demo-cluster
demo-cluster: ## three instances of a bot on NATS; one is killed in the middle of its calls
	go run ./examples/cluster

.PHONY: chaos-cluster
chaos-cluster: ## kill, freeze and cut off instances of a fleet for a minute, deploy new ones, and count what was lost
	go run ./cluster/chaos

.PHONY: scale-cluster
scale-cluster: ## work out where a fleet of a million calls first breaks; SCALE=-measure measures this machine
	go run ./cluster/scale $(SCALE)

.PHONY: sim
sim: ## start callsim: the simulator as a program, with a page to look at
	go run ./cmd/callsim

.PHONY: inspect
inspect: ## a bot on the simulator with a dozen calls moving, and the page that shows them
	go run ./examples/inspect

.PHONY: scenarios
scenarios: ## play the scenarios with the examples, each a program of its own
	go build -o .tools/bots/ ./cmd/callsim ./examples/... ./scenarios/...
	PATH="$$PWD/.tools/bots:$$PATH" callsim run scenarios/*.callsim

.PHONY: smoke-callsim
smoke-callsim: ## start callsim and a bot as programs, and hold a call by curl
	cmd/callsim/smoke.sh

.PHONY: test-browser
test-browser: ## drive the pages in headless Chromium; screenshots are in bin/screenshots
	@{ command -v chromium && command -v chromedriver; } >/dev/null || { apt-get update -q && apt-get install -qy --no-install-recommends chromium chromium-driver fonts-dejavu-core; }
	go vet -tags browser ./cmd/callsim ./inspector
	go test -tags browser -count=1 -run '^TestBrowser' ./cmd/callsim ./inspector

.PHONY: crowd
crowd: ## follow a meeting of ten thousand people, and show what it costs
	go run ./conformance/crowd

.PHONY: bench
bench: ## do the same work through this SDK and its peers, side by side; compiles for minutes once
	cd bench && GOWORK=off go run .

.PHONY: bench-long
bench-long: ## the same with more rounds, each printed as benchstat reads it
	cd bench && GOWORK=off go run . -long

.PHONY: bench-load
bench-load: ## put a webhook of 5,000 live calls under load for a minute, or for LOADTIME
	cd bench && GOWORK=off go run . -load -for $(LOADTIME)

.PHONY: bench-inspector
bench-inspector: ## measure the CPU time a bot of 5,000 calls uses with the inspector and without
	go run ./inspector/cost

.PHONY: bench-check
bench-check: ## check the benchmarks: that what they compare does what it should
	cd bench && export GOWORK=off && go mod tidy -diff && go vet ./... && go test ./...

.PHONY: conformance
conformance: ## play documented exchanges on the simulator and through a client; EXAMPLES=folder
	go run ./conformance $(if $(EXAMPLES),-examples "$(EXAMPLES)")

.PHONY: conformance-graphsdk
conformance-graphsdk: ## have Microsoft's own Go client try every operation of the simulator; compiles for minutes once
	cd conformance/graphsdk && export GOWORK=off && go mod tidy -diff && go vet ./... && go run .

.PHONY: examples
examples: ## run every example on the simulator
	@for name in $(BOTS); do echo "go run ./examples/$$name"; go run "./examples/$$name"; done
	go run ./examples/joinmeeting -coordinates
	go run ./examples/inspect -address 127.0.0.1:0 -for 3s
