package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// CheckVersion is the version of the check document. It grows when a key
// changes its meaning or goes away; new keys alone do not change it.
const CheckVersion = 1

// A Check is the state of a whole city at a monitoring point, in the form that
// other programs read. docs/check-format.md describes every key.
type Check struct {
	Version   int        `json:"version"`
	City      string     `json:"city"`
	Simulated bool       `json:"simulated"`
	At        string     `json:"at"`
	PointDay  string     `json:"point_day"`
	RuleSet   ruleSetRef `json:"rule_set"`
	Round     *roundRef  `json:"round"`
	Coverage  Coverage   `json:"coverage"`
	Totals    Totals     `json:"totals"`
	Sites     []Site     `json:"sites"`
	Columns   []Column   `json:"columns"`
	Sections  []Section  `json:"sections"`
	Accounts  []Account  `json:"accounts"`
	Findings  []Finding  `json:"findings"`
	Platforms []Platform `json:"platforms"`

	// Holidays are the windows that public holidays fill by more than a third, as
	// whoever has a calendar fills them in.
	Holidays []Holiday `json:"holidays"`
}

// A Holiday is an indicator's window in which people worked little: who let a
// column rest in it did not let it rest for long.
type Holiday struct {
	Indicator   string   `json:"indicator"`
	Name        string   `json:"name"`
	WindowStart string   `json:"window_start"`
	Days        int      `json:"days"`     // of the window
	Holidays    int      `json:"holidays"` // of them in a public holiday
	Names       []string `json:"names"`    // of the holidays
}

// A ruleSetRef names the rule set that judged.
type ruleSetRef struct {
	ID      string   `json:"id"`
	Extends []string `json:"extends"`
	Digest  string   `json:"digest"`
}

// A roundRef names the newest round that was judged.
type roundRef struct {
	ID       string `json:"id"`
	Started  Null   `json:"started"`
	Finished Null   `json:"finished"`
}

// Coverage says how much of what was planned could be monitored.
type Coverage struct {
	Columns  Covered `json:"columns"`
	Sections Covered `json:"-"` // in sentences only: version 1 has no key for it
	Accounts Covered `json:"accounts"`
}

// Covered is the coverage of one kind of subject: Planned is the sum of the
// other two.
type Covered struct {
	Planned         int     `json:"planned"`
	Conclusive      int     `json:"conclusive"`
	Unknown         int     `json:"unknown"`
	UnknownByReason Reasons `json:"unknown_by_reason"`
}

// Reasons counts the unknown by their reason. JSON shows them in the order of
// the reasons.
type Reasons map[extract.Reason]int

// Totals are the numbers a notice opens with.
type Totals struct {
	Sites    Verdicts `json:"sites"`
	Accounts Verdicts `json:"accounts"`
	Columns  States   `json:"columns"`
}

// Verdicts counts sites or accounts by verdict. Rate is the pass rate in
// percent: all that are not 不合格, of all.
type Verdicts struct {
	Total        int  `json:"total"`
	Pass         int  `json:"合格"`
	Fail         int  `json:"不合格"`
	Pending      int  `json:"待核实"`
	NotMonitored int  `json:"未能监测"`
	Rate         Null `json:"rate"`
}

// States counts columns by state; Missing counts mandated sections.
type States struct {
	Fresh   int `json:"fresh"`
	Due     int `json:"due"`
	Stale   int `json:"stale"`
	Blank   int `json:"blank"`
	Missing int `json:"missing"`
	Unknown int `json:"unknown"`
}

// NewCheck writes down a judgement. The round is the newest one that was
// judged; one without an ID means that there is none.
func NewCheck(city *inventory.City, set *rules.RuleSet, round store.Round, res rules.Result) Check {
	units := unitNames(city)
	return Check{
		Version:   CheckVersion,
		City:      city.Name,
		Simulated: city.Simulated || round.Simulated,
		At:        moment(res.Point),
		PointDay:  day(res.PointDay),
		RuleSet:   ruleSetRef{ID: set.ID, Extends: list(set.Extends), Digest: digest(set.Digest)},
		Round:     newRoundRef(round),
		Coverage:  newCoverage(res.Coverage()),
		Totals:    newTotals(res.Totals(), city.Report.Decimals),
		Sites:     newSites(units, res.Sites),
		Columns:   newColumns(units, res.Columns),
		Sections:  newSections(units, res.Sections),
		Accounts:  newAccounts(city, units, res.Accounts),
		Findings:  newFindings(units, res.Findings),
		Platforms: newPlatforms(city, res.Platforms),
		Holidays:  []Holiday{},
	}
}

func newRoundRef(r store.Round) *roundRef {
	if r.ID == "" {
		return nil
	}
	return &roundRef{ID: r.ID, Started: Null(moment(r.Started)), Finished: Null(moment(r.Finished))}
}

// MarshalJSON writes the reasons in the order in which lists show them, those
// of a newer store last.
func (r Reasons) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, reason := range r.sorted() {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(reason)
		if err != nil {
			return nil, fmt.Errorf("encode reason: %w", err)
		}
		fmt.Fprintf(&b, "%s:%d", key, r[reason])
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// unitNames maps unit IDs to the names used in notices.
func unitNames(city *inventory.City) func(id string) string {
	names := make(map[string]string, len(city.Units))
	for _, u := range city.Units {
		names[u.ID] = u.Name
	}
	return func(id string) string {
		if name := names[id]; name != "" {
			return name
		}
		return id
	}
}

// digest prints a SHA-256 with its algorithm, "" for none.
func digest(hex string) string {
	if hex == "" || strings.HasPrefix(hex, "sha256:") {
		return hex
	}
	return "sha256:" + hex
}
