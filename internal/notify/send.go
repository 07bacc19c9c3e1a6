package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"

	"xuncha/inventory"
)

// sendTimeout bounds one try, whatever the other side does.
const sendTimeout = 30 * time.Second

// Channels sends by shoutrrr, and to 钉钉, which shoutrrr does not know, by itself.
type Channels struct {
	// Client asks for 钉钉. Shoutrrr takes no client and uses the process's default:
	// see [Through].
	Client *http.Client

	// Now signs.
	Now func() time.Time
}

// Through makes every client of the process that has no transport of its own go
// through one, within the time of a try: shoutrrr's among them, which is how
// messages obey the policy of package egress. It is for whoever starts the process.
func Through(rt http.RoundTripper) { http.DefaultTransport = bounded{rt} }

// bounded ends whatever takes too long, its body included.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(r.Context(), sendTimeout)
	resp, err := b.RoundTripper.RoundTrip(r.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Body = closing{http.MaxBytesReader(nil, resp.Body, 1<<20), cancel}
	return resp, nil
}

type closing struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (c closing) Close() error {
	c.cancel()
	return c.ReadCloser.Close()
}

// Send implements Sender.
func (c Channels) Send(ctx context.Context, to inventory.Channel, m Message, again bool) error {
	address, err := secret(to.Address)
	if err != nil {
		return err
	}
	key, err := secret(to.Secret)
	if err != nil {
		return err
	}
	text := m.text(sizeOf(to.Kind), again)
	if to.Kind == inventory.DingTalk {
		err = c.dingTalk(ctx, address, key, text)
	} else {
		err = byShoutrrr(to.Kind, address, key, m, text, again)
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		err = fmt.Errorf("%w: %w", err, ErrDoubt)
	}
	return redact(err, secretsOf(address, key)...)
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
	case inventory.Mail:
		service = address
		params["subject"] = strings.Join(strings.Fields(m.Title), " ")
	case inventory.Webhook:
		q := u.Query()
		q.Set("template", "json")
		q.Set("$id", m.ID)
		q.Set("$again", strconv.FormatBool(again))
		u.RawQuery = q.Encode()
		service = "generic+" + u.String()
		params["title"] = m.Title
	}
	router, err := shoutrrr.CreateSender(service)
	if err != nil {
		return fmt.Errorf("the channel's address is none of kind %s: %w", kind, err)
	}
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
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return errors.New("the channel's address is no URL")
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.Client.Do(req)
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
		return fmt.Errorf("%w: %w", err, ErrDoubt)
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("钉钉 answers %s", resp.Status)
	case json.Unmarshal(data, &answer) != nil || answer.Code == nil:
		return errors.New("the answer is none of 钉钉's")
	case *answer.Code != 0:
		return fmt.Errorf("钉钉 refuses the message: %d %s", *answer.Code, answer.Message)
	}
	return nil
}
