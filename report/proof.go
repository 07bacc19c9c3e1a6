package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// ErrNoSubject marks a subject that the inventory does not have.
var ErrNoSubject = errors.New("no such subject")

// proofVersion is the version of the proof document.
const proofVersion = 1

// A Proof is all that is known of one subject at a monitoring point: its state,
// by which clause, and what was seen, when and how.
type Proof struct {
	Version   int    `json:"version"`
	Simulated bool   `json:"simulated"`
	Subject   string `json:"subject"`
	Kind      string `json:"kind"`
	Unit      string `json:"unit"`
	Carrier   Null   `json:"carrier"`
	Name      string `json:"name"`
	Class     Null   `json:"class"`
	At        string `json:"at"`
	PointDay  string `json:"point_day"`
	RuleSet   string `json:"rule_set"`

	State       string   `json:"state"`
	Gap         Null     `json:"gap"` // what is missing of a section
	Reason      Null     `json:"reason"`
	Verdict     Null     `json:"verdict"`
	Reasons     []string `json:"reasons"`
	Preliminary bool     `json:"preliminary"`
	Looks       int      `json:"looks"`

	// Newest is the date that decided, NewestSource the text that became it.
	// LastGood is the newest date of the last reading that could be relied on,
	// where the present one cannot.
	Newest       Null `json:"newest"`
	NewestTitle  Null `json:"newest_title"`
	NewestSource Null `json:"newest_source"`
	LastGood     Null `json:"last_good"`
	LastGoodAt   Null `json:"last_good_at"`
	ObservedName Null `json:"observed_name"`

	// Note is a hint for people, as that items seen earlier are gone or how to
	// supply what a guest is not shown.
	Note Null `json:"note"`

	// Account holds what only accounts have; null for all else.
	Account *proofAccount `json:"account"`

	// Access holds how a site's home page opened, where anybody knocked.
	Access *proofAccess `json:"access,omitempty"`

	Indicators []proofIndicator `json:"indicators"`
	Findings   []Finding        `json:"findings"`
	Parts      []sectionPart    `json:"parts"`
	Counted    []proofColumn    `json:"counted_columns"`
	Reading    *proofReading    `json:"reading"`
	Proposal   *proofProposal   `json:"proposal"`
	Pages      []proofPage      `json:"pages"`
	History    []proofLook      `json:"history"`
}

// A proofIndicator is a state by one indicator with the clause it rests on.
type proofIndicator struct {
	byRule
	Reason Null   `json:"reason"`
	Name   string `json:"name"`
	Basis  string `json:"basis"`
}

// A proofColumn is a column that counts to a site and is not in order.
type proofColumn struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	State  string `json:"state"`
	Reason Null   `json:"reason"`
	Newest Null   `json:"newest"`
}

// A proofReading is what the pages say.
type proofReading struct {
	At        Null        `json:"at"`
	Round     string      `json:"round"`
	Digest    string      `json:"digest"`
	Outcome   string      `json:"outcome"`
	Detail    Null        `json:"detail"`
	Method    Null        `json:"method"`
	Sure      float64     `json:"confidence"`
	Charset   Null        `json:"charset"`
	Complete  bool        `json:"complete"`
	Items     []proofItem `json:"items"`
	ItemsRead int         `json:"items_read"`
	InYear    *int        `json:"items_in_year"`
	Searched  []string    `json:"searched"`
	Nearest   []string    `json:"nearest"`
	Notes     []string    `json:"notes"`
}

// A proofItem is one row as read, with the text that became its date.
type proofItem struct {
	Date     Null   `json:"date"`
	Inferred bool   `json:"year_inferred"`
	Title    string `json:"title"`
	Link     Null   `json:"link"`
	Source   Null   `json:"source"`
}

// A proofPage is one page that was asked for, whatever came of it.
type proofPage struct {
	Asked     string `json:"asked"`
	URL       string `json:"url"`
	Why       string `json:"why"`
	FetchedAt Null   `json:"fetched_at"`
	Status    int    `json:"status"`
	SHA256    Null   `json:"sha256"`
	BodyAt    Null   `json:"body_at"`
	Class     Null   `json:"class"`
	Detail    Null   `json:"detail"`
	Authority Null   `json:"authority"`
	Rendered  bool   `json:"rendered"`
}

