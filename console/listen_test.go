package console

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// serveTest serves a handler until the test ends, and returns its address.
func serveTest(t *testing.T, l Listener, h http.Handler, p patience) (addr string, stop func() error) {
	t.Helper()
	l.Addr, l.Log = "127.0.0.1:0", slog.New(slog.DiscardHandler)
	taken, err := l.Listen()
	check(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- l.serve(ctx, taken, h, p) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	t.Cleanup(func() { check(t, stop()) })
	return taken.Addr().String(), stop
}

// quick is patience that tests can wait for.
var quick = patience{header: 50 * time.Millisecond, request: 100 * time.Millisecond, idle: 100 * time.Millisecond, stop: time.Second}

func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "cut off", http.StatusBadRequest)
		return
	}
	fmt.Fprintf(w, "%d bytes", len(body))
}

func TestTheUsualPatience(t *testing.T) {
	if usual.header != 5*time.Second || usual.request != 30*time.Second || usual.stop > 15*time.Second {
		t.Errorf("patience is %+v", usual)
	}
}

// Headers and bodies that drip end by themselves and take nobody's place.
func TestHostile_W11_SlowRequests(t *testing.T) {
	addr, _ := serveTest(t, Listener{}, http.HandlerFunc(echo), quick)
	for name, sent := range map[string]string{
		"nothing":       "",
		"half a header": "GET / HTTP/1.1\r\nHost: x\r\nX-A: ",
		"half a body":   "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf",
	} {
		conn, err := net.Dial("tcp", addr)
		check(t, err)
		_, err = io.WriteString(conn, sent)
		check(t, err)
		check(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
		answer, err := io.ReadAll(conn) // until the other end is tired of waiting
		if err != nil {
			t.Errorf("%s: still open: %v", name, err)
		}
		if strings.Contains(string(answer), "200 OK") {
			t.Errorf("%s: answered with %q", name, answer)
		}
		check(t, conn.Close())
	}
}

func TestHostile_W11_HeadersWithoutEnd(t *testing.T) {
	addr, _ := serveTest(t, Listener{}, http.HandlerFunc(echo), usual)
	r, err := http.NewRequest("GET", "http://"+addr+"/", nil)
	check(t, err)
	r.Header.Set("X-A", strings.Repeat("x", 1<<20))
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		return // cut off while it was still talking
	}
	check(t, resp.Body.Close())
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("answered with %s", resp.Status)
	}
}

// Connections beyond the bound wait until others go; they are not refused.
func TestHostile_W11_ManyConnections(t *testing.T) {
	addr, _ := serveTest(t, Listener{Conns: 3}, http.HandlerFunc(echo), patience{header: time.Minute, request: time.Minute, idle: time.Minute, stop: time.Second})
	var open []net.Conn
	for range 3 {
		conn, err := net.Dial("tcp", addr)
		check(t, err)
		_, err = io.WriteString(conn, "GET / HTTP/1.1\r\n")
		check(t, err)
		open = append(open, conn)
	}
	answered := make(chan error, 1)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	go func() {
		resp, err := client.Get("http://" + addr + "/")
		if err == nil {
			err = resp.Body.Close()
		}
		answered <- err
	}()
	select {
	case err := <-answered:
		t.Fatalf("a fourth connection was served: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	for _, conn := range open {
		check(t, conn.Close())
	}
	check(t, <-answered)
}

// What goes on by itself ends when the server does, and what is nearly done is done.
func TestStopping(t *testing.T) {
	begun := make(chan string, 2)
	addr, stop := serveTest(t, Listener{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		check(t, http.NewResponseController(w).Flush())
		begun <- r.URL.Path
		if r.URL.Path == "/live" {
			<-r.Context().Done()
		}
		fmt.Fprint(w, "end of "+r.URL.Path)
	}), patience{header: time.Minute, request: time.Minute, idle: time.Minute, stop: 5 * time.Second})
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + addr + "/live")
	check(t, err)
	defer resp.Body.Close()
	<-begun
	at := time.Now()
	check(t, stop())
	if d := time.Since(at); d > 5*time.Second {
		t.Errorf("stopping took %s", d)
	}
	if body, err := io.ReadAll(resp.Body); err != nil || string(body) != "end of /live" {
		t.Errorf("live progress ended with %q, %v", body, err)
	}
}

