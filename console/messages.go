package console

import (
	"net/http"
	"slices"
	"time"

	"xuncha/internal/notify"
	"xuncha/inventory"
	"xuncha/people"
)

var messageRoutes = []Route{
	{"GET", "/system/messages", people.Oversee, (*Console).messages},
	{"POST", "/system/messages/test", people.Administer, (*Console).testMessage},
}

// A Mailbox is what was told and what waits to be.
type Mailbox interface {
	// Settings are the channels in force.
	Settings() inventory.Messages

	// Entries are the messages that are remembered, oldest first.
	Entries() ([]notify.Entry, error)

	// Test puts a message into the outbox that says that a channel works.
	Test(channel string) error
}

// A messagesPage shows the channels and what became of their messages.
type messagesPage struct {
	Settings inventory.Messages
	Quiet    string
	Channels []channelLine
	List     listing
	Entries  []notify.Entry
	Fields   []field
}

// A channelLine is a channel with its messages.
type channelLine struct {
	inventory.Channel
	Sent, Waiting, GivenUp int
	Last                   time.Time // taken
	Fault                  string    // why the last one that waits was not taken
}

func (c *Console) messages(w http.ResponseWriter, q *request) error {
	if c.Mailbox == nil {
		return c.render(w, q, http.StatusOK, "messages", (*messagesPage)(nil))
	}
	p, err := c.messagesOf(q)
	if err != nil {
		return err
	}
	return c.render(w, q, http.StatusOK, "messages", p)
}

// messagesOf are the channels, and the messages that an address asks for.
func (c *Console) messagesOf(q *request) (*messagesPage, error) {
	entries, err := c.Mailbox.Entries()
	if err != nil {
		return nil, err
	}
	p := &messagesPage{Settings: c.Mailbox.Settings()}
	if p.Settings.From != p.Settings.To {
		day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		p.Quiet = day.Add(p.Settings.From).Format("15:04") + "–" + day.Add(p.Settings.To).Format("15:04")
	}
	for _, ch := range p.Settings.Channels {
		line := channelLine{Channel: ch}
		for _, e := range entries {
			if e.Channel == ch.Name {
				line.add(e)
			}
		}
		p.Channels = append(p.Channels, line)
	}
	states := []option{
		{string(notify.Waiting), q.say("待发", "waiting")}, {string(notify.Sent), q.say("已发", "sent")}, {string(notify.GivenUp), q.say("已放弃", "given up")},
	}
	state, err := q.choose("state", q.say("状态", "State"), states)
	if err != nil {
		return nil, err
	}
	p.Fields = []field{state}
	if p.List, err = q.listing("made"); err != nil {
		return nil, err
	}
	slices.Reverse(entries)
	entries = slices.DeleteFunc(entries, func(e notify.Entry) bool {
		return state.Value != "" && string(e.State) != state.Value && (state.Value != string(notify.Waiting) || e.State != notify.Sending)
	})
	p.Entries = cut(&p.List, entries)
	return p, nil
}

// add counts one message of the channel.
func (l *channelLine) add(e notify.Entry) {
	switch e.State {
	case notify.Sent:
		l.Sent++
		l.Last = e.Sent
	case notify.GivenUp:
		l.GivenUp++
		l.Fault = e.Fault
	default:
		l.Waiting++
		l.Fault = e.Fault
	}
}

// KindWord is how messages go, in words.
func (v view) KindWord(k inventory.ChannelKind) string {
	switch k {
	case inventory.WeCom:
		return v.Say("企业微信", "WeCom")
	case inventory.Feishu:
		return v.Say("飞书", "Feishu")
	case inventory.DingTalk:
		return v.Say("钉钉", "DingTalk")
	case inventory.Mail:
		return v.Say("邮件", "mail")
	}
	return v.Say("网络回调", "webhook")
}

// TopicWord is a sort of news, in words.
func (v view) TopicWord(t inventory.Topic) string {
	switch t {
	case inventory.AboutWarnings:
		return v.Say("临期提醒", "warnings")
	case inventory.AboutFindings:
		return v.Say("新发现与恢复", "findings")
	case inventory.AboutOperator:
		return v.Say("未能监测与采集规则", "what was not read")
	}
	return v.Say("系统告警", "alerts")
}

// testMessage sends a test to one channel.
func (c *Console) testMessage(w http.ResponseWriter, q *request) error {
	form, err := q.form()
	if err == nil {
		err = c.test(form.Get("channel"))
	}
	if err != nil {
		return err
	}
	return c.done(w, q, "/system/messages", "测试消息已交发件箱；收到与否见下表", "the test is in the outbox; the table shows what becomes of it")
}

// test puts a test for a channel into the outbox.
func (c *Console) test(name string) error {
	if c.Mailbox == nil || !slices.ContainsFunc(c.Mailbox.Settings().Channels, func(ch inventory.Channel) bool { return ch.Name == name }) {
		return refuse(http.StatusBadRequest, "没有这个通道；请在页面上选择", "there is no such channel; choose one on the page")
	}
	return c.Mailbox.Test(name)
}
