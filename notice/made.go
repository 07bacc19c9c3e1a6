package notice

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/cases"
	"xuncha/internal/gongwen"
	"xuncha/inventory"
	"xuncha/rules"
)

// Made is what a notice was made from: how to make it again, and digests of all
// that it rests on. It travels with the documents and stands in summary.json.
type Made struct {
	Format   string `json:"format"`
	Period   string `json:"period"`
	At       string `json:"at"`
	Final    string `json:"final"` // "true" or "false"
	Date     string `json:"date"`
	Due      string `json:"due"`
	Number   string `json:"number"`
	Template string `json:"template"`
	RuleSet  string `json:"rule_set"`

	Round          string `json:"round"`
	Seal           string `json:"seal,omitempty"` // of the round's night; not in summary.json, which the same pages make anywhere
	Events         string `json:"events"`         // how many of the book
	Imports        string `json:"imports"`        // how many of registers
	Looks          string `json:"sha256_looks"`
	Inventory      string `json:"sha256_inventory"`
	Config         string `json:"sha256_config"`
	Rules          string `json:"sha256_rules"`
	Registers      string `json:"sha256_registers"`
	Cases          string `json:"sha256_cases"`
	TemplateDigest string `json:"sha256_template"`
	Last           string `json:"sha256_last"`
}

// madeFormat is the version of what makes notices: it grows when the same input
// gives other bytes.
const madeFormat = "2"

// prefix marks our properties among a document's.
const prefix = "xuncha_"

func made(in Input) Made {
	return Made{
		Format: madeFormat, Period: in.Period.String(), At: cmp.Or(in.At, in.Result.Point.UTC().Format(time.RFC3339)), Final: strconv.FormatBool(in.Final),
		Date: digits(in.Date), Due: digits(in.Due), Number: in.Number, Template: in.Template.id, RuleSet: in.RuleSet.ID,
		Round: in.Round.ID, Seal: in.Seal, Imports: strconv.Itoa(in.Imports), Events: strconv.Itoa(in.Book.Head().Seq), Looks: looksDigest(in.Result), Inventory: in.City.Digest,
		Config: in.Config, Rules: in.RuleSet.Digest, Registers: digestOf(struct {
			Entries []inventory.Entry
			Figures *Registers
		}{in.City.Registers, in.Registers}), Cases: casesDigest(in.Book), TemplateDigest: in.Template.digest, Last: digestOf(in.Last),
	}
}

// digestOf is the SHA-256 of a value as JSON, in hexadecimal.
func digestOf(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// casesDigest is the SHA-256 over what was recorded about findings, but for the
// digests that tie it to single snapshots: how long a page took to come is part of
// those, and the same pages give the same notice. That nothing was changed in the
// history its own digests say.
func casesDigest(book *cases.Book) string {
	events := slices.Clone(book.Events())
	for i := range events {
		e := &events[i]
		e.Prior, e.PriorOfCase, e.Digest = "", "", ""
		if e.Facts != nil {
			facts := *e.Facts
			facts.Snapshots = nil
			e.Facts = &facts
		}
		if e.Look != nil {
			look := *e.Look
			look.Snapshot = ""
			e.Look = &look
		}
	}
	return digestOf(events)
}

// looksDigest is the SHA-256 over what a judgement rests on: when each subject was
// looked at, what was read, and the digests of the pages. How long they took to
// come is no part of it, so that the same pages give the same notice.
func looksDigest(res rules.Result) string {
	h := sha256.New()
	note := func(subject string, looks ...*rules.Look) {
		for _, l := range looks {
			if l != nil {
				fmt.Fprintf(h, "%s %s %s %s\n", subject, l.At.UTC().Format(time.RFC3339), digestOf(l.Reading), digestOf(l.Evidence))
			}
		}
	}
	for _, r := range res.Columns {
		note(r.Column.ID, r.Look, r.LastGood)
	}
	for _, r := range res.Sections {
		note(r.Section.ID, r.Look)
	}
	for _, r := range slices.Concat(res.Accounts, res.Uncounted) {
		note(r.Account.ID(), r.Look, r.Named)
	}
	for _, r := range res.Sites {
		note(r.Carrier.ID, r.Look)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// properties are what travels with a document.
func (m Made) properties() []gongwen.Property {
	var out []gongwen.Property
	m.each(func(name string, value *string) {
		out = append(out, gongwen.Property{Name: prefix + name, Value: *value})
	})
	return out
}

// each calls a function for every field under its name.
func (m *Made) each(do func(name string, value *string)) {
	v := reflect.ValueOf(m).Elem()
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		do(name, v.Field(i).Addr().Interface().(*string))
	}
}

// A Difference is what one notice rests on and another does not.
type Difference struct {
	Name, Was, Is string // Name as in Made's JSON
}

// Differs lists what differs in what two notices were made from. A file that does
// not say under which seal it was made has none to differ.
func (m Made) Differs(other Made) []Difference {
	var out []Difference
	values := map[string]string{}
	other.each(func(name string, value *string) { values[name] = *value })
	m.each(func(name string, value *string) {
		if is := values[name]; is != *value && (name != "seal" || *value != "") {
			out = append(out, Difference{name, *value, is})
		}
	})
	return out
}

// Chinese says in words what differs.
func (d Difference) Chinese() string {
	words := map[string]string{
		"format": "程序版本（文书格式）", "period": "季度", "at": "监测时间点", "final": "初稿或定稿", "date": "成文日期", "due": "整改时限", "number": "文号",
		"template": "模板名称", "rule_set": "检查指标", "round": "巡查批次", "events": "问题办理记录条数", "imports": "登记表导入次数", "seal": "该批次的封存值", "sha256_looks": "网页快照",
		"sha256_inventory": "该批次的对象清单", "sha256_config": "现行配置", "sha256_rules": "检查指标内容", "sha256_registers": "登记数据",
		"sha256_cases": "问题办理记录", "sha256_template": "模板内容", "sha256_last": "上季度结果",
	}
	return words[d.Name]
}

// BookAt is a book as it stood after so many events.
func BookAt(b *cases.Book, events string) (*cases.Book, error) {
	n, err := strconv.Atoi(cmp.Or(events, "0"))
	all := b.Events()
	switch {
	case err != nil:
		return nil, fmt.Errorf("number of events %q: %w", events, err)
	case n > len(all):
		return nil, fmt.Errorf("the notice rests on %d events of cases, and %d are kept", n, len(all))
	}
	return cases.Open(all[:max(n, 0)])
}

// madeOf finds our properties among others.
func madeOf(properties map[string]string) (m Made, ok bool) {
	m.each(func(name string, value *string) {
		v, found := properties[prefix+strings.TrimSpace(name)]
		*value, ok = v, ok || found
	})
	return m, ok && m.Format != ""
}
