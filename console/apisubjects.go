package console

import (
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/report"
	"xuncha/rules"
)

// apiSubjects are the questions about how things stand.
func apiSubjects(r *recorder, api huma.API) {
	reading(r, api, "/api/v1/overview", "overview", "How the city stands", apiOverview)
	asking(r, api, "/api/v1/todo", "todo", "What waits for the caller, by what they may do", apiTodo)
	reading(r, api, "/api/v1/units", "units", "The units in scope, as they stand", apiUnits)
	reading(r, api, "/api/v1/sites", "sites", "Sites with their verdicts", apiSites)
	reading(r, api, "/api/v1/sites/{id}", "site", "One site", func(a caller, in *apiID) (apiSubject, error) { return a.subject(in.ID, inventory.KindSite) })
	reading(r, api, "/api/v1/columns", "columns", "Columns and mandated sections", apiColumns)
	reading(r, api, "/api/v1/columns/{id}", "column", "One column or mandated section; its ID may hold slashes", func(a caller, in *apiID) (apiSubject, error) {
		return a.subject(in.ID, inventory.KindColumn, inventory.KindSection)
	})
	reading(r, api, "/api/v1/accounts", "accounts", "Accounts with their verdicts", apiAccounts)
	reading(r, api, "/api/v1/accounts/{id}", "account", "One account, by its 新媒体标识码", func(a caller, in *apiID) (apiSubject, error) {
		return a.subject("account:"+strings.TrimPrefix(in.ID, "account:"), inventory.KindAccount)
	})
	asking(r, api, "/api/v1/sites/{id}/visits", "siteVisits", "How a site's home page opened in the last days", apiVisits)
	reading(r, api, "/api/v1/accounts/{code}/handed", "handed", "What was handed in about an account", apiHanded)
	operation(r, api, people.Reply, http.MethodPost, "/api/v1/accounts/{code}/handed", "handIn", "Hand in a link or an attestation", apiHandIn)
	operation(r, api, people.Propose, http.MethodPost, "/api/v1/accounts/{code}/checked", "checkHanded", "Note that the office has checked what was handed in", apiCheckHanded)
	handing(r, api, people.See, http.MethodGet, "/api/v1/accounts/{code}/handed/{sha256}", "handedPicture", "A screenshot that was handed in", apiPicture)
	reading(r, api, "/api/v1/nights", "nights", "How many subjects were in which state, night by night", apiNights)
	reading(r, api, "/api/v1/platforms", "platforms", "The platforms of accounts and how they were read", apiPlatforms)
	reading(r, api, "/api/v1/indicators", "indicators", "The rule set in force with its legal text", apiIndicators)
}

// An apiID names one thing.
type apiID struct {
	APISpoken
	ID string `path:"id" maxLength:"300"`
}

// An APIPaging is which part of a list is asked for.
type APIPaging struct {
	Page int    `query:"page" minimum:"1" maximum:"1000000" default:"1" doc:"from 1; behind the last stands the last"`
	Size int    `query:"size" minimum:"1" maximum:"500" default:"50" doc:"rows of a page"`
	Sort string `query:"sort" maxLength:"20" doc:"a minus in front turns it round"`
	APISpoken
}

// An apiList is one page of a list.
type apiList[T any] struct {
	Total int `json:"total" doc:"rows of all pages"`
	Page  int `json:"page"`
	Pages int `json:"pages"`
	Size  int `json:"size"`
	Items []T `json:"items"`
}

// listOf is the part of some rows that was asked for.
func listOf[T, R any](l listing, rows []R, of func(R) T) apiList[T] {
	shown := cut(&l, rows)
	out := apiList[T]{Total: l.Total, Page: l.Page, Pages: l.Pages, Size: l.Size, Items: make([]T, len(shown))}
	for i, r := range shown {
		out.Items[i] = of(r)
	}
	return out
}