// A proofLook is one look of the history.
type proofLook struct {
	At      Null   `json:"at"`
	Round   string `json:"round"`
	Look    int    `json:"look"`
	Outcome string `json:"outcome"`
	Reason  Null   `json:"reason"`
	Newest  Null   `json:"newest"`
	Items   int    `json:"items"`
	Digest  string `json:"digest"`
}

// NewProof gathers the proof of one subject: a site, a column, a section, or an
// account, the latter with or without "account:". History holds the snapshots
// of that subject in order of time; the one the state rests on is found in it by
// its digest. It returns [ErrNoSubject] for a subject that was not judged.
func NewProof(city *inventory.City, set *rules.RuleSet, round store.Round, res rules.Result, subject string,
	history []store.Snapshot) (Proof, error) {
	b := &prover{city: city, set: set, res: res, unit: unitNames(city)}
	ok := b.ofColumn(subject) || b.section(subject) || b.account(subject) || b.site(subject)
	if !ok {
		return Proof{}, fmt.Errorf("%w: %q%s; xuncha check lists every subject", ErrNoSubject, subject, b.near(subject))
	}
	p := b.proof
	p.Version, p.Preliminary, p.RuleSet = proofVersion, true, set.ID
	p.Simulated = city.Simulated || round.Simulated
	p.At, p.PointDay = moment(res.Point), day(res.PointDay)
	p.Reasons, p.Parts, p.Counted = list(p.Reasons), list(p.Parts), list(p.Counted)
	p.Indicators, p.Findings = list(p.Indicators), b.findings()
	p.Reading = newProofReading(b.look, b.inYear)
	p.Proposal = newProofProposal(b.column, history)
	p.Pages = pagesOf(b.look, history)
	p.History = newHistory(history)
	return p, nil
}

// prover fills in a proof from the result of its subject.
type prover struct {
	city   *inventory.City
	set    *rules.RuleSet
	res    rules.Result
	unit   func(id string) string
	proof  Proof
	look   *rules.Look
	inYear *int
	column *rules.ColumnResult // where the subject is one
	group  string              // of an account: the subject of what is found of all of its unit's
}

func (b *prover) ofColumn(subject string) bool {
	i := slices.IndexFunc(b.res.Columns, func(r rules.ColumnResult) bool { return r.Column.ID == subject })
	if i < 0 {
		return false
	}
	r := b.res.Columns[i]
	c := r.Column
	b.look, b.inYear, b.column = r.Look, r.InYear, &r
	b.proof = Proof{
		Subject: c.ID, Kind: string(inventory.KindColumn), Unit: b.unit(c.Unit), Carrier: Null(c.Carrier), Name: c.Name,
		Class: Null(c.Class), State: string(r.State), Reason: Null(r.Reason), Looks: r.Looks,
		Newest: Null(day(r.Newest.Time)), NewestTitle: Null(r.NewestTitle),
		NewestSource: sourceOf(r.Look, r.Newest, r.NewestTitle), Note: Null(r.Note), Indicators: b.indicators(r.States),
	}
	if r.LastGood != nil && unknown(string(r.State)) {
		b.proof.LastGood = Null(day(r.LastGood.Reading.Newest.Time))
		b.proof.LastGoodAt = Null(moment(r.LastGood.At))
	}
	return true
}

func (b *prover) section(subject string) bool {
	i := slices.IndexFunc(b.res.Sections, func(r rules.SectionResult) bool { return r.Section.ID == subject })
	if i < 0 {
		return false
	}
	r := b.res.Sections[i]
	s := r.Section
	b.look = r.Look
	b.proof = Proof{
		Subject: s.ID, Kind: string(inventory.KindSection), Unit: b.unit(s.Unit), Carrier: Null(s.Carrier),
		Name: s.Spec.Name, State: string(r.State), Gap: Null(r.Gap), Reason: Null(r.Reason), Looks: r.Looks,
	}
	for _, p := range r.Parts {
		b.proof.Parts = append(b.proof.Parts, sectionPart{Name: p.Name, State: string(p.State)})
	}
	return true
}

