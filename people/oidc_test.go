package people

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"
)

// An idp is an issuer in this process. It signs whatever claims the test wants.
type idp struct {
	*httptest.Server
	key    *rsa.PrivateKey
	claims map[string]any             // besides those that are in order
	token  func(claims string) string // nil signs as the issuer does
	answer string                     // in the place of the whole

	nonce, challenge string // of the last user who was sent
	exchanged        int
}

func newIDP(t *testing.T) *idp {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	check(t, err)
	p := &idp{key: key, claims: map[string]any{}}
	known := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: "k1", Algorithm: oidc.RS256}}}
	mux := http.NewServeMux()
	mux.Handle("/", known)
	mux.HandleFunc("POST /token", p.exchange)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(func() { p.Client().CloseIdleConnections(); p.Close() })
	known.SetIssuer(p.URL)
	return p
}

func (p *idp) exchange(w http.ResponseWriter, r *http.Request) {
	p.exchanged++
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if base64.RawURLEncoding.EncodeToString(sum[:]) != p.challenge {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	claims := map[string]any{
		"iss": p.URL, "aud": "xuncha", "sub": "subject-1", "exp": morning.Add(time.Hour).Unix(), "iat": morning.Unix(),
		"nonce": p.nonce, "preferred_username": "Zhang",
	}
	for k, v := range p.claims {
		if claims[k] = v; v == nil {
			delete(claims, k)
		}
	}
	raw, _ := json.Marshal(claims)
	sign := p.token
	if sign == nil {
		sign = func(claims string) string { return oidctest.SignIDToken(p.key, "k1", oidc.RS256, claims) }
	}
	w.Header().Set("Content-Type", "application/json")
	if p.answer != "" {
		_, _ = w.Write([]byte(p.answer))
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": sign(string(raw))})
}

// withIssuer opens the gate again with the issuer.
func (h *house) withIssuer(p *idp, claim string) {
	h.t.Helper()
	h.cfg.Issuer = &Issuer{
		URL: p.URL, ClientID: "xuncha", ClientSecret: "s", Claim: claim, Return: "https://xuncha.example/login/return", Client: p.Client(),
	}
	h.restart()
}

// sent sends a browser to the issuer and returns the state it should come back
// with.
func (b *browser) sent(p *idp) (state string) {
	b.h.t.Helper()
	w := httptest.NewRecorder()
	address, err := b.h.Send(w, b.request(), "/findings?state=open")
	check(b.h.t, err)
	b.keep(w)
	u, err := url.Parse(address)
	check(b.h.t, err)
	q := u.Query()
	if !strings.HasPrefix(address, p.URL+"/auth?") || q.Get("code_challenge_method") != "S256" || q.Get("redirect_uri") != "https://xuncha.example/login/return" {
		b.h.t.Fatalf("sent to %s", address)
	}
	p.nonce, p.challenge = q.Get("nonce"), q.Get("code_challenge")
	return q.Get("state")
}

// comesBack is what happens when the issuer has sent the browser back.
func (b *browser) comesBack(query string) (to string, err error) {
	w := httptest.NewRecorder()
	r := b.request()
	r.URL = &url.URL{Path: "/login/return", RawQuery: query}
	to, err = b.h.Return(w, r)
	b.keep(w)
	return to, err
}

func TestAnIssuerLetsAUserIn(t *testing.T) {
	h, p := newHouse(t), newIDP(t)
	h.withIssuer(p, "")
	_, err := h.Create(root, User{Name: "zhang", FullName: "张三", Roles: []Role{Handler}})
	check(t, err)
	b := h.browser()
	state := b.sent(p)
	to, err := b.comesBack("code=c&state=" + state)
	check(t, err)
	if u := b.user(); u.Name != "zhang" || to != "/findings?state=open" || len(b.cookies) != 1 {
		t.Errorf("in is %q, going to %q, with cookies %v", u.Name, to, b.cookies)
	}
	_, err = b.comesBack("code=c&state=" + state)
	wantCause(t, "coming back twice", err, Denied)
}

func TestHostile_W17_WhatAnIssuerMustNotSay(t *testing.T) {
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	check(t, err)
	unsigned := func(alg string) func(string) string {
		return func(claims string) string {
			b64 := base64.RawURLEncoding.EncodeToString
			return b64([]byte(fmt.Sprintf(`{"alg":%q,"kid":"k1"}`, alg))) + "." + b64([]byte(claims)) + "."
		}
	}
	tests := []struct {
		name string
		set  func(*idp)
	}{
		{"alg none", func(p *idp) { p.token = unsigned("none") }},
		{"alg None", func(p *idp) { p.token = unsigned("None") }},
		{"a secret of ours as the key", func(p *idp) {
			p.token = func(claims string) string {
				return oidctest.SignIDToken([]byte(strings.Repeat("s", 32)), "k1", "HS256", claims)
			}
		}},
		{"somebody else's key", func(p *idp) {
			p.token = func(claims string) string { return oidctest.SignIDToken(other, "k1", oidc.RS256, claims) }
		}},
		{"for another program", func(p *idp) { p.claims["aud"] = "other" }},
		{"for us and another, made for the other", func(p *idp) { p.claims["aud"] = []string{"xuncha", "other"}; p.claims["azp"] = "other" }},
		{"for nobody", func(p *idp) { p.claims["aud"] = nil }},
		{"another nonce", func(p *idp) { p.claims["nonce"] = "x" }},
		{"no nonce", func(p *idp) { p.claims["nonce"] = nil }},
		{"another issuer", func(p *idp) { p.claims["iss"] = "https://evil.example" }},
		{"expired", func(p *idp) { p.claims["exp"] = morning.Add(-time.Second).Unix() }},
		{"no subject", func(p *idp) { p.claims["sub"] = nil }},
		{"no name", func(p *idp) { p.claims["preferred_username"] = nil }},
		{"a name that is no text", func(p *idp) { p.claims["preferred_username"] = []string{"zhang"} }},
		{"a name that looks like the user's", func(p *idp) { p.claims["preferred_username"] = "zh\u0430ng" }},
		{"a stranger", func(p *idp) { p.claims["preferred_username"] = "stranger" }},
		{"a disabled user", func(p *idp) { p.claims["preferred_username"] = "gone" }},
		{"a user known under another subject", func(p *idp) { p.claims["preferred_username"] = "bound" }},
		{"no token", func(p *idp) { p.answer = `{"access_token":"x","token_type":"Bearer"}` }},
		{"no JSON", func(p *idp) { p.answer = "<html>" }},
		{"an answer without end", func(p *idp) { p.answer = `{"id_token":"` + strings.Repeat("x", 2*maxIssued) + `"}` }},
		{"an error with a page in it", func(p *idp) { p.answer = `{"error":"<script>alert(1)</script>"}` }},
	}
	p := newIDP(t)
	h := newHouse(t)
	h.withIssuer(p, "")
	for name, full := range map[string]string{"zhang": "张三", "gone": "李四", "bound": "王五"} {
		_, err := h.Create(root, User{Name: name, FullName: full, Roles: []Role{Handler}})
		check(t, err)
	}
	check(t, h.Disable(root, "gone"))
	check(t, h.known("bound", "another subject"))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p.claims, p.token, p.answer = map[string]any{}, nil, ""
			tt.set(p)
			b := h.browser()
			state := b.sent(p)
			to, err := b.comesBack("code=c&state=" + state)
			wantCause(t, tt.name, err, Denied)
			if u := b.user(); u.Name != "" || to != "" {
				t.Errorf("in is %q, going to %q", u.Name, to)
			}
		})
	}
}

