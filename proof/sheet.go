package proof

import (
	"bytes"
	_ "embed" // the sheet's template
	"encoding/base64"
	"html/template"
	"slices"
	"strconv"
	"time"

	"xuncha/extract"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

//go:embed sheet.html
var sheetText string

// A sheetView is what the sheet says. Every text is masked and cut.
type sheetView struct {
	Mark                string // of simulated data
	Unit, Name, Kind    string
	Status              string // 疑似 …
	State               string // a sentence
	Text                string // of the finding
	Note                string
	Newest, NewestTitle string
	NewestSource        string // the words of the page
	Point               string
	Looks               []lookView
	Pages               []pageView
	Items               []itemView
	Clause, ClauseName  string
	Window              string
	Clears              string
	Objection           string
	Picture             template.URL // the picture itself, or ""
	PictureName         string
	PictureHidden       bool
	Nights              []nightView
	Unsealed            int
	Finding             string
}

type (
	lookView  struct{ At, Round, Saw, Digest string }
	pageView  struct{ URL, At, Status, Digest string }
	itemView  struct{ Date, Title string }
	nightView struct {
		Number      int
		Round, Seal string
	}
)

// The most rows of each list: the sheet is one page.
const (
	sheetLooks = 4
	sheetPages = 3
	sheetItems = 5
)

// sheetOf writes the sheet for the unit.
func (k *kept) sheetOf(p report.Proof, f *rules.Finding, set *rules.RuleSet) ([]byte, error) {
	m := masker{phrases: k.basis.Proof.Mask}
	say := func(s string) string { return short(m.hide(s)) }
	v := sheetView{
		Unit: say(p.Unit), Name: say(p.Name), Kind: kindWord(p.Kind), Point: p.PointDay,
		State: say(p.Sentence()), Note: say(string(p.Note)), Newest: string(p.Newest), NewestTitle: say(string(p.NewestTitle)), NewestSource: say(string(p.NewestSource)),
		Status: "本次未发现不符合检查指标的情况", Objection: m.hide(k.objection()), Clears: "无须处理。",
	}
	if p.Simulated {
		v.Mark = report.SimulatedMark
	}
	if f != nil {
		ind := set.Indicator(f.Indicator)
		v.Finding, v.Status, v.Text, v.Clause = f.ID, say(f.Status)+"（初判，须经人工核实方可认定）", say(f.Text), m.hide(f.Basis)
		if !f.Preliminary {
			v.Status = say(f.Status)
		}
		if ind != nil {
			v.ClauseName, v.Clears = say(ind.Name), clears(ind.Kind)
		}
		for _, i := range p.Indicators {
			if i.Indicator == f.Indicator && i.WindowStart != "" {
				v.Window = string(i.WindowStart)
			}
		}
	}
	k.sheetLooks(&v, m)
	if p.Reading != nil {
		for _, it := range p.Reading.Items[:min(len(p.Reading.Items), sheetItems)] {
			v.Items = append(v.Items, itemView{string(it.Date), say(it.Title)})
		}
	}
	k.sheetPicture(&v, m)
	for _, n := range k.nights {
		if n.Round == k.manifest.Round || slices.ContainsFunc(k.looks, func(l look) bool { return l.Round == n.Round }) {
			v.Nights = append(v.Nights, nightView{n.Number, n.Round, n.Seal})
		}
	}
	v.Nights = v.Nights[max(0, len(v.Nights)-sheetLooks):]
	t, err := template.New("sheet").Parse(sheetText)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, v)
	return b.Bytes(), err
}

