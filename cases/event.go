package cases

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"xuncha/extract"
	"xuncha/rules"
)

// An Event is one thing that happened to one occurrence of a case. Who records
// one fills in what its kind asks for; [Book.Seal] fills in the rest.
type Event struct {
	Case   string    `json:"case"`
	Period string    `json:"period"` // "2023Q3"; a numbered round may have any name
	Kind   Kind      `json:"kind"`
	At     time.Time `json:"at"` // when it was recorded
	By     Person    `json:"by"`

	// On is the day on which it happened where that is not the day of At: a
	// report that came on Friday and was entered on Monday.
	On time.Time `json:"on,omitzero"`

	Note        string       `json:"note,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`

	Due       time.Time    `json:"due,omitzero"`       // the last day, of verify, send, return, extend, and reopen of what was cleared
	Facts     *Facts       `json:"facts,omitempty"`    // of raise
	Answer    Answer       `json:"answer,omitempty"`   // of reply
	Document  string       `json:"document,omitempty"` // of send: number of the 通报 or 交办单
	SignedBy  string       `json:"signed_by,omitempty"`
	Publicity string       `json:"publicity,omitempty"` // of publish
	Exemption *Exemption   `json:"exemption,omitempty"` // of exempt
	Look      *Observation `json:"look,omitempty"`      // of recheck and standing
	Result    Result       `json:"result,omitempty"`    // of recheck and standing

	// Alone marks a decision that takes two people and was taken by one, as the
	// city's policy allowed.
	Alone bool `json:"alone,omitempty"`

	// Seq counts the events of the book, OfCase those of the case, from 1. Prior
	// and PriorOfCase are the digests of the ones before, "" for the first.
	Seq         int    `json:"seq"`
	OfCase      int    `json:"of_case"`
	Prior       string `json:"prior,omitempty"`
	PriorOfCase string `json:"prior_of_case,omitempty"`

	// Digest is the SHA-256, in hexadecimal, of the event in JSON without this
	// field.
	Digest string `json:"digest,omitempty"`
}

// Facts are what a finding claims.
type Facts struct {
	Subject   string       `json:"subject"`
	Unit      string       `json:"unit"`
	Indicator string       `json:"indicator"`
	Effect    rules.Effect `json:"effect"`
	Sources   []string     `json:"sources"` // 问题来源: 巡查, 人工核查, 上级通报, 网民反映
	Publicity string       `json:"publicity"`
	Text      string       `json:"text"`
	Basis     string       `json:"basis"`

	Since  time.Time    `json:"since,omitzero"`
	Newest extract.Date `json:"newest,omitzero"`
	Point  time.Time    `json:"point"` // 监测时间点; of a person's finding the day it was found

	// AtPoint is 监测时间点状态, as the machine or the person saw it.
	AtPoint string `json:"at_point,omitempty"`

	// RuleSet names the rule set, and Snapshots are the digests of what was
	// looked at.
	RuleSet   string   `json:"rule_set,omitempty"`
	Snapshots []string `json:"snapshots,omitempty"`
}

// The sources of a finding.
const (
	ByPatrol   = "巡查"
	ByHand     = "人工核查"
	BySuperior = "上级通报"
	ByCitizens = "网民反映"
)

// How a finding is told of in public.
const (
	Named    = "点名"
	Outlined = "概述不点名"
	Internal = "仅内部"
)

// An Answer is what a unit says of a suspicion.
type Answer string

// The answers.
const (
	Admitted Answer = "属实"
	Denied   Answer = "不属实"
	Fixed    Answer = "已整改"
)

// A Reason is why a finding is filed and not counted.
type Reason string

// The reasons of an exemption.
const (
	Redesign Reason = "改版"
	Pause    Reason = "临时停更"
	Nothing  Reason = "无应公开内容"
)

// An Exemption is a filed reason not to count a finding, up to a day.
type Exemption struct {
	Reason Reason    `json:"reason"`
	Until  time.Time `json:"until"` // the last day
}

// A Result is what a re-check came to.
type Result string

// The results of a re-check.
const (
	Passed  Result = "通过"
	Failed  Result = "未通过"
	Unclear Result = "未能监测"
)

// bounds of what people write.
const (
	maxNote        = 20000 // characters
	maxName        = 100
	maxAttachments = 50
)

// tidy brings an event into the one form in which it is kept: days and moments
// in Beijing, moments to the second, and otherwise as JSON gives it back.
func (e Event) tidy() (Event, error) {
	e.At = e.At.In(extract.Beijing).Truncate(time.Second)
	e.On, e.Due = toDay(e.On), toDay(e.Due)
	for _, text := range []*string{&e.Period, &e.By.Name, &e.Note, &e.Document, &e.SignedBy} {
		*text = strings.TrimSpace(*text)
	}
	if e.Exemption != nil {
		x := *e.Exemption
		x.Until = toDay(x.Until)
		e.Exemption = &x
	}
	data, err := json.Marshal(e)
	if err != nil {
		return Event{}, fmt.Errorf("event of %s: %w", e.Case, err)
	}
	var kept Event
	err = json.Unmarshal(data, &kept)
	return kept, err
}

func toDay(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return extract.DayOf(t)
}

// wellFormed refuses an event that lacks what every event has.
func (e Event) wellFormed() error {
	switch {
	case e.At.IsZero():
		return refuse("没有办理时间；请注明时间", "no moment; say when it was done")
	case plainName(e.By.Name) == "" || utf8.RuneCountInString(e.By.Name) > maxName:
		return refuse("没有办理人姓名；请注明是谁办理的", "no name; say who did it")
	case e.Period == "" || utf8.RuneCountInString(e.Period) > maxName:
		return refuse("没有检查期；请注明是哪一期，如 2023Q3", "no period; say which, such as 2023Q3")
	case utf8.RuneCountInString(e.Note) > maxNote:
		return refuse(fmt.Sprintf("说明超过%d字；请缩短，或作为附件提交", maxNote), fmt.Sprintf("the note has more than %d characters; shorten it or attach it", maxNote))
	case len(e.Attachments) > maxAttachments:
		return refuse(fmt.Sprintf("附件超过%d个；请合并后提交", maxAttachments), fmt.Sprintf("more than %d attachments; put them together", maxAttachments))
	case !e.On.IsZero() && e.On.After(extract.DayOf(e.At)):
		return refuse("发生日期晚于登记日期；请改正日期", "it happened after it was recorded; correct the day")
	}
	for _, a := range e.Attachments {
		if sum, err := hex.DecodeString(a.SHA256); err != nil || len(sum) != sha256.Size || strings.TrimSpace(a.Name) == "" {
			return refuse(fmt.Sprintf("附件“%s”没有名称或校验值；请重新上传", a.Name), fmt.Sprintf("attachment %q has no name or no digest; hand it in again", a.Name))
		}
	}
	return nil
}

// happened is the day on which an event happened.
func (e Event) happened() time.Time {
	if !e.On.IsZero() {
		return e.On
	}
	return extract.DayOf(e.At)
}

// seal is the event's digest.
func (e Event) seal() (string, error) {
	e.Digest = ""
	data, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("event %d: %w", e.Seq, err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// Attach describes a paper, whose bytes are to be kept with the events.
func Attach(name string, data []byte) Attachment {
	sum := sha256.Sum256(data)
	return Attachment{Name: name, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(data))}
}
