package main

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// An image that holds nothing but the program can be asked by it.
func TestHealthIsThatOfTheDaemon(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
		}
	}))
	addr := strings.TrimPrefix(server.URL, "http://")
	defer server.Close()
	sealed := httptest.NewTLSServer(server.Config.Handler) // by a certificate that nobody here trusts
	defer sealed.Close()
	sealed.Config.ErrorLog = log.New(io.Discard, "", 0)
	byTLS := strings.TrimPrefix(sealed.URL, "https://")
	for _, tt := range []struct {
		name   string
		args   []string
		status int
		says   string
	}{
		{"it lives", []string{"--addr", addr}, statusDone, "ok"},
		{"it is not ready", []string{"--addr", addr, "--ready"}, statusError, "503 Service Unavailable not ready"},
		{"it lives behind TLS", []string{"--addr", byTLS}, statusDone, "ok"},
		{"it is not ready behind TLS", []string{"--addr", byTLS, "--ready"}, statusError, "503 Service Unavailable not ready"},
		{"nobody is there", []string{"--addr", "127.0.0.1:1"}, statusError, "see whether xuncha serve runs"},
		{"no address", []string{"--addr", "a b"}, statusUsage, "write it as 127.0.0.1:8080"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			if got := run(t.Context(), append([]string{"health", "--lang", "en"}, tt.args...), &out, &out); got != tt.status || !strings.Contains(out.String(), tt.says) {
				t.Errorf("status %d, %q; want %d, %q", got, out.String(), tt.status, tt.says)
			}
		})
	}
}
