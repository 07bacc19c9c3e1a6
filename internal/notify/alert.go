package notify

import (
	"slices"
	"strings"
	"time"

	"xuncha/inventory"
)

// An Alert is something wrong with the program itself.
type Alert struct {
	ID    string // what it is about: no-round, coverage, clock, disk, backup, platform/weibo …
	Since time.Time

	// Chinese and English say what is wrong and what to do.
	Chinese, English string
}

// Alerts are the messages about alerts, one a channel and alert. The same alert,
// since the same moment, is one message however often it is told.
func Alerts(alerts []Alert, m inventory.Messages, office string, now time.Time) []Message {
	var all []Message
	for _, a := range alerts {
		for _, c := range m.Channels {
			if !slices.Contains(c.About, inventory.AboutAlerts) {
				continue
			}
			v := voice(c.Lang)
			all = append(all, Message{
				ID: strings.Join([]string{"alert", a.ID, a.Since.UTC().Format(time.RFC3339), c.Name}, "/"), Channel: c.Name, Lang: c.Lang, Made: now, Link: m.Console,
				Title: v.say("巡查系统告警：", "Xuncha, alert: ") + v.say(short(a.Chinese, "；"), short(a.English, ";")),
				Parts: []Part{{Heading: safe(office), Lines: []Line{{tame(v.say(a.Chinese, a.English), maxAlert), "/system"}}, Paths: []string{"/system"}}},
			})
		}
	}
	return all
}

// maxAlert bounds what an alert says, in characters.
const maxAlert = 600

// short is the first clause of a sentence.
func short(sentence, end string) string {
	first, _, _ := strings.Cut(sentence, end)
	return safe(first)
}
