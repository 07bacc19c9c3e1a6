package cases

import (
	"encoding/json"
	"fmt"
	"strings"

	"xuncha/extract"
)

// An Export is everything a book holds, in a form that others can read: the
// events, which are the truth, and what they come to.
type Export struct {
	Format int     `json:"format"`
	Head   Head    `json:"head"`
	Events []Event `json:"events"`
	Cases  []*Case `json:"cases"`
}

// exportFormat is raised when a reader of old exports would be misled.
const exportFormat = 1

// Export returns the whole book, to be written as JSON. [Import] reads it back.
func (b *Book) Export() Export {
	return Export{Format: exportFormat, Head: b.Head(), Events: b.Events(), Cases: b.Cases()}
}

// Import folds the events of an export and checks them against its head. What
// the export says they come to is not believed.
func Import(data []byte) (*Book, error) {
	var x Export
	if err := json.Unmarshal(data, &x); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	if x.Format != exportFormat {
		return nil, fmt.Errorf("history: format %d is not %d; read it with the program that wrote it", x.Format, exportFormat)
	}
	b, err := Open(x.Events)
	if err != nil {
		return nil, err
	}
	return b, b.Continues(x.Head)
}

// HistoryHeader names the columns of [Book.History].
func HistoryHeader() []string {
	return []string{
		"序号", "问题编号", "对象", "检查指标", "检查期", "时间", "办理人", "角色", "办理", "内容", "办理后状态", "附件", "校验值",
	}
}

// History returns the events as rows for a table, those of one case or, for "",
// all.
func (b *Book) History(id string) [][]string {
	var rows [][]string
	states := &Book{}
	for _, e := range b.events {
		if id != "" && e.Case != id {
			continue
		}
		states.add(e)
		c, o := states.cases[e.Case], states.Occurrence(e.Case, e.Period)
		state := string(o.State)
		if o.Pending != nil {
			state += "（" + o.Pending.Kind.Chinese() + "待审核）"
		}
		rows = append(rows, []string{
			fmt.Sprint(e.Seq), e.Case, c.Subject, c.Indicator, e.Period, moment(e.At), e.By.Name, string(e.By.Role),
			e.Kind.Chinese(), e.content(), state, e.attached(), e.Digest,
		})
	}
	return rows
}

// content says in one cell what the event was about.
func (e Event) content() string {
	var parts []string
	say := func(label, text string) {
		if text != "" {
			parts = append(parts, label+text)
		}
	}
	if e.Facts != nil {
		say("", e.Facts.Text)
		say("来源：", strings.Join(e.Facts.Sources, "、"))
	}
	say("答复：", string(e.Answer))
	say("复核结果：", string(e.Result))
	if e.Kind == Standing && len(parts) > 0 {
		parts = []string{map[Result]string{Passed: "已整改", Failed: "未整改"}[e.Result]}
	}
	if l := e.Look; l != nil {
		say("巡查：", moment(l.At))
		say("最近更新时间：", newestDay(l.Newest))
		if len(l.Backfilled) > 0 {
			say("", BackfillNote(l.Backfilled))
		}
	}
	if x := e.Exemption; x != nil {
		say("原因：", string(x.Reason))
		say("截止：", dayText(x.Until))
	}
	say("公开方式：", e.Publicity)
	say("文号：", e.Document)
	say("签字人：", e.SignedBy)
	if !e.Due.IsZero() {
		say("期限：", dayText(e.Due))
	}
	if !e.On.IsZero() {
		say("发生日期：", dayText(e.On))
	}
	say("", e.Note)
	if e.Alone {
		say("", "按配置由一人办理")
	}
	return strings.Join(parts, "；")
}

func newestDay(d extract.Date) string {
	if d.IsZero() {
		return ""
	}
	return dayText(d.Time)
}

func (e Event) attached() string {
	var names []string
	for _, a := range e.Attachments {
		names = append(names, a.Name)
	}
	return strings.Join(names, "、")
}