// An APIRow is one subject as it stands.
type APIRow struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind" enum:"site,column,section,account"`
	Name     string   `json:"name"`
	Unit     string   `json:"unit"`
	Carrier  string   `json:"carrier,omitempty"`
	Class    string   `json:"class,omitempty"`
	Platform string   `json:"platform,omitempty"`
	State    string   `json:"state" enum:"fresh,due,stale,blank,missing,unknown"`
	Reason   string   `json:"reason,omitempty" doc:"of unknown"`
	Verdict  string   `json:"verdict,omitempty" doc:"under what people decided; 初判 while settled is empty"`
	Settled  string   `json:"settled,omitempty" enum:"认定,核实不属实,报备不计" doc:"what people made of all that is found of it; none while any of it is open"`
	Reasons  []string `json:"reasons,omitempty" doc:"of the verdict"`
	Looks    int      `json:"looks" doc:"independent looks that agree"`

	Newest    string `json:"newest,omitempty" doc:"Beijing day of the newest item"`
	Title     string `json:"title,omitempty" doc:"of the newest item, as the page has it: text of others"`
	Window    string `json:"window,omitempty" doc:"ISO 8601 duration"`
	Indicator string `json:"indicator,omitempty"`
	StaleOn   string `json:"stale_on,omitempty" doc:"day on which it becomes stale"`
	Past      int    `json:"past,omitempty" doc:"days past the window"`

	Code    string         `json:"code,omitempty" doc:"of a site 网站标识码, of an account 新媒体标识码"`
	Home    string         `json:"home,omitempty" doc:"of a site: address of its home page"`
	Columns map[string]int `json:"columns,omitempty" doc:"of a site: columns and sections on it or counted to it, by state"`
	Source  string         `json:"source,omitempty" doc:"of an account: what its state rests on; none where nothing showed anything"`
}

func (a caller) row(r board.Row) APIRow {
	state := r.State
	if state == "" {
		state = rules.Unknown
	}
	out := APIRow{
		ID: r.ID, Kind: string(r.Kind), Name: r.Name, Unit: r.Unit, Carrier: r.Carrier, Class: string(r.Class), Platform: string(r.Platform),
		State: string(state), Reason: string(r.Reason), Verdict: string(r.Verdict), Settled: string(r.Settled), Reasons: r.Reasons, Looks: r.Looks,
		Newest: dateOf(r.Newest), Title: r.Title, Window: r.Window, Indicator: r.Indicator, StaleOn: stamp(r.StaleOn, time.DateOnly), Past: a.board.Past(r),
	}
	if r.Kind == inventory.KindAccount {
		out.Code, out.Source = codeOf(r), string(a.console.memo.digestOf(a.board).source(r))
	}
	return out
}

// site is a site with the columns that count to it.
func (a caller) site(l siteLine) APIRow {
	out := a.row(l.Row)
	out.Code, out.Home, out.Columns = l.Code, l.Home, map[string]int{}
	for i, n := range l.N {
		if n > 0 {
			out.Columns[string(allStates[i])] = n
		}
	}
	if unread := l.Columns - total(l.N); unread > 0 { // that no round has looked at yet
		out.Columns[string(rules.Unknown)] += unread
	}
	return out
}

func total(n states) (sum int) {
	for _, k := range n {
		sum += k
	}
	return sum
}

func dateOf(d extract.Date) string {
	if d.IsZero() {
		return ""
	}
	return stamp(d.Day(), time.DateOnly)
}

// An apiSubject is one subject with what its state rests on and what it was.
type apiSubject struct {
	APIRow
	URLs       []string      `json:"urls" doc:"that are asked for"`
	Method     string        `json:"method,omitempty" doc:"how it is read, in words"`
	Recipe     string        `json:"recipe,omitempty" doc:"in force, as YAML"`
	Proposed   bool          `json:"proposed" doc:"the newest look proposes another recipe, and a person should look at it"`
	Indicators []apiClause   `json:"indicators" doc:"by which it is judged"`
	Suspicions []apiSuspect  `json:"suspicions" doc:"what the judgement finds; what people decided about it are the findings"`
	Note       string        `json:"note,omitempty" doc:"a hint for people, in Chinese"`
	Evidence   []apiEvidence `json:"evidence" doc:"the pages that the state rests on, or the newest where it rests on none"`
	Nights     []apiCell     `json:"nights" doc:"the last 90 nights, oldest first"`
}

