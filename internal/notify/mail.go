package notify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"xuncha/extract"
)

// A PartlyError says that a message was taken by some of its recipients and will
// never be by others, whom it names.
type PartlyError struct{ Refused []string }

func (e *PartlyError) Error() string {
	return "taken, but not by " + strings.Join(e.Refused, ", ") + ": check the addresses"
}

// A mailbox is an address smtp://USER:PASSWORD@HOST:PORT/?from=A&to=B,C; smtps is
// TLS from the first byte, as port 465 is.
type mailbox struct {
	host, port     string
	user, password string
	from           string
	to             []string
	implicit       bool
}

func parseMailbox(address string) (b mailbox, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		return b, errors.New("the channel's address is no smtp://user:password@host:587/?from=A&to=B,C")
	}
	b.host, b.port, b.implicit = u.Hostname(), u.Port(), u.Scheme == "smtps" || u.Port() == "465"
	if b.port == "" {
		b.port = map[bool]string{true: "465", false: "25"}[b.implicit]
	}
	b.user = u.User.Username()
	b.password, _ = u.User.Password()
	for _, key := range []string{"from", "to"} {
		text := u.Query().Get(key)
		for part := range strings.SplitSeq(text, ",") {
			a, err := mail.ParseAddress(strings.TrimSpace(part))
			if err != nil {
				return b, fmt.Errorf("%s of the channel's address holds no mail address: write smtp://user:password@host:587/?from=A&to=B,C", key)
			}
			if key == "from" {
				b.from = a.Address
			} else {
				b.to = append(b.to, a.Address)
			}
		}
	}
	return b, nil
}

// mail sends one message to all recipients of an address at once.
func (c Channels) mail(ctx context.Context, address string, m Message, text string) error {
	b, err := parseMailbox(address)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	conn, err := c.Mail.Dial(ctx, b.host, b.port)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(sendTimeout)); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // whoever reads from it hears of it
	defer stop()
	if b.implicit {
		conn = tls.Client(conn, c.Mail.TLS(b.host))
	}
	client, err := smtp.NewClient(conn, b.host)
	if err != nil {
		return err
	}
	if err := b.greet(client, c.Mail.TLS(b.host)); err != nil {
		return err
	}
	return b.deliver(client, letter(b, m, text, c.Now()))
}

// greet encrypts where the server can, and logs in. Go's client gives no password
// over an open line, but to this machine.
func (b mailbox) greet(client *smtp.Client, secure *tls.Config) error {
	if ok, _ := client.Extension("STARTTLS"); ok && !b.implicit {
		if err := client.StartTLS(secure); err != nil {
			return err
		}
	}
	if b.user == "" {
		return nil
	}
	return client.Auth(smtp.PlainAuth("", b.user, b.password, b.host))
}

// full reports whether an answer says that the recipient's mailbox is full, which it may
// be for weeks. The same code without the second number also says that the server has no
// room, or takes no more recipients at once.
func full(reply *textproto.Error) bool {
	return reply.Code == 452 && strings.HasPrefix(reply.Msg, "4.2.2")
}

// deliver hands the letter over. A recipient that the server refuses for good keeps
// nobody else from it, and one that it refuses for now keeps everybody: it is tried
// again for all.
func (b mailbox) deliver(client *smtp.Client, data []byte) error {
	if err := client.Mail(b.from); err != nil {
		return err
	}
	var refused []string
	var last error
	for _, to := range b.to {
		err := client.Rcpt(to)
		var reply *textproto.Error
		switch {
		case err == nil:
		case errors.As(err, &reply) && (reply.Code >= 500 || full(reply)):
			refused, last = append(refused, to), err
		default:
			return err
		}
	}
	if len(refused) == len(b.to) {
		return last
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	if err == nil {
		err = w.Close()
	}
	var reply *textproto.Error
	if err != nil && !errors.As(err, &reply) { // the end was written, or some of it, and no answer came
		return fmt.Errorf("%w: %w", err, ErrDoubt)
	}
	if err != nil {
		return err
	}
	_, _ = client.Text.Cmd("QUIT") // it has the letter; while we waited for a good-bye we might be killed, and send it again
	if len(refused) > 0 {
		return &PartlyError{refused}
	}
	return nil
}

// wide is how long a line of base64 is.
const wide = 76

// letter is the message as it goes by mail. Its number is the message's, so that
// one that comes twice is known as one by those who sort mail.
func letter(b mailbox, m Message, text string, now time.Time) []byte {
	_, domain, _ := strings.Cut(b.from, "@")
	var w bytes.Buffer
	for _, h := range [][2]string{
		{"From", (&mail.Address{Name: "巡查 Xuncha", Address: b.from}).String()},
		{"To", strings.Join(b.to, ",\r\n ")},
		{"Subject", subject(m.Title)},
		{"Date", now.In(extract.Beijing).Format(time.RFC1123Z)},
		{"Message-ID", "<" + m.number() + "@" + domain + ">"},
		{"Auto-Submitted", "auto-generated"},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", "base64"},
	} {
		fmt.Fprintf(&w, "%s: %s\r\n", h[0], h[1])
	}
	w.WriteString("\r\n")
	body := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	for len(body) > wide {
		w.WriteString(body[:wide] + "\r\n")
		body = body[wide:]
	}
	w.WriteString(body + "\r\n")
	return w.Bytes()
}

// number is the message's own, the same however often it comes.
func (m Message) number() string {
	sum := sha256.Sum256([]byte(m.ID))
	return hex.EncodeToString(sum[:16])
}

// subject encodes a title as words of a header, each on a line of its own.
func subject(title string) string {
	return strings.ReplaceAll(mime.BEncoding.Encode("utf-8", strings.Join(strings.Fields(title), " ")), "?= =?", "?=\r\n =?")
}
