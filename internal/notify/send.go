package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nicholas-fedor/shoutrrr"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"

	"xuncha/inventory"
)

// sendTimeout bounds one try, whatever the other side does.
const sendTimeout = 30 * time.Second

// Channels sends to 企业微信, 飞书 and webhooks by shoutrrr, and by itself to 钉钉,
// which shoutrrr does not know, and by mail, which it sends anew to everybody where
// one recipient is refused.
type Channels struct {
	// Wire is what HTTP goes over. Shoutrrr takes no client and uses the process's
	// default, which must be this one: see [Wire.Install].
	Wire *Wire

	// Mail is what mail goes over.
	Mail Dialer

	// Now signs and dates.
	Now func() time.Time
}

// A Dialer connects to servers of mail, by the policy of package egress.
type Dialer interface {
	// Dial connects to a port of a host.
	Dial(ctx context.Context, host, port string) (net.Conn, error)

	// TLS is how a connection to a host is secured.
	TLS(host string) *tls.Config
}

// A Wire carries the requests of messages within the time of a try, and knows
// whether the last of them may have been taken though it failed: errors of a
// library do not say. One message is sent at a time.
type Wire struct {
	through http.RoundTripper
	doubt   atomic.Bool
}

// NewWire is a wire over a transport, which is how messages obey the policy of
// package egress.
func NewWire(through http.RoundTripper) *Wire { return &Wire{through: through} }

// Install makes every client of the process that has no transport of its own go
// over the wire. It is for whoever starts the process.
func (w *Wire) Install() { http.DefaultTransport = w }

// RoundTrip implements http.RoundTripper. What fails once the request was written
// leaves a doubt, and so does a gateway that lost its server. A redirect is a
// failure: followed, it would carry the message to strangers, or end at the page of
// a log-in that takes everything and delivers nothing.
func (w *Wire) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(r.Context(), sendTimeout)
	var wrote atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: func(i httptrace.WroteRequestInfo) { wrote.Store(i.Err == nil) }})
	resp, err := w.through.RoundTrip(r.WithContext(ctx))
	if err != nil {
		cancel()
		if wrote.Load() {
			w.doubt.Store(true)
		}
		return nil, err
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 && resp.StatusCode != http.StatusNotModified {
		cancel()
		_ = resp.Body.Close() // whatever it says, it is not the answer
		return nil, fmt.Errorf("the address answers with a redirect (%d), and a message is not carried on to another: enter the address that takes it", resp.StatusCode)
	}
	if resp.StatusCode == http.StatusBadGateway || resp.StatusCode == http.StatusGatewayTimeout {
		w.doubt.Store(true)
	}
	resp.Body = carried{http.MaxBytesReader(nil, resp.Body, 1<<20), cancel, w}
	return resp, nil
}

// A carried body ends within the time of the try.
type carried struct {
	io.ReadCloser
	cancel context.CancelFunc
	wire   *Wire
}

func (c carried) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		c.wire.doubt.Store(true) // its answer is lost
	}
	return n, err
}

func (c carried) Close() error {
	c.cancel()
	return c.ReadCloser.Close()
}

// Send implements Sender. It returns when ctx ends, whatever the other side does.
func (c Channels) Send(ctx context.Context, to inventory.Channel, m Message, again bool) error {
	address, err := secret(to.Address)
	if err != nil {
		return err
	}
	key, err := secret(to.Secret)
	if err != nil {
		return err
	}
	c.Wire.doubt.Store(false)
	sent := make(chan error, 1)
	go func() { sent <- c.hand(ctx, to.Kind, address, key, m, again) }() // it ends within its time: see sendTimeout
	select {
	case err = <-sent:
	case <-ctx.Done():
		return fmt.Errorf("the program stopped while sending: %w", ErrDoubt)
	}
	if err != nil && c.Wire.doubt.Load() && !errors.Is(err, ErrDoubt) {
		err = fmt.Errorf("%w: %w", err, ErrDoubt)
	}
	return redact(err, secretsOf(address, key)...)
}

// hand hands a message over.
func (c Channels) hand(ctx context.Context, kind inventory.ChannelKind, address, key string, m Message, again bool) error {
	text := m.text(kind, again)
	switch kind {
	case inventory.DingTalk:
		return c.dingTalk(ctx, address, key, text)
	case inventory.Mail:
		return c.mail(ctx, address, m, text)
	}
	return byShoutrrr(kind, address, key, m, text, again)
}

