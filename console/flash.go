package console

import (
	"encoding/base64"
	"net/http"
	"strings"
	"unicode/utf8"
)

// flashCookie carries one sentence over the redirect after a form was sent.
const flashCookie = "flash"

// maxFlash bounds what a cookie may say. What is said of many findings is cut.
const maxFlash = 1500

// done ends a form that was sent: it goes on to a page, which says once what was
// done. The sentence is no part of the page's address, so that nobody who is sent
// the link is told again.
func (c *Console) done(w http.ResponseWriter, q *request, to, zh, en string) error {
	text := q.say(zh, en)
	if len(text) > maxFlash {
		text = strings.ToValidUTF8(text[:maxFlash-len("…")], "") + "…"
	}
	http.SetCookie(w, flash(q, base64.RawURLEncoding.EncodeToString([]byte(text)), 60))
	http.Redirect(w, q.Request, localPath(to), http.StatusSeeOther)
	return nil
}

// flashed returns the sentence that waits to be said, "" for none, and forgets it.
func flashed(w http.ResponseWriter, q *request) string {
	cookie, err := q.Cookie(flashCookie)
	if err != nil {
		return ""
	}
	http.SetCookie(w, flash(q, "", -1))
	text, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || len(text) > maxFlash || !utf8.Valid(text) {
		return ""
	}
	return strings.TrimSpace(string(text))
}

func flash(q *request, value string, age int) *http.Cookie {
	return &http.Cookie{Name: flashCookie, Value: value, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: q.secure}
}
