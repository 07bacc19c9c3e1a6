package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// healthCmd asks a running daemon how it is, for images that hold no other program
// that could.
type healthCmd struct {
	Addr  string `help:"Address of the console, on this machine." zh:"本机控制台地址。" default:"127.0.0.1:8080" placeholder:"ADDR"`
	Ready bool   `help:"Ask whether it does its work, not only whether it lives." zh:"不仅检查是否存活，也检查是否可以工作。"`
}

// Run runs the command.
func (c healthCmd) Run(ctx context.Context, a *app) error {
	path := "/healthz"
	if c.Ready {
		path = "/readyz"
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.Addr+path, nil)
	if err != nil {
		return usage("--addr %s: %w; write it as 127.0.0.1:8080", c.Addr, err)
	}
	resp, err := c.ask(req)
	if err != nil {
		return fmt.Errorf("the daemon does not answer: %w; see whether xuncha serve runs, and give its address with --addr", err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(io.LimitReader(resp.Body, 200))
	if err != nil {
		return fmt.Errorf("the daemon does not answer: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the daemon is not well: %s %s; see its log", resp.Status, strings.TrimSpace(string(said)))
	}
	fmt.Fprintln(a.stdout, a.say("正常", "ok"))
	return nil
}

// ask asks in the clear, and where a console answers that it speaks TLS, by that. Its
// certificate is for the name that people type and not for this machine's own address,
// at which nobody stands between.
func (c healthCmd) ask(req *http.Request) (*http.Response, error) {
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: loopback(c.Addr)},
	}}
	resp, err := client.Do(req)
	if err != nil || resp.StatusCode != http.StatusBadRequest {
		return resp, err
	}
	resp.Body.Close()
	req.URL.Scheme = "https"
	return client.Do(req)
}
