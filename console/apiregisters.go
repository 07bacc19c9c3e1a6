package console

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/extract"
	"xuncha/internal/sheet"
	"xuncha/people"
	"xuncha/registers"
	"xuncha/store"
)

// apiRegisters are the lists of the office.
func apiRegisters(r *recorder, api huma.API) {
	asking(r, api, "/api/v1/registers", "registers", "The registers, with what was taken in last", apiRegisterList)
	asking(r, api, "/api/v1/imports", "imports", "What was taken into registers, the newest first", apiImports)
	asking(r, api, "/api/v1/registers/{kind}", "register", "The rows of a register, masked", func(a caller, in *apiRegisterRows) (apiList[apiRegisterRow], error) { return a.registerOf(in) })
	operation(r, api, people.Propose, http.MethodPost, "/api/v1/registers/{kind}/reveal", "revealRegister", "The rows of a register with nothing masked, which is noted", func(a caller, in *apiRegisterRows) (apiList[apiRegisterRow], error) {
		kind, err := a.registerKind()
		if err == nil {
			_, err = a.search("q", "")
		}
		if err == nil {
			err = a.console.bareRegister(a.request, kind)
		}
		if err != nil {
			return apiList[apiRegisterRow]{}, err
		}
		return a.registerOf(in)
	})
	asking(r, api, "/api/v1/registers/{kind}/figures", "registerFigures", "What a register comes to", apiFigures)
	operation(r, api, people.Propose, http.MethodPost, "/api/v1/registers/{kind}/import", "importRegister", "Take a list in, or say what that would do; one with mistakes is taken not at all", apiImport)
	handing(r, api, people.See, http.MethodGet, "/api/v1/registers/{kind}/form", "registerForm", "The empty form of a register, to be filled in", func(a caller, _ *struct {
		APIKind
		Format string `query:"format" enum:"xlsx,csv,"`
	}) error {
		return a.console.registerForm(a.w, a.request)
	})
}

// An APIKind names a register.
type APIKind struct {
	APISpoken
	Kind string `path:"kind" enum:"superior,messages,reports,monthly,filings,words"`
}

// An apiRegister is one register.
type apiRegister struct {
	Kind string       `json:"kind"`
	Name string       `json:"name"`
	Rows int          `json:"rows" doc:"that the caller sees"`
	Last *APIImported `json:"last,omitempty" doc:"what was taken in last"`
}

// An APIImported is what taking a list in did, or would do.
type APIImported struct {
	Number  int        `json:"number,omitempty" doc:"over all registers; none of what was only tried"`
	At      *time.Time `json:"at,omitempty"`
	By      string     `json:"by,omitempty"`
	File    string     `json:"file"`
	Whole   bool       `json:"whole" doc:"rows that the list lacks are gone"`
	Added   int        `json:"added"`
	Changed int        `json:"changed"`
	Same    int        `json:"same"`
	Gone    int        `json:"gone"`
	Dry     bool       `json:"dry" doc:"nothing was taken in"`
}

func importedOf(i store.Import, dry bool) APIImported {
	return APIImported{i.Seq, moment(i.At), i.By, i.File, i.Whole, i.Added, i.Changed, i.Same, i.Gone, dry}
}

func apiRegisterList(a caller, _ *APIPaged) (apiList[apiRegister], error) {
	if a.console.Registers == nil {
		return apiList[apiRegister]{}, notThere()
	}
	p, err := a.console.registersOf(a.request)
	if err != nil {
		return apiList[apiRegister]{}, err
	}
	var all []apiRegister
	for _, line := range p.Kinds {
		x := apiRegister{Kind: string(line.Kind), Name: line.Word, Rows: line.Rows}
		if line.Last != nil && a.user.Everywhere() {
			last := importedOf(*line.Last, false)
			x.Last = &last
		}
		all = append(all, x)
	}
	return pageOf(a, all)
}

// An APIImport is a list that was taken in.
type APIImport struct {
	APIImported
	Kind   string `json:"kind"`
	Source string `json:"source" doc:"digest of the file"`
	Digest string `json:"digest" doc:"seals it and all before it"`
}

// apiImports are the lists that were taken in.
func apiImports(a caller, in *struct {
	APIPaged
	Kind string `query:"kind" enum:"superior,messages,reports,monthly,filings,words,"`
}) (apiList[APIImport], error) {
	switch {
	case a.console.Registers == nil:
		return apiList[APIImport]{}, notThere()
	case !a.user.Everywhere():
		return apiList[APIImport]{}, refuse(http.StatusForbidden, "导入记录涉及全部单位，不在您的范围内", "what was taken in is of all units and not yours to see")
	}
	l, err := a.listing("")
	if err != nil {
		return apiList[APIImport]{}, err
	}
	all, err := a.console.Registers.Imports()
	if err != nil {
		return apiList[APIImport]{}, err
	}
	var rows []store.Import
	for _, i := range slices.Backward(all) {
		if in.Kind == "" || string(i.Kind) == in.Kind {
			rows = append(rows, i)
		}
	}
	return listOf(l, rows, func(i store.Import) APIImport {
		return APIImport{importedOf(i, false), string(i.Kind), i.Source, i.Digest}
	}), nil
}

