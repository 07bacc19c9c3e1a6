package notify

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"testing"
	"time"

	"xuncha/inventory"
)

// A mailServer takes mail on this machine, and plays its part as it is told.
type mailServer struct {
	refuse map[string]string // what a recipient is answered
	mute   string            // the command that is never answered
	drop   bool              // the line is cut instead of the answer to a letter

	letters []string
	to      []string
}

// serve answers one client after the other until the listener is closed.
func (s *mailServer) serve(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		s.talk(conn)
		conn.Close()
	}
}

func (s *mailServer) talk(conn net.Conn) {
	say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
	lines := bufio.NewScanner(conn)
	say("220 mail.example")
	for lines.Scan() {
		line := lines.Text()
		command, _, _ := strings.Cut(line, " ")
		if strings.EqualFold(command, s.mute) {
			_, _ = io.Copy(io.Discard, conn) // until the other side gives up
			return
		}
		switch strings.ToUpper(command) {
		case "EHLO":
			say("250 8BITMIME")
		case "RCPT":
			address := strings.Trim(strings.TrimPrefix(line, "RCPT TO:"), "<>")
			if answer := s.refuse[address]; answer != "" {
				say(answer)
				continue
			}
			s.to = append(s.to, address)
			say("250 ok")
		case "DATA":
			say("354 go on")
			var letter strings.Builder
			for lines.Scan() && lines.Text() != "." {
				letter.WriteString(lines.Text() + "\r\n")
			}
			s.letters = append(s.letters, letter.String())
			if s.drop {
				return
			}
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// open is a line to this machine that trusts a certificate.
type open struct{ roots *x509.CertPool }

func (open) Dial(ctx context.Context, host, port string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "tcp", net.JoinHostPort(host, port))
}

func (o open) TLS(host string) *tls.Config { return &tls.Config{ServerName: host, RootCAs: o.roots} }

// mailed sends the hostile message to a server.
func mailed(ctx context.Context, t *testing.T, s *mailServer) error {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	fatal(t, err)
	served := make(chan struct{})
	go func() {
		defer close(served)
		s.serve(l)
	}()
	defer func() {
		l.Close()
		<-served
	}()
	t.Setenv("ADDRESS", "smtp://"+l.Addr().String()+"/?from=xuncha@a.example&to=wang@a.example,li@b.example")
	c := Channels{Wire: NewWire(nil), Mail: open{}, Now: func() time.Time { return morning }}
	m := hostile
	m.Title = "某市巡查 2023年9月27日：新发现3\r\nBcc: all@b.example，临期2，恢复1，未能监测12（模拟数据，非正式通报）"
	return c.Send(ctx, inventory.Channel{Name: "甲", Kind: inventory.Mail, Address: "env:ADDRESS"}, m, false)
}

func TestAMailReadsWellEverywhere(t *testing.T) {
	s := &mailServer{}
	fatal(t, mailed(t.Context(), t, s))
	if len(s.letters) != 1 || strings.Join(s.to, " ") != "wang@a.example li@b.example" {
		t.Fatalf("%d letters to %v; want one for both", len(s.letters), s.to)
	}
	for line := range strings.SplitSeq(s.letters[0], "\r\n") {
		if len(line) > 100 || strings.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
			t.Errorf("a line that not every server takes: %q", line)
		}
	}
	letter, err := mail.ReadMessage(strings.NewReader(s.letters[0]))
	fatal(t, err)
	subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
	fatal(t, err)
	if want := "某市巡查 2023年9月27日：新发现3 Bcc: all@b.example，临期2，恢复1，未能监测12（模拟数据，非正式通报）"; subject != want || letter.Header.Get("Bcc") != "" {
		t.Errorf("subject %q, want %q; Bcc %q", subject, want, letter.Header.Get("Bcc"))
	}
	from, err := letter.Header.AddressList("From")
	fatal(t, err)
	to, err := letter.Header.AddressList("To")
	fatal(t, err)
	if from[0].Name != "巡查 Xuncha" || from[0].Address != "xuncha@a.example" || len(to) != 2 || !strings.HasSuffix(letter.Header.Get("Message-ID"), "@a.example>") {
		t.Errorf("header %v", letter.Header)
	}
	body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, letter.Body))
	fatal(t, err)
	if !strings.Contains(string(body), "【新发现】疑似问题，待核实\r\n· u＠all ＜at id") || strings.Contains(strings.ReplaceAll(string(body), "\r\n", ""), "\n") {
		t.Errorf("body %q", body)
	}
}

