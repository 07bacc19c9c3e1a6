package people

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"xuncha/store"
)

// An Issuer says, by OpenID Connect, who somebody is. It makes no users and gives
// no rights: whom it names must be a user here.
type Issuer struct {
	// URL is the issuer's, and nowhere else is asked.
	URL string

	ClientID, ClientSecret string

	// Claim holds the name to log in with; "" is preferred_username. An address of
	// mail counts only where the issuer has verified it.
	Claim string

	// Return is the full address of our /login/return, as registered there.
	Return string

	// Client carries all requests to the issuer, by the program's own egress. It
	// must not be nil.
	Client *http.Client
}

// maxIssued bounds an answer of the issuer.
const maxIssued = 1 << 20

// foreign is an issuer, whose addresses and keys are asked for when first needed:
// one that is out of reach keeps nobody from starting.
type foreign struct {
	Issuer
	now func() time.Time

	mu       sync.Mutex // guards those below
	provider *oidc.Provider
	verifier *oidc.IDTokenVerifier
}

func newForeign(cfg Issuer, now func() time.Time) (*foreign, error) {
	var errs []error
	for what, address := range map[string]string{"issuer": cfg.URL, "return": cfg.Return} {
		if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			errs = append(errs, fmt.Errorf("the %s address %q is no address of the web", what, address))
		}
	}
	if cfg.ClientID == "" {
		errs = append(errs, errors.New("the issuer knows us by a client ID, and there is none"))
	}
	if cfg.Client == nil {
		errs = append(errs, errors.New("there is no client to ask the issuer with"))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	if cfg.Claim == "" {
		cfg.Claim = "preferred_username"
	}
	client := *cfg.Client
	client.Transport = bounded{client.Transport}
	client.Timeout = 10 * time.Second
	cfg.Client = &client
	return &foreign{Issuer: cfg, now: now}, nil
}

// bounded cuts answers that are longer than any of an issuer.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	next := b.next
	if next == nil {
		return nil, errors.New("the client has no transport")
	}
	resp, err := next.RoundTrip(r)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, maxIssued), resp.Body}
	}
	return resp, err
}

// signatures are those an issuer may sign with: all can be checked with a public
// key, whatever the issuer's own list says.
var signatures = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

// ready asks the issuer where its parts are, once.
func (f *foreign) ready(ctx context.Context) (*oauth2.Config, *oidc.IDTokenVerifier, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.provider == nil {
		provider, err := oidc.NewProvider(oidc.ClientContext(ctx, f.Client), f.URL)
		if err != nil {
			return nil, nil, fmt.Errorf("issuer: %w", err)
		}
		f.provider = provider
		f.verifier = provider.Verifier(&oidc.Config{ClientID: f.ClientID, SupportedSigningAlgs: signatures, Now: f.now})
	}
	return &oauth2.Config{
		ClientID: f.ClientID, ClientSecret: f.ClientSecret, Endpoint: f.provider.Endpoint(), RedirectURL: f.Return,
		Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}, f.verifier, nil
}

// An errand is what the browser keeps while its user is at the issuer's.
type errand struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	To       string `json:"t"`
}

// errandLife is how long a user may take at the issuer's.
const errandLife = 10 * time.Minute

func (g *Gate) errandCookie(r *http.Request, value string, life time.Duration) *http.Cookie {
	secure := g.Secure(r)
	return &http.Cookie{
		Name: cookieName(secure) + "-errand", Value: value, Path: "/", MaxAge: int(life / time.Second),
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	}
}

// HasIssuer reports whether somebody else may say who somebody is.
func (g *Gate) HasIssuer() bool { return g.foreign != nil }

func errNoIssuer() error {
	return noSuch("没有配置统一身份认证，请用登录名和密码登录", "no identity provider is configured; log in with a name and a password")
}

func errIssuer() error {
	r := &Refusal{Cause: Busy, After: time.Minute}
	r.chinese, r.english = "统一身份认证暂时无法使用，请稍后再试，或用登录名和密码登录", "the identity provider cannot be reached; try again later, or log in with a name and a password"
	return r
}