// secret reads what stands at "env:NAME" or "file:PATH"; "" for "".
func secret(place string) (string, error) {
	kind, name, _ := strings.Cut(place, ":")
	var value string
	switch kind {
	case "":
		return "", nil
	case "env":
		value = os.Getenv(name)
	case "file":
		data, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		value = string(data)
	}
	if value = strings.TrimSpace(value); value == "" {
		return "", fmt.Errorf("there is nothing at %s: put the address or the key of the channel there", place)
	}
	return value, nil
}

// Reached is a digest of how a channel is reached: its address and its key, as they can
// be read now.
func Reached(c inventory.Channel) string {
	h := sha256.New()
	for _, place := range []string{string(c.Kind), c.Address, c.Secret} {
		fmt.Fprintf(h, "%q\n", place)
	}
	for _, place := range []string{c.Address, c.Secret} {
		value, err := secret(place)
		fmt.Fprintf(h, "%q %v\n", value, err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Addresses are the addresses of channels, as far as they can be read: their ports
// may be connected to.
func Addresses(m inventory.Messages) []string {
	var all []string
	for _, c := range m.Channels {
		if address, err := secret(c.Address); err == nil {
			all = append(all, address)
		}
	}
	return all
}

// secretsOf are the parts of an address and a key that no log may show.
func secretsOf(address, key string) []string {
	secrets := []string{key, url.QueryEscape(key), address}
	if u, err := url.Parse(address); err == nil {
		if password, ok := u.User.Password(); ok {
			secrets = append(secrets, password)
		}
		for _, list := range u.Query() {
			for _, v := range list {
				if len(v) > 7 {
					secrets = append(secrets, v)
				}
			}
		}
		for part := range strings.SplitSeq(u.Path, "/") {
			if len(part) > 15 {
				secrets = append(secrets, part)
			}
		}
	}
	return secrets
}

// byShoutrrr sends by the library's own address of a service.
func byShoutrrr(kind inventory.ChannelKind, address, key string, m Message, text string, again bool) error {
	u, err := url.Parse(address)
	if err != nil {
		return errors.New("the channel's address is no URL")
	}
	params := types.Params{}
	var service string
	switch kind {
	case inventory.WeCom:
		service = "wecom://" + u.Query().Get("key")
	case inventory.Feishu:
		service = "lark://" + u.Host + "/" + lastOf(u.Path)
		if key != "" {
			service += "?secret=" + url.QueryEscape(key)
		}
	case inventory.Webhook:
		q := u.Query()
		q.Set("template", "json")
		q.Set("$id", m.ID)
		q.Set("$again", strconv.FormatBool(again))
		q.Set("$made", m.Made.Format(time.RFC3339))
		q.Set("@IdempotencyKey", m.number())
		u.RawQuery = q.Encode()
		service = "generic+" + u.String()
		params["title"] = m.Title
	}
	router, err := shoutrrr.CreateSender(service)
	if err != nil {
		return fmt.Errorf("the channel's address is none of kind %s: %w", kind, err)
	}
	router.Timeout = 2 * sendTimeout // the wire ends it before, and knows what came of it
	return errors.Join(router.Send(text, &params)...)
}

func lastOf(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// dingTalk sends to a robot of a group, signed if there is a key: the HMAC-SHA256
// of the milliseconds and the key, by 钉钉's description of 自定义机器人.
func (c Channels) dingTalk(ctx context.Context, address, key, text string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return errors.New("the channel's address is no URL")
	}
	if key != "" {
		ms := strconv.FormatInt(c.Now().UnixMilli(), 10)
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(ms + "\n" + key))
		q := u.Query()
		q.Set("timestamp", ms)
		q.Set("sign", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
		u.RawQuery = q.Encode()
	}
	body, err := json.Marshal(map[string]any{"msgtype": "text", "text": map[string]string{"content": text}})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return errors.New("the channel's address is no URL")
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := (&http.Client{Transport: c.Wire}).Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer struct {
		Code    *int   `json:"errcode"`
		Message string `json:"errmsg"`
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	switch {
	case err != nil:
		return err
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("钉钉 answers %s", resp.Status)
	case json.Unmarshal(data, &answer) != nil || answer.Code == nil:
		return errors.New("the answer is none of 钉钉's")
	case *answer.Code != 0:
		return fmt.Errorf("钉钉 refuses the message: %d %s", *answer.Code, answer.Message)
	}
	return nil
}