func TestHostile_W17_ComingBackWithoutBeingSent(t *testing.T) {
	h, p := newHouse(t), newIDP(t)
	h.withIssuer(p, "")
	_, err := h.Create(root, User{Name: "zhang", FullName: "张三", Roles: []Role{Handler}})
	check(t, err)
	evil := h.browser()
	state := evil.sent(p)
	for name, query := range map[string]string{
		"with somebody else's state": "code=c&state=" + state,
		"without a state":            "code=c",
		"without anything":           "",
	} {
		_, err := h.browser().comesBack(query)
		wantCause(t, name, err, Denied)
	}
	for name, query := range map[string]string{
		"with another state": "code=c&state=x",
		"without a code":     "state=" + state,
		"with a refusal":     "error=access_denied&state=" + state,
	} {
		b := h.browser()
		b.cookies["xuncha-errand"] = evil.cookies["xuncha-errand"]
		_, err := b.comesBack(query)
		wantCause(t, name, err, Denied)
	}
	victim := h.browser() // whose code was stolen: it is of no use without the verifier
	victim.sent(p)
	if p.exchanged != 0 {
		t.Error("the issuer was asked about what was not in order")
	}
	_, err = evil.comesBack("code=c&state=" + state)
	wantCause(t, "with a stolen code", err, Denied)
}

func TestAnAddressOfMailMustBeVerified(t *testing.T) {
	h, p := newHouse(t), newIDP(t)
	h.withIssuer(p, "email")
	_, err := h.Create(root, User{Name: "zhang@yq.gov.cn", FullName: "张三", Roles: []Role{Handler}})
	check(t, err)
	for _, verified := range []any{nil, false, "true", true} {
		p.claims = map[string]any{"email": "Zhang@yq.gov.cn", "email_verified": verified}
		b := h.browser()
		state := b.sent(p)
		_, err := b.comesBack("code=c&state=" + state)
		if verified == true {
			check(t, err)
		} else {
			wantCause(t, fmt.Sprint(verified), err, Denied)
		}
	}
}

// An issuer that is down keeps nobody from starting, and is asked again later.
func TestAnIssuerOutOfReach(t *testing.T) {
	h, p := newHouse(t), newIDP(t)
	reach := false
	h.cfg.Issuer = &Issuer{URL: p.URL, ClientID: "xuncha", Return: "https://xuncha.example/login/return", Client: &http.Client{
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if !reach {
				return nil, errors.New("egress denied")
			}
			return p.Client().Transport.RoundTrip(r)
		}),
	}}
	h.restart()
	_, err := h.Send(httptest.NewRecorder(), h.browser().request(), "/")
	wantCause(t, "out of reach", err, Busy)
	reach = true
	h.browser().sent(p)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestWithoutAnIssuer(t *testing.T) {
	h := newHouse(t)
	_, err := h.Send(nil, nil, "/")
	wantCause(t, "sending", err, Gone)
	_, err = h.Return(nil, nil)
	wantCause(t, "coming back", err, Gone)
	h.cfg.Issuer = &Issuer{URL: "javascript:alert(1)"}
	if _, err := Open(h.cfg); err == nil || !strings.Contains(err.Error(), "client ID") || !strings.Contains(err.Error(), "javascript") {
		t.Errorf("a half-made issuer gives %v", err)
	}
}