// Send returns the issuer's address to which a user goes to log in, and lets the
// browser keep what their return is known by. to is where they wanted to go.
func (g *Gate) Send(w http.ResponseWriter, r *http.Request, to string) (address string, err error) {
	if g.foreign == nil {
		return "", errNoIssuer()
	}
	cfg, _, err := g.foreign.ready(r.Context())
	if err != nil {
		g.log.Error("people", "error", plain(err.Error(), 500))
		return "", errIssuer()
	}
	var secrets [3]string
	for i := range secrets {
		if secrets[i], _, err = newSecret(g.random); err != nil {
			return "", err
		}
	}
	e := errand{State: secrets[0], Nonce: secrets[1], Verifier: secrets[2], To: to}
	raw, err := json.Marshal(e)
	if err != nil {
		return "", err
	}
	http.SetCookie(w, g.errandCookie(r, base64.RawURLEncoding.EncodeToString(raw), errandLife))
	return cfg.AuthCodeURL(e.State, oidc.Nonce(e.Nonce), oauth2.S256ChallengeOption(e.Verifier)), nil
}

// errandOf reads what a browser kept, if it is whole.
func (g *Gate) errandOf(r *http.Request) (errand, bool) {
	cookies := r.CookiesNamed(g.errandCookie(r, "", 0).Name)
	if len(cookies) != 1 {
		return errand{}, false
	}
	return parseErrand(cookies[0].Value)
}

func parseErrand(value string) (e errand, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(value)
	if err != nil || json.Unmarshal(raw, &e) != nil {
		return errand{}, false
	}
	for _, secret := range []string{e.State, e.Nonce, e.Verifier} {
		if _, ok := parseSecret(secret); !ok {
			return errand{}, false
		}
	}
	return e, true
}

func errForeign() error {
	return refuse(Denied, "统一身份认证没有通过，请重新登录", "the identity provider's answer is not good; log in again")
}

// Return lets somebody in whom the issuer sent back, and returns where they wanted
// to go.
func (g *Gate) Return(w http.ResponseWriter, r *http.Request) (to string, err error) {
	if g.foreign == nil {
		return "", errNoIssuer()
	}
	e, ok := g.errandOf(r)
	http.SetCookie(w, g.errandCookie(r, "", -time.Second))
	q := r.URL.Query()
	if !ok || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(e.State)) != 1 || q.Get("code") == "" {
		return "", errForeign()
	}
	name, subject, err := g.foreign.who(r.Context(), q.Get("code"), e)
	if err != nil {
		g.log.Warn("people: issuer", "error", plain(err.Error(), 500))
		return "", errors.Join(errForeign(), g.failed(Actor{From: from(g.Address(r))}, failedLogIn))
	}
	if err := g.known(name, subject); err != nil {
		return "", errors.Join(err, g.failed(Actor{Name: name, From: from(g.Address(r))}, failedLogIn))
	}
	return e.To, g.begin(w, r, name, didLogIn, "oidc")
}

// who exchanges a code for the issuer's word on who somebody is.
func (f *foreign) who(ctx context.Context, code string, e errand) (name, subject string, err error) {
	cfg, verifier, err := f.ready(ctx)
	if err != nil {
		return "", "", err
	}
	ctx = oidc.ClientContext(ctx, f.Client)
	answer, err := cfg.Exchange(ctx, code, oauth2.VerifierOption(e.Verifier))
	if err != nil {
		return "", "", err
	}
	raw, ok := answer.Extra("id_token").(string)
	if !ok {
		return "", "", errors.New("the answer holds no ID token")
	}
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return "", "", err
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(e.Nonce)) != 1 {
		return "", "", errors.New("the ID token is of another log-in")
	}
	return f.claimed(id)
}

// claimed returns the name and the subject that an ID token claims.
func (f *foreign) claimed(id *oidc.IDToken) (name, subject string, err error) {
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return "", "", err
	}
	if party, there := claims["azp"]; there && party != f.ClientID {
		return "", "", errors.New("the ID token was made for another program")
	}
	if f.Claim == "email" && claims["email_verified"] != true {
		return "", "", errors.New("the issuer has not verified the address")
	}
	said, _ := claims[f.Claim].(string)
	name, ok := logName(said)
	if !ok || id.Subject == "" {
		return "", "", fmt.Errorf("the ID token has no name in %s", f.Claim)
	}
	return name, id.Subject, nil
}

// known finds the user of an issuer's name. The first time binds the user to the
// subject: a name may be given to somebody else there, a subject is not.
func (g *Gate) known(name, subject string) error {
	err := g.shelf.Update(func(tx store.ShelfTx) error {
		a, err := getIn[account](tx, keyUser+name)
		switch {
		case errors.Is(err, errNobody) || err == nil && a.Disabled:
			return errStranger()
		case err != nil:
			return err
		case a.Subject == subject:
			return errUnchanged
		case a.Subject != "":
			return errStranger()
		}
		a.Subject = subject
		return putIn(tx, keyUser+name, a)
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

func errStranger() error {
	return refuse(Denied, "您还不是本系统的用户，请联系管理员", "you are no user here; ask an administrator")
}