// sheetLooks lists the newest looks at the subject, and the pages of the last.
func (k *kept) sheetLooks(v *sheetView, m masker) {
	for _, l := range k.looks {
		if l.Place == nil {
			v.Unsealed++
		}
	}
	all := k.snapshots()
	for _, s := range all[max(0, len(all)-sheetLooks):] {
		v.Looks = append(v.Looks, lookView{clock(s.At), s.Round, m.hide(saw(s)), s.Digest[:16]})
	}
	if len(all) == 0 {
		return
	}
	for _, p := range all[len(all)-1].Pages {
		if p.Why == extract.WhyPicture || len(v.Pages) == sheetPages {
			continue
		}
		status := "无应答"
		if p.Status != 0 {
			status = "状态 " + strconv.Itoa(p.Status)
		}
		v.Pages = append(v.Pages, pageView{short(m.hide(p.URL)), clock(p.FetchedAt), status, p.SHA256})
	}
}

// sheetPicture puts the picture into the sheet. One that shows what is to be
// masked stays out: a picture cannot be masked by reading.
func (k *kept) sheetPicture(v *sheetView, m masker) {
	name, png := k.pictureOf()
	if png == nil {
		return
	}
	v.PictureName = name
	if v.PictureHidden = k.masks(m); !v.PictureHidden {
		v.Picture = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png))
	}
}

// objection says how a unit objects.
func (k *kept) objection() string {
	if o := k.basis.Proof.Objection; o != "" {
		return o
	}
	office := k.basis.City.Office
	if office == "" {
		office = "本通知的发出单位"
	}
	return "如认为与事实不符，请书面告知" + office + "，写明本单编号和理由，附发布页面的地址、截图等证明材料。核实期间不作认定。"
}

// kindWord is the word for a subject's kind.
func kindWord(kind string) string {
	for _, w := range [][2]string{{"site", "网站"}, {"column", "栏目"}, {"section", "应设栏目"}, {"account", "政务新媒体"}} {
		if w[0] == kind {
			return w[1]
		}
	}
	return "对象"
}

// saw says what a look saw.
func saw(s store.Snapshot) string {
	r := s.Reading
	switch {
	case r.Outcome == extract.Unread:
		return "未能读取（" + string(r.Reason) + "）"
	case r.Outcome == extract.Empty:
		return "列表为空"
	case r.Outcome == extract.Found:
		return "找到应设栏目"
	case r.Outcome == extract.Absent:
		return "查找各页，未找到应设栏目"
	case !r.Newest.IsZero():
		return "读出 " + strconv.Itoa(len(r.Items)) + " 条，最近日期 " + r.Newest.Time.In(extract.Beijing).Format(time.DateOnly)
	}
	return "读出 " + strconv.Itoa(len(r.Items)) + " 条"
}

// clears says what would clear a finding by an indicator of a kind.
func clears(kind rules.Kind) string {
	switch kind {
	case rules.KindHome, rules.KindColumn, rules.KindYear, rules.KindPosts, rules.KindOriginal:
		return "发布新的内容，并在页面上标明发布日期。复查时看到日期在更新时限内的新内容，即为已整改；补录的旧日期内容不算更新。"
	case rules.KindBlank:
		return "在栏目中发布内容；确无内容可发的，按规定撤销栏目或作出说明。复查时列表不再为空，即为已整改。"
	case rules.KindSection:
		return "开设该栏目并集中公开应有的内容；已在别处开设的，请告知地址。复查时能从网站上找到，即为已整改。"
	case rules.KindCount:
		return "更新或撤并所列的超期、空白栏目。复查时不合要求的栏目少于限定的个数，即为已整改。"
	case rules.KindLabels:
		return "在列表或文章页面标明发布时间。复查时能够看到，即为已整改。"
	case rules.KindName, rules.KindOwner, rules.KindAvatar:
		return "使页面显示与备案一致，或办理备案变更。复查时两者一致，即为已整改。"
	case rules.KindAlive, rules.KindClosed, rules.KindSingle:
		return "使账号的实际状态与备案一致，或办理备案变更、注销。复查时两者一致，即为已整改。"
	}
	return "按所列依据改正，并报告整改情况。复查时不再出现，即为已整改。"
}

// clock prints a moment in Beijing.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(extract.Beijing).Format("2006-01-02 15:04:05")
}
