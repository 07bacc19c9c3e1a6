package main

import "runtime/debug"

// What the collector is told. A round parses pages, which leaves much garbage
// and little in use: collected at twice what is in use, as is the rule, it would
// cost a tenth of the round's processor time more. The limit keeps a large round from
// taking the machine's memory instead.
const (
	collectAt   = 200       // percent of what is in use
	memoryLimit = 256 << 20 // from which on it is collected sooner
)

// collectLess tells the collector, unless the environment does.
func collectLess(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