func (b *prover) account(subject string) bool {
	all := slices.Concat(b.res.Accounts, b.res.Uncounted)
	i := slices.IndexFunc(all, func(r rules.AccountResult) bool {
		return r.Account.ID() == subject || r.Account.Code == subject
	})
	if i < 0 {
		return false
	}
	r := all[i]
	a := r.Account
	b.look = r.Look
	b.proof = Proof{
		Subject: a.ID(), Kind: string(inventory.KindAccount), Unit: b.unit(a.Unit),
		Name: accountName(a.Name, PlatformName(b.city, a.Platform)), State: string(r.State), Reason: Null(r.Reason),
		Verdict: Null(r.Verdict), Reasons: r.Reasons, Looks: r.Looks,
		Newest: Null(moment(r.Newest.Time)), NewestTitle: Null(r.NewestTitle),
		NewestSource: sourceOf(r.Look, r.Newest, r.NewestTitle), ObservedName: Null(r.Observed), Note: Null(r.Note),
		Indicators: b.indicators(r.States), Account: newProofAccount(r),
	}
	b.group = rules.GroupID(a.Unit, a.Platform)
	return true
}

func (b *prover) site(subject string) bool {
	i := slices.IndexFunc(b.res.Sites, func(r rules.SiteResult) bool { return r.Carrier.ID == subject })
	if i < 0 {
		return false
	}
	r := b.res.Sites[i]
	b.look = r.Look
	b.proof = Proof{
		Subject: r.Carrier.ID, Kind: string(inventory.KindSite), Unit: b.unit(r.Carrier.Unit), Name: r.Carrier.Name,
		State: string(r.Home.State), Reason: Null(r.Home.Reason), Verdict: Null(r.Verdict), Reasons: r.Reasons,
		Newest: Null(day(readingOf(r.Look).Newest.Time)), Access: proofOfAccess(r.Access),
	}
	if r.Home.Indicator != "" {
		b.proof.Indicators = b.indicators([]rules.IndicatorState{r.Home})
	}
	for _, c := range b.res.Columns {
		if c.Column.CountsTo == subject && c.State != rules.Fresh {
			b.proof.Counted = append(b.proof.Counted, proofColumn{
				c.Column.ID, c.Column.Name, string(c.State), Null(c.Reason), Null(day(c.Newest.Time)),
			})
		}
	}
	return true
}

func (b *prover) indicators(states []rules.IndicatorState) []proofIndicator {
	byRule := newStates(states)
	out := make([]proofIndicator, 0, len(states))
	for i, s := range states {
		p := proofIndicator{byRule: byRule[i], Reason: Null(s.Reason)}
		for _, ind := range b.set.Indicators {
			if ind.ID == s.Indicator {
				p.Name, p.Basis = ind.Name, ind.Basis
			}
		}
		out = append(out, p)
	}
	return out
}

func (b *prover) findings() []Finding {
	var own []rules.Finding
	for _, f := range b.res.Findings {
		if f.Subject == b.proof.Subject || b.group != "" && f.Subject == b.group {
			own = append(own, f)
		}
	}
	return newFindings(b.unit, own)
}

// near names up to three subjects that contain what was asked for.
func (b *prover) near(subject string) string {
	var ids []string
	add := func(id string) {
		if subject != "" && strings.Contains(id, subject) && len(ids) < 3 {
			ids = append(ids, id)
		}
	}
	for _, r := range b.res.Columns {
		add(r.Column.ID)
	}
	for _, r := range b.res.Sections {
		add(r.Section.ID)
	}
	for _, r := range b.res.Accounts {
		add(r.Account.ID())
	}
	if len(ids) == 0 {
		return ""
	}
	return " (did you mean " + strings.Join(ids, ", ") + "?)"
}
