package console

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/workshop"
)

// Bounds of the columns that a recipe is tried on besides its own.
const (
	maxNeighbours  = 300
	effectsTimeout = 8 * time.Second
)

// An effects answer says what a recipe would do to the columns beside its own.
type effects struct {
	Sentence string       `json:"sentence"`
	Lines    []effectLine `json:"lines"`
}

// An effectLine is one column.
type effectLine struct {
	ID     string              `json:"id"`
	Name   string              `json:"name"`
	Kind   workshop.EffectKind `json:"kind"`
	Word   string              `json:"word"`
	Before string              `json:"before"`
	After  string              `json:"after"`
}

// tunerEffects tries a recipe on the newest kept pages of the columns of the same
// site, and of those of the same platform that are not read now.
func (c *Console) tunerEffects(w http.ResponseWriter, q *request) error {
	return c.reply(w, q, func() (any, error) {
		a, row, bench, _, err := c.ask(w, q)
		if err != nil {
			return nil, err
		}
		return c.effectsOf(q, a, row, bench)
	})
}

// effectsOf tries the recipe of a question on the columns beside its own.
func (c *Console) effectsOf(q *request, a asked, row board.Row, bench *workshop.Bench) (*effects, error) {
	if a.Recipe == nil {
		return nil, refuse(http.StatusBadRequest, "没有规则可试；请先点选", "there is no recipe to try; point at an item first")
	}
	leave, err := c.slot(q.Context())
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(q.Context(), effectsTimeout)
	defer cancel()
	rows := q.neighbours(bench, row)
	var all []workshop.Neighbour
	for _, r := range rows {
		if n, ok, err := c.neighbour(bench, r.ID); err != nil {
			return nil, err
		} else if ok {
			all = append(all, n)
		}
		if ctx.Err() != nil {
			break
		}
	}
	out := q.effects(rows, len(all), bench.Effects(ctx, *a.Recipe, all))
	return &out, nil
}

// neighbours are the columns that a recipe may serve besides its own: those of the
// same site, and those of the same platform that cannot be read.
func (q *request) neighbours(bench *workshop.Bench, row board.Row) []board.Row {
	cms := ""
	if carrier, ok := bench.City.Carrier(row.Carrier); ok {
		cms = carrier.CMS
	}
	var near, far []board.Row
	for _, r := range q.rows(inventory.KindColumn) {
		if r.ID == row.ID {
			continue
		}
		if r.Carrier == row.Carrier {
			near = append(near, r)
			continue
		}
		carrier, ok := bench.City.Carrier(r.Carrier)
		if ok && cms != "" && carrier.CMS == cms && r.State == rules.Unknown && slices.Contains(mendable, r.Reason) {
			far = append(far, r)
		}
	}
	all := slices.Concat(near, far)
	return all[:min(len(all), maxNeighbours)]
}

// neighbour is a column with its newest kept pages; ok is false where none are.
func (c *Console) neighbour(bench *workshop.Bench, id string) (n workshop.Neighbour, ok bool, err error) {
	if c.Archive == nil {
		return n, false, nil
	}
	for sum, err := range c.Archive.History(id, time.Time{}) {
		if err != nil {
			return n, false, err
		}
		snap, err := c.load(sum)
		if err != nil {
			return n, false, err
		}
		if !slices.ContainsFunc(snap.Pages, func(p extract.Page) bool { return p.SHA256 != "" && p.Class == "" }) {
			continue // nothing came that night
		}
		n.Subject, ok = bench.Subject(id, sum.At)
		n.At = sum.At
		if ok {
			n.Pages, err = c.withBodies(snap)
		}
		return n, ok, err
	}
	return n, false, nil
}

func (q *request) effects(rows []board.Row, tried int, all []workshop.Effect) effects {
	out := effects{Lines: []effectLine{}}
	count := map[workshop.EffectKind]int{}
	for _, e := range all {
		count[e.Kind]++
		i := slices.IndexFunc(rows, func(r board.Row) bool { return r.ID == e.ID })
		line := effectLine{ID: e.ID, Kind: e.Kind, Word: q.effectWord(e.Kind), Before: q.shortly(e.Before), After: q.shortly(e.After)}
		if i >= 0 {
			line.Name = unitName(q.board, rows[i].Unit, q.lang) + " › " + rows[i].Name
		}
		out.Lines = append(out.Lines, line)
	}
	order := []workshop.EffectKind{workshop.Mended, workshop.Differs, workshop.Same, workshop.Unfit}
	slices.SortStableFunc(out.Lines, func(a, b effectLine) int { return slices.Index(order, a.Kind) - slices.Index(order, b.Kind) })
	switch {
	case len(all) == 0:
		out.Sentence = q.say("同站点、同平台没有其他可试的栏目。", "There is no other column of this site or platform to try it on.")
	default:
		var parts []string
		for _, k := range order {
			if count[k] > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", count[k], q.effectWord(k)))
			}
		}
		out.Sentence = fmt.Sprintf(q.say("同站点、同平台另试了 %d 个栏目：%s。", "Tried on %d other columns of this site or platform: %s."), len(all), strings.Join(parts, q.say("，", ", ")))
	}
	if len(all) < tried {
		out.Sentence += q.say("时间所限，其余未试。", " There was no time for the rest.")
	}
	return out
}

func (q *request) effectWord(k workshop.EffectKind) string {
	switch k {
	case workshop.Same:
		return q.say("读数一致", "read the same")
	case workshop.Mended:
		return q.say("可一并修复", "would be mended")
	case workshop.Differs:
		return q.say("读数不同", "would read otherwise")
	}
	return q.say("不适用", "do not fit")
}

// shortly is a reading in a few words.
func (q *request) shortly(r extract.Reading) string {
	if !r.Conclusive() {
		if r.Outcome == "" {
			return "—"
		}
		return outcomeWord(r.Outcome, r.Reason, q.lang)
	}
	text := fmt.Sprintf(q.say("%d 条", "%d items"), len(r.Items))
	if !r.Newest.IsZero() {
		text += q.say("，最近 ", ", newest ") + stamp(r.Newest.Time, time.DateOnly)
	}
	return text
}