// newCertificate writes a certificate with a name into two files.
func newCertificate(t *testing.T, dir, name string, at time.Time) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"xuncha.example"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	check(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	check(t, err)
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	check(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	check(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	check(t, os.Chtimes(cert, at, at))
	check(t, os.Chtimes(key, at, at))
	return cert, key
}

func TestACertificateIsReadAgain(t *testing.T) {
	dir := t.TempDir()
	day := time.Now().Truncate(time.Second)
	cert, key := newCertificate(t, dir, "first", day)
	c := &certificate{files: [2]string{cert, key}, log: slog.New(slog.DiscardHandler)}
	check(t, c.load())
	now := day
	shown := func(after time.Duration) string {
		t.Helper()
		now = now.Add(after)
		leaf, err := x509.ParseCertificate(c.at(now).Certificate[0])
		check(t, err)
		return leaf.Subject.CommonName
	}
	if got := shown(0); got != "first" {
		t.Errorf("the certificate is %s", got)
	}
	check(t, os.WriteFile(cert, []byte("half of a cert"), 0o600))
	if got := shown(lookEvery); got != "first" {
		t.Errorf("with a broken file the certificate is %s", got)
	}
	check(t, os.Remove(cert))
	if got := shown(lookEvery); got != "first" {
		t.Errorf("without the file the certificate is %s", got)
	}
	newCertificate(t, dir, "second", day.Add(time.Minute))
	if got := shown(lookEvery - 1); got != "first" {
		t.Errorf("the files are looked at again so soon: %s", got)
	}
	if got := shown(1); got != "second" {
		t.Errorf("after renewal the certificate is %s", got)
	}
}

func TestHandshakes(t *testing.T) {
	cert, key := newCertificate(t, t.TempDir(), "first", time.Now().Truncate(time.Second))
	addr, _ := serveTest(t, Listener{Cert: cert, Key: key}, http.HandlerFunc(echo), usual)
	shown := func() string {
		t.Helper()
		conn, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true})
		check(t, err)
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].Subject.CommonName
	}
	if got := shown(); got != "first" {
		t.Errorf("the certificate is %s", got)
	}
	if _, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	transport := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	defer transport.CloseIdleConnections()
	client := http.Client{Transport: transport}
	resp, err := client.Get("https://" + addr + "/")
	check(t, err)
	check(t, resp.Body.Close())
	if resp.Header.Get("Strict-Transport-Security") == "" || resp.ProtoMajor != 2 {
		t.Errorf("browsers are told %v, by %s", resp.Header, resp.Proto)
	}
}

func TestACertificateThatCannotBeRead(t *testing.T) {
	l := Listener{Addr: "127.0.0.1:0", Cert: filepath.Join(t.TempDir(), "none.pem"), Key: "none", Log: slog.New(slog.DiscardHandler)}
	if _, err := l.Listen(); err == nil || !strings.Contains(err.Error(), "none.pem") {
		t.Errorf("the error is %v", err)
	}
}

// What a proxy in front and we might take for different requests is one request, or
// none.
func TestHostile_W24_Smuggling(t *testing.T) {
	addr, _ := serveTest(t, Listener{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hidden" {
			t.Error("a request was hidden in another")
		}
		echo(w, r)
	}), quick)
	for name, sent := range map[string]string{
		"two lengths":           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 40\r\n\r\nhelloGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n",
		"a coding nobody knows": "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n",
		"a folded coding":       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked, identity\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n",
		"a space before colon":  "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n",
		"two hosts":             "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
		"a bad chunk":           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;\nhello\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", addr)
		check(t, err)
		_, err = io.WriteString(conn, sent)
		check(t, err)
		check(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
		answer, err := io.ReadAll(conn)
		check(t, err)
		if strings.Contains(string(answer), " 200 ") {
			t.Errorf("%s: answered with %q", name, answer)
		}
		check(t, conn.Close())
	}
}

// Whoever asks and never reads the answer is not waited for.
func TestHostile_W25_AnAnswerThatNobodyReads(t *testing.T) {
	given := make(chan error, 1)
	addr, _ := serveTest(t, Listener{}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, err := w.Write(make([]byte, 64<<20)) // more than any buffer between us takes
		given <- err
	}), patience{header: time.Second, request: time.Second, answer: 200 * time.Millisecond, idle: time.Second, stop: time.Second})
	conn, err := net.Dial("tcp", addr)
	check(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
	check(t, err)
	if err := <-given; err == nil {
		t.Error("64 MB were taken by nobody")
	}
}