// An apiClause is an indicator as it bears on one subject.
type apiClause struct {
	Indicator string `json:"indicator"`
	Name      string `json:"name"`
	Basis     string `json:"basis" doc:"判定依据, the legal text"`
	Effect    string `json:"effect,omitempty"`
	State     string `json:"state,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Window    string `json:"window,omitempty" doc:"ISO 8601 duration"`
	StaleOn   string `json:"stale_on,omitempty"`
	Since     string `json:"stale_since,omitempty"`
}

// An apiSuspect is what the judgement finds of a subject.
type apiSuspect struct {
	Finding   string `json:"finding" doc:"ID of the case"`
	Indicator string `json:"indicator"`
	Effect    string `json:"effect"`
	Status    string `json:"status"`
	Text      string `json:"text"`
	Basis     string `json:"basis"`
}

// An apiEvidence is one page that was looked at.
type apiEvidence struct {
	URL       string    `json:"url"`
	FetchedAt time.Time `json:"fetched_at"`
	Status    int       `json:"status"`
	SHA256    string    `json:"sha256"`
	Method    string    `json:"method"`
}

// An apiCell is one subject in one night.
type apiCell struct {
	Night  string `json:"night"`
	State  string `json:"state,omitempty" doc:"none where it was not planned"`
	Reason string `json:"reason,omitempty"`
	Newest string `json:"newest,omitempty"`
}

// subject is one subject of some kinds, if the caller may see it.
func (a caller) subject(id string, kinds ...inventory.SubjectKind) (apiSubject, error) {
	r, err := a.request.row(id)
	if err != nil {
		return apiSubject{}, err
	}
	known := false
	for _, k := range kinds {
		known = known || r.Kind == k
	}
	if !known {
		return apiSubject{}, errNoSubject()
	}
	own := a.row(r)
	if r.Kind == inventory.KindSite {
		own = a.site(a.siteLines(a.console.memo.digestOf(a.board), []board.Row{r})[0])
	}
	s := apiSubject{APIRow: own, URLs: []string{}, Indicators: []apiClause{}, Suspicions: []apiSuspect{}, Evidence: []apiEvidence{}, Nights: []apiCell{}}
	s.judged(a, r)
	if r.Look != nil {
		for _, e := range r.Look.Evidence {
			s.Evidence = append(s.Evidence, apiEvidence{e.URL, e.FetchedAt.In(extract.Beijing), e.Status, e.SHA256, e.Method})
		}
	}
	nights := a.board.Recent(trendNights)
	for i, c := range a.board.Strip(id, trendNights) {
		s.Nights = append(s.Nights, apiCell{stamp(nights[i].Day(), time.DateOnly), string(c.State), string(c.Reason), stamp(c.Newest, time.DateOnly)})
	}
	return s, nil
}

// judged fills in what the page of a subject says of how it is read and judged.
func (s *apiSubject) judged(a caller, r board.Row) {
	p := &detailPage{Row: r}
	p.judged(a.console, a.request)
	s.URLs, s.Method, s.Recipe, s.Note = append(s.URLs, p.URLs...), p.Method, p.Recipe, p.Note
	s.Proposed = proposedFor(a.console.columnOf(a.request, r.ID)) != nil
	for _, x := range p.Indicators {
		s.Indicators = append(s.Indicators, apiClause{
			x.Indicator, x.Name, x.Basis, string(x.Effect), string(x.State), string(x.Reason), x.Window, stamp(x.StaleOn, time.DateOnly), stamp(x.StaleSince, time.DateOnly),
		})
	}
	for _, f := range a.request.findingsOf(r.ID) {
		s.Suspicions = append(s.Suspicions, apiSuspect{f.ID, f.Indicator, string(f.Effect), f.Status, f.Text, f.Basis})
	}
}

// An apiStanding is how the city stands, as far as the caller sees it.
type apiStanding struct {
	Point     string         `json:"point" doc:"the monitoring point's day"`
	Round     string         `json:"round"`
	Simulated bool           `json:"simulated"`
	RuleSet   string         `json:"rule_set"`
	Sites     map[string]int `json:"sites" doc:"by verdict, under what people decided"`
	Accounts  map[string]int `json:"accounts" doc:"by verdict, under what people decided"`
	Rates     apiRates       `json:"rates" doc:"as a notice has them: what comes to no verdict is not counted as failing"`
	Columns   map[string]int `json:"columns" doc:"by state"`
	Sections  map[string]int `json:"sections" doc:"by state"`
	Unknown   map[string]int `json:"unknown" doc:"columns, sections and accounts by reason"`
}

// apiRates are the pass rates in percent, "" of nothing, and how far they are settled.
type apiRates struct {
	Sites             string `json:"sites"`
	Accounts          string `json:"accounts"`
	SitesConfirmed    int    `json:"sites_confirmed" doc:"of those 不合格, confirmed by people"`
	AccountsConfirmed int    `json:"accounts_confirmed"`
	Preliminary       bool   `json:"preliminary" doc:"初判: something that is not 合格 waits for people"`
}

func apiOverview(a caller, _ *struct{ APISpoken }) (apiStanding, error) {
	if err := a.ready(); err != nil {
		return apiStanding{}, err
	}
	_, simulated := a.console.whose()
	s := apiStanding{
		Point: stamp(a.board.Result.PointDay, time.DateOnly), Round: a.board.Round.ID, Simulated: simulated || a.board.City.Simulated, RuleSet: a.board.Set.ID,
		Sites: map[string]int{}, Accounts: map[string]int{}, Columns: map[string]int{}, Sections: map[string]int{}, Unknown: map[string]int{},
	}
	rows := a.rows(inventory.KindSite, inventory.KindColumn, inventory.KindSection, inventory.KindAccount)
	sites, accounts := countVerdicts(rows, inventory.KindSite, a.decimals()), countVerdicts(rows, inventory.KindAccount, a.decimals())
	s.Rates = apiRates{sites.Rate, accounts.Rate, sites.Confirmed, accounts.Confirmed, sites.Preliminary() || accounts.Preliminary()}
	for _, r := range rows {
		row := a.row(r)
		switch r.Kind {
		case inventory.KindSite:
			s.Sites[row.Verdict]++
			continue
		case inventory.KindAccount:
			s.Accounts[row.Verdict]++
		case inventory.KindColumn:
			s.Columns[row.State]++
		case inventory.KindSection:
			s.Sections[row.State]++
		}
		if row.State == string(rules.Unknown) {
			s.Unknown[row.Reason]++
		}
	}
	return s, nil
}

// ready refuses where no round has ended yet.
func (a caller) ready() error {
	if a.board == nil {
		return refuse(http.StatusNotFound, "还没有完成的巡查批次；请先巡查一次", "no round has ended yet; make one first")
	}
	return nil
}

// An apiUnit is one unit as it stands.
type apiUnit struct {
	ID       string         `json:"id"`
	Name     string         `json:"name"`
	Superior string         `json:"superior,omitempty"`
	States   map[string]int `json:"states" doc:"its subjects by state"`
	Failed   int            `json:"failed" doc:"sites and accounts that are 不合格, under what people decided"`
}

func apiUnits(a caller, in *struct{ APIPaging }) (apiList[apiUnit], error) {
	if err := a.ready(); err != nil {
		return apiList[apiUnit]{}, err
	}
	l, err := a.listing("")
	if err != nil {
		return apiList[apiUnit]{}, err
	}
	var units []board.Unit
	for _, u := range a.board.Units {
		if a.sees(u.ID) {
			units = append(units, u)
		}
	}
	failed := map[string]int{}
	for _, r := range a.rows(inventory.KindSite, inventory.KindAccount) {
		if r.Verdict == rules.Fail {
			failed[r.Unit]++
		}
	}
	return listOf(l, units, func(u board.Unit) apiUnit {
		out := apiUnit{ID: u.ID, Name: unitName(a.board, u.ID, a.lang), States: map[string]int{}, Failed: failed[u.ID]}
		if x, ok := a.board.City.Unit(u.ID); ok {
			out.Superior = x.Superior
		}
		for s, n := range u.States {
			out.States[string(s)] = n
		}
		return out
	}), nil
}

func apiSites(a caller, in *struct {
	APIPaging
	Unit    string `query:"unit" maxLength:"100"`
	Verdict string `query:"verdict" maxLength:"20"`
	State   string `query:"state" maxLength:"20" doc:"of the home page"`
	Q       string `query:"q" maxLength:"200" doc:"text to look for"`
}) (apiList[APIRow], error) {
	all := a.rows(inventory.KindSite)
	s, err := a.siteSieve(all)
	if err != nil {
		return apiList[APIRow]{}, err
	}
	l, err := a.listing("verdict", "name", "unit", "newest", "stale", "unknown")
	if err != nil {
		return apiList[APIRow]{}, err
	}
	lines := a.siteLines(a.console.memo.digestOf(a.board), s.pick(all))
	sortSites(a.request, lines, l)
	return listOf(l, lines, a.site), nil
}

func apiColumns(a caller, in *struct {
	APIPaging
	Unit    string `query:"unit" maxLength:"100"`
	Carrier string `query:"carrier" maxLength:"100" doc:"where it is, or the site that it counts to"`
	Kind    string `query:"kind" enum:"column,section,"`
	Class   string `query:"class" maxLength:"40"`
	State   string `query:"state" maxLength:"20"`
	Reason  string `query:"reason" maxLength:"20" doc:"why it is unknown"`
	Seen    string `query:"seen" enum:"1," doc:"monitored in the last round"`
	Holiday string `query:"holiday" enum:"1," doc:"falls stale in the long holiday that is near"`
	On      string `query:"on" maxLength:"40" doc:"ID of an earlier round, for was"`
	Was     string `query:"was" maxLength:"20" doc:"state in that round"`
	Q       string `query:"q" maxLength:"200" doc:"text to look for"`
}) (apiList[APIRow], error) {
	all := a.rows(inventory.KindColumn, inventory.KindSection)
	s, err := a.console.columnSieve(a.request, all)
	return a.list(all, s, err, "state", "name", "unit", "class", "newest", "days")
}

func apiAccounts(a caller, in *struct {
	APIPaging
	Unit     string `query:"unit" maxLength:"100"`
	Platform string `query:"platform" maxLength:"40"`
	Verdict  string `query:"verdict" maxLength:"20"`
	State    string `query:"state" maxLength:"20"`
	Reason   string `query:"reason" maxLength:"20"`
	Source   string `query:"source" maxLength:"20"`
	Handed   string `query:"handed" enum:"waiting," doc:"with something handed in that waits to be checked"`
	Seen     string `query:"seen" enum:"1," doc:"monitored in the last round"`
	Unread   string `query:"unread" enum:"1," doc:"not read from its platform"`
	Holiday  string `query:"holiday" enum:"1," doc:"falls stale in the long holiday that is near"`
	Q        string `query:"q" maxLength:"200" doc:"text to look for"`
}) (apiList[APIRow], error) {
	all := a.rows(inventory.KindAccount)
	s, err := a.accountSieve(a.console.memo.digestOf(a.board), all)
	return a.list(all, s, err, "verdict", "name", "unit", "platform", "state", "newest", "days")
}

// list is the rows that pass a sieve, sorted and cut as asked.
func (a caller) list(all []board.Row, s sieve, err error, sorts ...string) (apiList[APIRow], error) {
	if err != nil {
		return apiList[APIRow]{}, err
	}
	l, err := a.listing(sorts...)
	if err != nil {
		return apiList[APIRow]{}, err
	}
	rows := s.pick(all)
	a.sort(rows, l)
	return listOf(l, rows, a.row), nil
}

// An apiIndicator is one requirement of the rule set.
type apiIndicator struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Text       string `json:"text" doc:"what a finding says"`
	Basis      string `json:"basis" doc:"判定依据, the legal text"`
	Effect     string `json:"effect" enum:"veto,deduct,notice,hint"`
	Points     int    `json:"points,omitempty" doc:"that a deduct takes off"`
	Window     string `json:"window,omitempty" doc:"更新时限, in words"`
	Confidence string `json:"confidence" doc:"H seen on an official page, M seen once elsewhere, I inferred, R recalled: not enforced"`
	Confirmed  bool   `json:"confirmed"`
}

func apiIndicators(a caller, _ *APIPaged) (apiList[apiIndicator], error) {
	if err := a.ready(); err != nil {
		return apiList[apiIndicator]{}, err
	}
	l, err := a.listing("")
	if err != nil {
		return apiList[apiIndicator]{}, err
	}
	return listOf(l, a.board.Set.Indicators, a.indicator), nil
}

func (a caller) indicator(i rules.Indicator) apiIndicator {
	out := apiIndicator{ID: i.ID, Name: i.Name, Text: i.Text, Basis: i.Basis, Points: i.Points, Effect: string(i.Effect), Confidence: i.Confidence, Confirmed: i.Confirmed}
	if !i.Window.IsZero() {
		out.Window = report.WindowWord(i.Window.String(), a.lang)
	}
	return out
}
