package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/report"
)

// proofItems is how many items are shown as proof of a column.
const proofItems = 5

// A suggestion is what suggest says, as JSON.
type suggestion struct {
	URL     string            `json:"url"`
	Title   string            `json:"title"`
	CMS     report.Null       `json:"cms"`
	Reason  report.Null       `json:"reason"`
	Detail  report.Null       `json:"detail"`
	Columns []suggestedColumn `json:"columns"`
	Skipped []extract.Skip    `json:"skipped"`
	NotRead int               `json:"not_read"`
}

// A suggestedColumn is one column of it.
type suggestedColumn struct {
	Name       string          `json:"name"`
	Unit       report.Null     `json:"unit"`
	URL        string          `json:"url"`
	Class      inventory.Class `json:"class"`
	ClassWord  report.Null     `json:"class_word"`
	ClassSure  float64         `json:"class_sure"`
	Confidence float64         `json:"confidence"`
	Seen       extract.Spot    `json:"seen"`
	Known      report.Null     `json:"known"`
	Directory  int             `json:"directory"` // columns that only its page links to
	Looked     bool            `json:"looked"`
	Outcome    report.Null     `json:"outcome"`
	Reason     report.Null     `json:"reason"`
	Detail     report.Null     `json:"detail"`
	Method     report.Null     `json:"method"`
	Newest     report.Null     `json:"newest"`
	Items      []extract.Item  `json:"items"` // the newest five
	Recipe     *extract.Recipe `json:"recipe"`
}

// proposed reports whether the column is to be written down.
func (c suggestedColumn) proposed() bool { return c.Known == "" && c.Directory == 0 }

func newSuggestion(s patrol.Suggestion) suggestion {
	out := suggestion{
		URL: s.URL, Title: s.Title, CMS: report.Null(s.CMS), Reason: report.Null(s.Reason), Detail: report.Null(s.Detail),
		Columns: []suggestedColumn{}, Skipped: append([]extract.Skip{}, s.Skipped...), NotRead: s.NotRead,
	}
	for _, c := range s.Columns {
		r := c.Reading
		col := suggestedColumn{
			Name: c.Name, Unit: report.Null(c.Unit), URL: c.URL, Class: c.Guess.Class, ClassWord: report.Null(c.Guess.Word), ClassSure: c.Guess.Sure,
			Confidence: float64(int(c.Confidence*100+0.5)) / 100, Seen: c.Seen, Known: report.Null(c.Known), Directory: c.Directory, Looked: c.Looked,
			Outcome: report.Null(r.Outcome), Reason: report.Null(r.Reason), Detail: report.Null(r.Detail), Items: extract.NewestItems(r.Items, proofItems), Recipe: c.Recipe,
		}
		if r.Conclusive() {
			col.Method = report.Null(r.Method)
		}
		if !r.Newest.IsZero() {
			col.Newest = report.Null(r.Newest.Time.Format(time.DateOnly))
		}
		out.Columns = append(out.Columns, col)
	}
	return out
}

// tellSuggestion prints what was found, as YAML to paste into sites/ID.yaml or
// as JSON.
func (a *app) tellSuggestion(format string, found patrol.Suggestion) error {
	s := newSuggestion(found)
	if format == "json" {
		return report.WriteJSON(a.stdout, s)
	}
	var b strings.Builder
	a.suggestionHead(&b, s)
	b.WriteString("columns:")
	if !slices.ContainsFunc(s.Columns, suggestedColumn.proposed) {
		b.WriteString(" []")
	}
	b.WriteString("\n")
	for _, c := range s.Columns {
		a.suggestColumn(&b, c)
	}
	for _, skip := range s.Skipped {
		comment(&b, "", a.say("略过 ", "left out ")+a.skipped(skip))
	}
	_, err := a.stdout.Write([]byte(b.String()))
	return err
}

func (a *app) suggestionHead(b *strings.Builder, s suggestion) {
	known := 0
	for _, c := range s.Columns {
		if c.Known != "" {
			known++
		}
	}
	comment(b, "", s.URL+" "+s.Title)
	comment(b, "", fmt.Sprintf(a.say("找到 %d 个栏目，其中 %d 个已在配置中，%d 个未试读；核对后去掉 confirmed: false，再粘贴到 sites/ID.yaml。",
		"%d columns found, %d of them configured already, %d not read; check each, take confirmed: false away, and paste into sites/ID.yaml."),
		len(s.Columns), known, s.NotRead))
	if s.Reason != "" {
		comment(b, "", strings.TrimSpace(fmt.Sprintf(a.say("网页未能读取：%s %s", "the page could not be looked at: %s %s"), s.Reason, s.Detail)))
	}
	if s.CMS != "" {
		comment(b, "", "cms: "+string(s.CMS))
	}
}

