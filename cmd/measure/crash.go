package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"xuncha/configs"
	"xuncha/store"
)

// A crashRun kills the program at random moments.
type crashRun struct {
	program string
	rounds  int    // kills
	seed    uint64 // of the moments
}

// How long the program is left alive, at most: mostly short, and now and then
// long enough for a dead host's retries, so that rounds come to their end.
const (
	shortLife = 1500 * time.Millisecond
	longLife  = 6 * time.Second
)

// life picks the moment of the next kill.
func life(moments *rand.Rand, kills int) time.Duration {
	if kills%5 == 4 {
		return shortLife + time.Duration(moments.Int64N(int64(longLife-shortLife)))
	}
	return time.Duration(moments.Int64N(int64(shortLife)))
}

// crash starts a round again and again and kills it at a random moment. After
// each kill the file must open and hold every snapshot that a kept line
// acknowledged; the last start runs to its end, and its tables must be those of
// a round that nobody killed.
func crash(ctx context.Context, c crashRun, w io.Writer) error {
	dir, err := os.MkdirTemp("", "xuncha-crash-*")
	if err != nil {
		return err
	}
	city, err := fastCity(dir)
	if err != nil {
		return err
	}
	want, err := c.tables(ctx, city, filepath.Join(dir, "whole"))
	if err != nil {
		return err
	}
	moments := rand.New(rand.NewPCG(c.seed, 0))
	kills, ended, data := 0, 0, ""
	acknowledged := map[string]string{}
	for kills < c.rounds {
		if data == "" {
			data = filepath.Join(dir, fmt.Sprint("killed-", ended))
			clear(acknowledged)
		}
		killed, err := c.killed(ctx, city, data, life(moments, kills), acknowledged)
		if err != nil {
			return err
		}
		if err := allThere(data, acknowledged); err != nil {
			return fmt.Errorf("after kill %d: %w", kills+1, err)
		}
		if killed {
			kills++
		}
		if !killed || kills == c.rounds {
			got, err := c.tables(ctx, city, data)
			switch {
			case err != nil:
				return fmt.Errorf("after kill %d: %w", kills, err)
			case !maps.Equal(got, want):
				return fmt.Errorf("after kill %d the tables differ from those of a whole round", kills)
			}
			ended, data = ended+1, ""
		}
	}
	_, err = fmt.Fprintf(w, "%d kills in %d rounds: every acknowledged snapshot was there, every file opened, every round ended with the same tables\n", kills, ended)
	return errors.Join(err, os.RemoveAll(dir))
}

// fastCity is the demonstration's configuration without its delays.
func fastCity(dir string) (string, error) {
	own, err := fs.Sub(configs.FS, benchCity)
	if err != nil {
		return "", err
	}
	city := filepath.Join(dir, "city")
	if err := os.CopyFS(city, own); err != nil {
		return "", err
	}
	name := filepath.Join(city, "city.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	return city, os.WriteFile(name, []byte(strings.Replace(string(text), "delay: 50ms", "delay: 5ms", 1)), 0o600)
}

// command is a round of the fast city.
func (c crashRun) command(ctx context.Context, city, data string) *exec.Cmd {
	return exec.CommandContext(ctx, c.program, "crawl", "--config", city, "--data", data,
		"--simulate", benchPoint, "--simulate-latency", "4ms", "--verbose", "--lang", "en")
}

// killed starts a round, kills it after a while unless it has ended, and notes
// what it acknowledged.
func (c crashRun) killed(ctx context.Context, city, data string, life time.Duration, acknowledged map[string]string) (bool, error) {
	cmd := c.command(ctx, city, data)
	lines, err := cmd.StderrPipe()
	if err != nil {
		return false, err
	}
	if err := cmd.Start(); err != nil {
		return false, err
	}
	timer := time.AfterFunc(life, func() { _ = cmd.Process.Kill() }) // it may have ended by itself
	scan := bufio.NewScanner(lines)
	var last string
	for scan.Scan() {
		last = scan.Text()
		if f := strings.Fields(last); len(f) == 3 && f[0] == "kept" {
			acknowledged[f[2]] = f[1]
		}
	}
	timer.Stop()
	err = cmd.Wait()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && !exit.Exited() {
		return true, ctx.Err()
	}
	if err != nil {
		return false, fmt.Errorf("crawl: %w: %s", err, last)
	}
	return false, nil
}

// allThere opens the store and looks every acknowledged snapshot up.
func allThere(data string, acknowledged map[string]string) (err error) {
	st, err := store.Open(filepath.Join(data, "xuncha.db"), store.Options{ReadOnly: true})
	if errors.Is(err, store.ErrNoStore) && len(acknowledged) == 0 {
		return nil // killed before there was a file
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	have := map[string]bool{}
	subjects, err := st.Subjects()
	if err != nil {
		return err
	}
	for _, subject := range subjects {
		for sum, err := range st.History(subject, time.Time{}) {
			if err != nil {
				return err
			}
			have[sum.Digest] = true
		}
	}
	for digest, subject := range acknowledged {
		if !have[digest] {
			return fmt.Errorf("snapshot %s of %s was acknowledged and is gone", digest, subject)
		}
	}
	return nil
}

// tables runs a round to its end and returns the attachments made from it.
func (c crashRun) tables(ctx context.Context, city, data string) (map[string]string, error) {
	if out, err := c.command(ctx, city, data).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("crawl: %w\n%s", err, out)
	}
	out := data + "-report"
	cmd := exec.CommandContext(ctx, c.program, "report", "--config", city, "--data", data, "--period", "2023Q3", "--out", out)
	if text, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("report: %w\n%s", err, text)
	}
	found := map[string]string{}
	for _, name := range []string{"attachment-1.csv", "attachment-2.csv", "attachment-3.csv"} {
		text, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			return nil, err
		}
		found[name] = string(text)
	}
	return found, nil
}