// A server of mail is known by the authorities that the city trusts.
func TestMailTrustsTheCitysAuthorities(t *testing.T) {
	web := httptest.NewUnstartedServer(nil) // for its certificate
	web.StartTLS()
	defer web.Close()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: web.TLS.Certificates})
	fatal(t, err)
	s, served := &mailServer{}, make(chan struct{})
	go func() {
		defer close(served)
		s.serve(l)
	}()
	t.Setenv("ADDRESS", "smtps://"+l.Addr().String()+"/?from=xuncha@a.example&to=wang@a.example")
	for _, roots := range []*x509.CertPool{x509.NewCertPool(), web.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs} {
		c := Channels{Wire: NewWire(nil), Mail: open{roots}, Now: func() time.Time { return morning }}
		err = c.Send(t.Context(), inventory.Channel{Name: "甲", Kind: inventory.Mail, Address: "env:ADDRESS"}, hostile, false)
		if known := !roots.Equal(x509.NewCertPool()); known != (err == nil) {
			t.Errorf("authority known: %v; %v", known, err)
		}
	}
	l.Close()
	<-served
	if len(s.letters) != 1 {
		t.Errorf("%d letters", len(s.letters))
	}
}

// One wrong address keeps nobody else from the mail; no right one is a failure.
func TestAWrongAddressKeepsNobodyElse(t *testing.T) {
	s := &mailServer{refuse: map[string]string{"li@b.example": "550 no such user"}}
	var partly *PartlyError
	if err := mailed(t.Context(), t, s); !errors.As(err, &partly) || partly.Refused[0] != "li@b.example" || len(s.letters) != 1 {
		t.Errorf("%v, %d letters", err, len(s.letters))
	}
	s = &mailServer{refuse: map[string]string{"li@b.example": "550 no", "wang@a.example": "550 no"}}
	if err := mailed(t.Context(), t, s); err == nil || errors.As(err, &partly) || errors.Is(err, ErrDoubt) || len(s.letters) != 0 {
		t.Errorf("%v, %d letters", err, len(s.letters))
	}
	s = &mailServer{refuse: map[string]string{"li@b.example": "452 4.2.2 mailbox full"}}
	if err := mailed(t.Context(), t, s); !errors.As(err, &partly) || len(s.letters) != 1 {
		t.Errorf("a full mailbox: %v, %d letters", err, len(s.letters))
	}
	for _, later := range []string{"451 later", "452 4.3.1 insufficient system storage", "452 4.5.3 too many recipients", "452 no room"} {
		s = &mailServer{refuse: map[string]string{"li@b.example": later}}
		if err := mailed(t.Context(), t, s); err == nil || errors.As(err, &partly) || errors.Is(err, ErrDoubt) || len(s.letters) != 0 {
			t.Errorf("%s: %v, %d letters; want it tried again for both", later, err, len(s.letters))
		}
	}
}

// Only where a letter was handed over and no answer came is there a doubt.
func TestAMailThatMayHaveBeenTaken(t *testing.T) {
	if err := mailed(t.Context(), t, &mailServer{drop: true}); !errors.Is(err, ErrDoubt) {
		t.Errorf("the line was cut after the letter: %v", err)
	}
	if err := mailed(t.Context(), t, &mailServer{refuse: map[string]string{"wang@a.example": "421 closing"}}); err == nil || errors.Is(err, ErrDoubt) {
		t.Errorf("refused before the letter: %v", err)
	}
}

// A server that never answers holds up no stop.
func TestAMuteServerHoldsUpNoStop(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	begin := time.Now()
	if err := mailed(ctx, t, &mailServer{mute: "EHLO"}); !errors.Is(err, ErrDoubt) || time.Since(begin) > 10*time.Second {
		t.Errorf("%v after %v", err, time.Since(begin))
	}
}

func TestMailAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"smtp://u:p@mail.example:587/?from=a@x.example&to=b@x.example":   "587",
		"smtps://mail.example/?from=a@x.example&to=b@x.example":          "465",
		"smtp://mail.example/?from=a@x.example&to=b@x.example":           "25",
		"https://mail.example/?from=a@x.example&to=b@x.example":          "",
		"smtp://mail.example/?from=a@x.example":                          "",
		"smtp://mail.example/?from=a&to=b@x.example":                     "",
		"smtp://mail.example/?from=a@x.example&to=b@x.example%0d%0aRCPT": "",
	} {
		b, err := parseMailbox(address)
		if (want == "") != (err != nil) || err == nil && b.port != want {
			t.Errorf("%s: port %s, %v", address, b.port, err)
		}
	}
}