// An apiRegisterRows asks for rows of a register.
type apiRegisterRows struct {
	APIKind
	APIPages
	Q string `query:"q" maxLength:"200" doc:"text to look for"`
}

// An apiRegisterRow is one row.
type apiRegisterRow struct {
	Key    string            `json:"key" doc:"by which a row that comes again is known"`
	Values map[string]string `json:"values" doc:"by field; units and subjects by ID, days as 2006-01-02"`
}

func (a caller) registerOf(in *apiRegisterRows) (apiList[apiRegisterRow], error) {
	if a.console.Registers == nil {
		return apiList[apiRegisterRow]{}, notThere()
	}
	l, err := a.listing("")
	if err != nil {
		return apiList[apiRegisterRow]{}, err
	}
	f, err := a.search("q", "")
	if err != nil {
		return apiList[apiRegisterRow]{}, err
	}
	kind := registers.Kind(in.Kind)
	all, err := a.console.registerRows(a.request, kind)
	if err != nil {
		return apiList[apiRegisterRow]{}, err
	}
	table, want := registers.Table(kind, all, a.city()), strings.ToLower(f.Value)
	var rows []registers.Row
	for i, r := range all {
		if want == "" || slices.ContainsFunc(table.Rows[i], func(cell string) bool { return strings.Contains(strings.ToLower(cell), want) }) {
			rows = append(rows, r)
		}
	}
	return listOf(l, rows, func(r registers.Row) apiRegisterRow {
		values := map[string]string{}
		for field, text := range r.Values {
			values[field] = a.request.masked(text)
		}
		return apiRegisterRow{a.request.masked(r.Key), values}
	}), nil
}

// An apiTable is a table of texts.
type apiTable struct {
	Name string     `json:"name"`
	Head []string   `json:"head"`
	Rows [][]string `json:"rows"`
}

func tableOf(t sheet.Table) apiTable {
	return apiTable{t.Name, append([]string{}, t.Head...), append([][]string{}, t.Rows...)}
}

func apiFigures(a caller, in *struct {
	APIKind
	Period string `query:"period" maxLength:"20" doc:"of messages and reports: 2023Q3"`
	Month  string `query:"month" maxLength:"7" doc:"of monthly: 2023-09"`
}) (apiTable, error) {
	if a.console.Registers == nil {
		return apiTable{}, notThere()
	}
	if !a.user.Everywhere() {
		return apiTable{}, refuse(http.StatusForbidden, "统计涉及全部单位，不在您的范围内", "figures are of all units and not yours to see")
	}
	t, err := a.console.figures(a.request, registers.Kind(in.Kind))
	switch {
	case err != nil:
		return apiTable{}, err
	case t == nil:
		return apiTable{}, refuse(http.StatusUnprocessableEntity, "请写明期间：找错和整改报告写 period=2023Q3，月报写 month=2023-09；其他登记表没有统计",
			"say of when: period=2023Q3 for messages and reports, month=2023-09 for monthly; other registers have no figures")
	}
	return tableOf(*t), nil
}

func apiImport(a caller, in *struct {
	APIKind
	Body struct {
		File  apiFile `json:"file" doc:"XLSX, XLS, CSV or HTML"`
		Whole bool    `json:"whole,omitempty" doc:"the list is the whole register: rows it lacks are gone"`
		Dry   bool    `json:"dry,omitempty" doc:"only say what it would do"`
	}
}) (APIImported, error) {
	c := a.console
	if c.Registers == nil {
		return APIImported{}, notThere()
	}
	kind := registers.Kind(in.Kind)
	f, err := fill().attach("file", in.Body.File).one("file")
	if err != nil {
		return APIImported{}, err
	}
	var did store.Import
	var mistakes []registers.Mistake
	if in.Body.Dry {
		did, mistakes, err = c.Registers.Import(store.Import{Kind: kind, At: c.Now(), File: f.name, Whole: in.Body.Whole}, f.data, true)
		did.Seq, did.At, a.noted = 0, time.Time{}, true // nothing was done
	} else {
		did, mistakes, err = c.takeIn(a.request, kind, f, in.Body.Whole)
	}
	if refused, ok := told(err).(*refusal); ok {
		return APIImported{}, refuse(http.StatusUnprocessableEntity, refused.chinese, refused.english)
	}
	if err != nil {
		return APIImported{}, err
	}
	if len(mistakes) > 0 {
		return APIImported{}, a.mistaken(mistakes)
	}
	did.At = did.At.In(extract.Beijing)
	return importedOf(did, in.Body.Dry), nil
}

// mistaken is the fault of a list with mistakes.
func (a caller) mistaken(mistakes []registers.Mistake) *fault {
	f := &fault{Status: http.StatusUnprocessableEntity, Message: a.say("名单有误，没有导入；请按 problems 更正后重新提交", "the list has mistakes and was not taken in; correct them by problems and send it again")}
	for _, m := range mistakes[:min(len(mistakes), shownMistakes)] {
		f.Problems = append(f.Problems, apiProblem{File: m.File, Line: m.Row, Cell: m.Cell, Message: m.Says(a.lang)})
	}
	return f
}
