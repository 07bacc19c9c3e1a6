package people

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"xuncha/store"
)

// An Actor is who does something, and from where.
type Actor struct {
	Name string // to log in with; "" for whoever is not logged in
	Via  string // the token's name, of a program
	From string // address
}

// An Entry is one line of the log: who did what, when, from where, to which object.
// Numbers of telephones, identity cards and bank cards, and addresses of mail, are
// masked in it.
type Entry struct {
	N    int       `json:"n"` // from 1, without gaps
	At   time.Time `json:"at"`
	Who  string    `json:"who,omitempty"`
	Via  string    `json:"via,omitempty"`
	From string    `json:"from,omitempty"`
	What string    `json:"what"` // a word of the program's own: user.create
	On   string    `json:"on,omitempty"`
	Note string    `json:"note,omitempty"`
	Prev string    `json:"prev,omitempty"` // digest of the entry before
}

// A LogHead names the last entry. Kept elsewhere, it shows that none was cut off.
type LogHead struct {
	N      int    `json:"n"`
	Digest string `json:"digest"` // SHA-256 of the record
}

// What is done here, as it stands in the log.
const (
	didSetUp     = "setup"
	didLogIn     = "login"
	didLogOut    = "logout"
	failedLogIn  = "login.failed"
	refusedLogIn = "login.locked"
	didCreate    = "user.create"
	didEdit      = "user.edit"
	didDisable   = "user.disable"
	didEnable    = "user.enable"
	madeLink     = "user.link"
	usedLink     = "password.link"
	didPassword  = "password.change"
	didLanguage  = "user.language"
	endedSession = "session.end"
	madeToken    = "token.create"
	endedToken   = "token.revoke"
)

// Keys of the log on the shelf.
const (
	keyEntry = "log/"
	keyHead  = "loghead"
)

func entryKey(n int) string { return fmt.Sprintf("%s%012d", keyEntry, n) }

// Note adds an entry of somebody else's doing. Who changes users and sessions need
// not: that is logged with the change itself.
func (g *Gate) Note(by Actor, what, on, note string) error {
	return g.shelf.Update(func(tx store.ShelfTx) error { return g.enter(tx, by, what, on, note) })
}

// enter adds an entry in the transaction of what it tells.
func (g *Gate) enter(tx store.ShelfTx, by Actor, what, on, note string) error {
	head, err := headIn(tx)
	if err != nil {
		return err
	}
	e := Entry{
		N: head.N + 1, At: g.now().UTC().Truncate(time.Millisecond), Who: plain(by.Name, maxName), Via: plain(by.Via, maxTokenName), From: by.From,
		What: plain(what, 120), On: mask(plain(on, 200)), Note: mask(plain(note, 500)), Prev: head.Digest,
	}
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := tx.Put(entryKey(e.N), raw); err != nil {
		return err
	}
	raw, err = json.Marshal(LogHead{e.N, digestOfRecord(raw)})
	if err != nil {
		return err
	}
	return tx.Put(keyHead, raw)
}

func headIn(tx store.ShelfTx) (head LogHead, err error) {
	if raw := tx.Get(keyHead); raw != nil {
		if err := json.Unmarshal(raw, &head); err != nil {
			return head, fmt.Errorf("people: head of the log: %w", err)
		}
	}
	return head, nil
}

func digestOfRecord(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// mask hides what would be personal in a log that is kept for years.
func mask(s string) string {
	words := strings.Split(s, " ")
	for i, w := range words {
		words[i] = maskNumbers(maskMail(w))
	}
	return strings.Join(words, " ")
}

// maskMail leaves the first letter and the domain of an address.
func maskMail(word string) string {
	local, domain, ok := strings.Cut(word, "@")
	if !ok || local == "" || !strings.Contains(domain, ".") {
		return word
	}
	_, first := utf8.DecodeRuneInString(local)
	return local[:first] + "***@" + domain
}

// maskNumbers covers the middle of digits as long as a mobile telephone's, an
// identity card's or a bank card's.
func maskNumbers(s string) string {
	out := []byte(s)
	for from := 0; from < len(s); {
		to := from
		for to < len(s) && s[to] >= '0' && s[to] <= '9' {
			to++
		}
		n := to - from
		if to > from && (n == 11 && s[from] == '1' || n >= 15 && n <= 19) {
			for i := from + 3; i < to-4; i++ {
				out[i] = '*'
			}
			if n >= 15 {
				for i := to - 4; i < to-2; i++ {
					out[i] = '*'
				}
			}
		}
		from = max(to, from+1)
	}
	return string(out)
}
