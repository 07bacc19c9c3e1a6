package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/internal/notify"
	"xuncha/internal/sheet"
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

	Total, Sent, Waiting, GivenUp int // of what the filters but that by state let through

	all []notify.Entry // of all pages
}

// A channelLine is a channel with its messages.
type channelLine struct {
	inventory.Channel
	Sent, Waiting, GivenUp int
	Last                   time.Time // taken
	Fault                  string    // why the last that waits or was given up was not taken
}

func (c *Console) messages(w http.ResponseWriter, q *request) error {
	if c.Mailbox == nil {
		return c.render(w, q, http.StatusOK, "messages", (*messagesPage)(nil))
	}
	format, err := q.wants()
	if err != nil {
		return err
	}
	p, err := c.messagesOf(q)
	if err != nil {
		return err
	}
	if format != "" {
		return c.export(w, q, format, q.messagesSheet(p.all))
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
	var states []option
	for _, s := range []notify.State{notify.Waiting, notify.Sent, notify.GivenUp} {
		states = append(states, option{string(s), messageWord(notify.Entry{State: s}, q.lang)})
	}
	state, err := q.choose("state", q.say("状态", "State"), states)
	if err != nil {
		return nil, err
	}
	var channels []option
	for _, name := range channelNames(p.Settings.Channels, entries) {
		channels = append(channels, option{name, name})
	}
	channel, err := q.choose("channel", q.say("通道", "Channel"), channels)
	if err != nil {
		return nil, err
	}
	p.Fields = []field{channel, state}
	if p.List, err = q.listing("-made", "made", "channel", "title", "state"); err != nil {
		return nil, err
	}
	entries = slices.DeleteFunc(slices.Clone(entries), func(e notify.Entry) bool { return channel.Value != "" && e.Channel != channel.Value })
	p.Total = len(entries)
	var n channelLine
	for _, e := range entries {
		n.add(e)
	}
	p.Sent, p.Waiting, p.GivenUp = n.Sent, n.Waiting, n.GivenUp
	entries = slices.DeleteFunc(entries, func(e notify.Entry) bool { return state.Value != "" && messageState(e) != notify.State(state.Value) })
	sortMessages(entries, p.List)
	p.all = entries
	p.Entries = cut(&p.List, entries)
	return p, nil
}

// channelNames are the channels in force and those that messages are left of.
func channelNames(channels []inventory.Channel, entries []notify.Entry) []string {
	var names []string
	for _, ch := range channels {
		names = append(names, ch.Name)
	}
	for _, e := range entries {
		if !slices.Contains(names, e.Channel) {
			names = append(names, e.Channel)
		}
	}
	return names
}

// messageState is the state of a message; one that is being sent still waits.
func messageState(e notify.Entry) notify.State {
	if e.State == notify.Sending {
		return notify.Waiting
	}
	return e.State
}

// messageWord is how a message stands, in words.
func messageWord(e notify.Entry, lang string) string {
	say := sayer(lang)
	switch messageState(e) {
	case notify.Sent:
		return say("已发", "sent")
	case notify.GivenUp:
		return say("已放弃", "given up")
	}
	return say("待发", "waiting")
}

// sortMessages orders messages.
func sortMessages(entries []notify.Entry, l listing) {
	slices.Reverse(entries) // of the same moment the later first
	slices.SortStableFunc(entries, func(a, b notify.Entry) int {
		if l.Desc {
			a, b = b, a
		}
		n := 0
		switch l.Sort {
		case "channel":
			n = strings.Compare(a.Channel, b.Channel)
		case "title":
			n = strings.Compare(a.Title, b.Title)
		case "state":
			n = strings.Compare(string(messageState(a)), string(messageState(b)))
		}
		return cmp.Or(n, a.Made.Compare(b.Made))
	})
}

func (q *request) messagesSheet(entries []notify.Entry) sheet.Table {
	t := sheet.Table{Name: q.say("消息", "messages"), Head: []string{
		q.say("时间", "Made"), q.say("通道", "Channel"), q.say("标题", "Title"), q.say("状态", "State"), q.say("发出", "Sent"), q.say("已试", "Tries"), q.say("未送达的原因", "Why not taken"), q.say("技术详情", "Details"),
	}}
	for _, e := range entries {
		t.Rows = append(t.Rows, []string{stamp(e.Made, time.DateTime), e.Channel, e.Title, messageWord(e, q.lang), stamp(e.Sent, time.DateTime), strconv.Itoa(e.Tries), q.faultCell(e.Fault), e.Fault})
	}
	return t
}

// faultCell is what went wrong, for a cell; "" where nothing did.
func (q *request) faultCell(text string) string {
	if text == "" {
		return ""
	}
	return faultWord(text, q.lang)
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
