package main

import (
	"context"
	"errors"
	"sync"
)

// together runs all until ctx is done or one of them fails, then has the others stop,
// and returns once every one has: with every failure. One that ends well leaves the
// others alone.
func together(ctx context.Context, all ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failures := make([]error, len(all))
	var running sync.WaitGroup
	for i, run := range all {
		running.Go(func() {
			if failures[i] = run(ctx); failures[i] != nil {
				cancel()
			}
		})
	}
	running.Wait()
	return errors.Join(failures...)
}
