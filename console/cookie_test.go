package console

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"xuncha/board"
)

// A sealing gate knows of a proxy that speaks TLS.
type sealing struct{ as }

func (sealing) Secure(r *http.Request) bool { return r.Header.Get("X-Forwarded-Proto") == "https" }

// Cookies of a page and of its language go by the rule of the session's: behind a proxy
// that speaks TLS they are Secure too.
func TestCookiesAreSecureBehindAProxyWithTLS(t *testing.T) {
	for proto, want := range map[string]bool{"https": true, "http": false} {
		c, err := New(Config{Board: func() *board.Board { return nil }, Now: func() time.Time { return noon }, Gate: sealing{as(viewer)}})
		check(t, err)
		r := httptest.NewRequest(http.MethodPost, "/lang", strings.NewReader(url.Values{"lang": {"en"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-Proto", proto)
		chosen, said := httptest.NewRecorder(), httptest.NewRecorder()
		check(t, c.language(chosen, c.request(r)))
		check(t, c.done(said, c.request(r), "/", "好", "done"))
		cookies := append(chosen.Result().Cookies(), said.Result().Cookies()...)
		if len(cookies) != 2 {
			t.Fatalf("%d cookies", len(cookies))
		}
		for _, cookie := range cookies {
			if cookie.Secure != want {
				t.Errorf("by %s the cookie %s is Secure: %v", proto, cookie.Name, cookie.Secure)
			}
		}
	}
}
