package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
)

// A plot is one page of the farm as a reader is told of it.
type plot struct {
	URL  string `json:"url"`
	Item string `json:"item"`
	Date string `json:"date"`
	Want string `json:"want"` // digest of what a right reading says
}

// The two farms: one whose servers know entity tags, one whose servers do not.
const (
	tagged   = "tagged"
	untagged = "untagged"
)

// serveFarm serves the farm from loopback, each host from an address of its
// own, until its input ends; first it tells what it serves. With tags it answers
// 304 where that is true.
func serveFarm(tags bool, in io.Reader, out io.Writer) error {
	pages, err := newFarm()
	if err != nil {
		return err
	}
	servers := make([]*http.Server, farmHosts)
	plots := make([]plot, len(pages))
	failed := make(chan error, farmHosts)
	for host := range farmHosts {
		own := pages[host*farmLists : (host+1)*farmLists]
		listener, err := net.Listen("tcp", fmt.Sprintf("127.9.0.%d:0", host+1))
		if err != nil {
			return err
		}
		handler, err := farmHandler(own, tags)
		if err != nil {
			return err
		}
		servers[host] = &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
		go func() { failed <- servers[host].Serve(listener) }()
		for i, p := range own {
			plots[host*farmLists+i] = plot{URL: fmt.Sprintf("http://%s/list-%d/", listener.Addr(), p.list), Item: p.layout.Item, Date: p.layout.Date, Want: p.want}
		}
	}
	if err := json.NewEncoder(out).Encode(plots); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, in)
	for _, s := range servers {
		err = errors.Join(err, s.Close())
	}
	for range servers {
		if e := <-failed; !errors.Is(e, http.ErrServerClosed) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// farmHandler answers for one host with pages gzipped beforehand.
func farmHandler(pages []farmPage, tags bool) (http.Handler, error) {
	mux := http.NewServeMux()
	for _, p := range pages {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		if _, err := z.Write(p.body); err != nil {
			return nil, err
		}
		if err := z.Close(); err != nil {
			return nil, err
		}
		tag := fmt.Sprintf(`"%d-%d"`, p.host, p.list)
		mux.HandleFunc(fmt.Sprintf("/list-%d/", p.list), func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Content-Type", p.contentType)
			if tags {
				h.Set("ETag", tag)
				if r.Header.Get("If-None-Match") == tag {
					w.WriteHeader(http.StatusNotModified)
					return
				}
			}
			h.Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed.Bytes()) // whoever asked may have gone
		})
	}
	return mux, nil
}

// startFarm serves the farm from a process of its own until stop is called, and
// writes what it serves into a file for the programs that are compared.
func startFarm(ctx context.Context, kind, manifest string) (stop func() error, err error) {
	cmd, err := again(ctx, "farm", kind)
	if err != nil {
		return nil, err
	}
	var complaint strings.Builder
	cmd.Stderr = &complaint
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop = func() error {
		if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
			return fmt.Errorf("farm: %w: %s", err, complaint.String())
		}
		return nil
	}
	var plots json.RawMessage
	if err := json.NewDecoder(out).Decode(&plots); err != nil {
		return nil, errors.Join(fmt.Errorf("farm: %w", err), stop())
	}
	if err := os.WriteFile(manifest, plots, 0o600); err != nil {
		return nil, errors.Join(err, stop())
	}
	return stop, nil
}

// readManifest reads what the farm serves.
func readManifest(name string) ([]plot, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var plots []plot
	return plots, json.Unmarshal(data, &plots)
}
