package inventory

import (
	"slices"
	"strings"
	"time"
)

// Messages says who is told what after a night, and how.
type Messages struct {
	// Console is the address of the console as people reach it, to which messages
	// link; "" leaves the links out.
	Console string

	// From and To bound the quiet hours of a day, in Beijing time: what becomes due
	// in them is delivered afterwards. Both are zero where there are none.
	From, To time.Duration

	Channels []Channel
}

// A Channel is one recipient of messages.
type Channel struct {
	Name string
	Kind ChannelKind

	// Address and Secret say where the address and the key are found, "env:NAME" or
	// "file:PATH". Rounds keep their configuration, so it holds neither itself.
	Address, Secret string

	// Units are those whose subjects it is told about, with the units below them;
	// none for all.
	Units []string

	About     []Topic
	PerMinute int    // messages at most
	Lang      string // zh or en
}

// A ChannelKind is a way by which messages go.
type ChannelKind string

// The kinds.
const (
	WeCom    ChannelKind = "wecom"    // 企业微信群机器人
	Feishu   ChannelKind = "feishu"   // 飞书群机器人
	DingTalk ChannelKind = "dingtalk" // 钉钉群机器人
	Mail     ChannelKind = "mail"
	Webhook  ChannelKind = "webhook" // JSON to any address
)

// A Topic is a sort of news.
type Topic string

// The topics.
const (
	AboutWarnings Topic = "warnings" // 临期, and what falls stale in a long holiday
	AboutFindings Topic = "findings" // new and cleared ones
	AboutOperator Topic = "operator" // what could not be read, and why; recipes that wait
	AboutAlerts   Topic = "alerts"   // the program itself: a night missed, a disk full
)

// Topics are all topics.
func Topics() []Topic { return []Topic{AboutWarnings, AboutFindings, AboutOperator, AboutAlerts} }

// defaultRate is below what 企业微信 and 钉钉 let a robot send, 20 a minute.
const defaultRate = 15

// messages checks the channels of a city. Units are known later.
func (a *assembly) messages(d *decoder, form *messagesForm) {
	m := Messages{Console: strings.TrimSuffix(form.Console, "/")}
	if form.Quiet != "" {
		m.From, m.To = hoursOf(form.Quiet)
	}
	for i := range form.Channels {
		f := &form.Channels[i]
		a.unique(d, "channel", f.Name, &f.Name)
		c := Channel{Name: f.Name, Kind: f.Kind, Address: f.Address, Secret: f.Secret, About: f.About, PerMinute: f.PerMinute, Lang: f.Lang}
		if len(c.About) == 0 {
			c.About = Topics()
			if len(f.Units) > 0 {
				c.About = []Topic{AboutWarnings, AboutFindings}
			}
		}
		if c.PerMinute == 0 {
			c.PerMinute = defaultRate
		}
		if c.Lang == "" {
			c.Lang = "zh"
		}
		if f.Secret != "" && f.Kind != DingTalk && f.Kind != Feishu {
			d.report("a channel of kind "+string(f.Kind)+" signs nothing", "take secret away", &f.Secret)
		}
		if len(f.Units) > 0 && (slices.Contains(f.About, AboutOperator) || slices.Contains(f.About, AboutAlerts)) {
			d.report("a channel of some units is told of the program", "leave operator and alerts to a channel without units", &f.About)
		}
		m.Channels = append(m.Channels, c)
	}
	a.city.Messages = m
	a.later(d, func(d *decoder) {
		for i := range form.Channels {
			a.city.Messages.Channels[i].Units = a.order(d, form.Channels[i].Units)
		}
	})
}