// suggestColumn writes one column: as YAML, or as a comment where it is
// configured already.
func (a *app) suggestColumn(b *strings.Builder, c suggestedColumn) {
	if c.Known != "" {
		comment(b, "  ", fmt.Sprintf(a.say("已在配置中：%s  %s  %s", "configured already: %s  %s  %s"), c.Known, c.Name, c.URL))
		return
	}
	if c.Directory > 0 {
		comment(b, "  ", fmt.Sprintf(a.say("目录页，下有 %d 个栏目：%s  %s", "a directory of %d columns: %s  %s"), c.Directory, c.Name, c.URL))
		return
	}
	fmt.Fprintf(b, "  - name: %s\n    class: %s\n", inventory.YAMLText(c.Name), c.Class)
	if c.Unit != "" {
		fmt.Fprintf(b, "    unit: %s\n", inventory.YAMLText(string(c.Unit)))
	}
	fmt.Fprintf(b, "    url: %s\n", inventory.YAMLText(c.URL))
	if c.Recipe != nil {
		recipe := *c.Recipe
		recipe.Name = "" // of accounts; in a column it is the column's
		b.WriteString(inventory.RecipeYAML(recipe, "    "))
	}
	b.WriteString("    confirmed: false\n")
	word := cmp.Or(string(c.ClassWord), a.say("名称无依据", "nothing in the name"))
	comment(b, "    ", fmt.Sprintf(a.say("栏目把握 %.2f（%s），分类把握 %.2f（%s）", "column %.2f (%s), class %.2f (%s)"), c.Confidence, a.seen(c.Seen), c.ClassSure, word))
	switch {
	case !c.Looked:
		comment(b, "    ", a.say("未试读", "not read"))
	case c.Method == "":
		comment(b, "    ", strings.TrimSpace(fmt.Sprintf(a.say("未能读取：%s %s", "not read: %s %s"), c.Reason, c.Detail)))
	default:
		comment(b, "    ", fmt.Sprintf(a.say("读法 %s，%s，最近更新 %s", "read by %s, %s, newest %s"), c.Method, c.Outcome, cmp.Or(string(c.Newest), "—")))
	}
	for _, item := range c.Items {
		day := "----------"
		if !item.Date.IsZero() {
			day = item.Date.Time.Format(time.DateOnly)
		}
		comment(b, "    ", day+" "+item.Title)
	}
}

// seen says where a column was seen.
func (a *app) seen(s extract.Spot) string {
	switch s {
	case extract.SpotHeading:
		return a.say("标题", "heading")
	case extract.SpotMore:
		return a.say("更多", "more")
	case extract.SpotItems:
		return a.say("由条目网址推出", "by its items' addresses")
	case extract.SpotMap:
		return a.say("图片热区", "area of a picture")
	}
	return a.say("导航", "menu")
}

// skipped says what was left out and why.
func (a *app) skipped(s extract.Skip) string {
	why := map[extract.SkipWhy][2]string{
		extract.SkipArticle: {"文章", "articles"}, extract.SkipService: {"服务与说明", "services"}, extract.SkipPaging: {"翻页", "paging"},
		extract.SkipElsewhere: {"外站", "other hosts"}, extract.SkipHome: {"首页或本页", "the page itself"}, extract.SkipScript: {"脚本链接", "addresses held by scripts"},
		extract.SkipUnnamed: {"没有文字的图片", "pictures without a text"}, extract.SkipFile: {"附件", "files"}, extract.SkipFoot: {"页脚与友情链接", "the page's foot"},
		extract.SkipTrail: {"当前位置", "the trail"}, extract.SkipUnlikely: {"不像栏目", "unlikely"},
	}[s.Why]
	text := fmt.Sprintf("%s %d", a.say(why[0], why[1]), s.Count)
	if len(s.Examples) > 0 {
		text += a.say("：", ": ") + strings.Join(s.Examples, a.say("、", ", "))
	}
	return text
}

// commentCells bounds a comment, in cells of a terminal.
const commentCells = 1000

// comment writes one line of comment, whatever the text holds.
func comment(b *strings.Builder, indent, text string) {
	b.WriteString(indent + "# " + report.Plain(text, commentCells) + "\n")
}
