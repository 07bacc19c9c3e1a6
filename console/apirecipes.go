package console

import (
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/extract"
	"xuncha/people"
	"xuncha/workshop"
)

// apiRecipes are what the tuner does.
func apiRecipes(r *recorder, api huma.API) {
	operation(r, api, people.TryOut, http.MethodPost, "/api/v1/recipes/fetch", "fetchPages", "Fetch the pages of a column now; they are held for half an hour under the name that is answered", apiFetch)
	operation(r, api, people.TryOut, http.MethodPost, "/api/v1/recipes/try", "tryRecipe", "What a recipe reads on pages that are kept or were just fetched; or what the reader suggests", apiTryOut)
	operation(r, api, people.TryOut, http.MethodPost, "/api/v1/recipes/effects", "recipeEffects", "What a recipe would do to the other columns of the site and platform", apiEffects)
	operation(r, api, people.TryOut, http.MethodPost, "/api/v1/recipes/diff", "recipeDiff", "What saving a recipe would write, and which samples it would no longer read", apiDiff)
	operation(r, api, people.Tune, http.MethodPost, "/api/v1/recipes/save", "saveRecipe", "Write a recipe into its column, once every sample reads as before", apiSave)
	operation(r, api, people.Tune, http.MethodPost, "/api/v1/recipes/accept", "acceptRecipe", "Write the recipe that the newest snapshot of a column proposes", apiAccept)
	operation(r, api, people.Tune, http.MethodPost, "/api/v1/recipes/undo", "undoRecipe", "Take the newest change of a column back", apiUndo)
}

// An apiHeldPages says under which name pages are held.
type apiHeldPages struct {
	Source  string `json:"source"`
	Pages   int    `json:"pages"`
	Outcome string `json:"outcome" doc:"by the recipe in force"`
	Reason  string `json:"reason,omitempty"`
	Newest  string `json:"newest,omitempty"`
}

func apiFetch(a caller, in *struct {
	APISpoken
	Body struct {
		Column string `json:"column" minLength:"1" maxLength:"300"`
	}
}) (apiHeldPages, error) {
	source, seen, err := a.console.fetched(a.request, in.Body.Column)
	r := seen.Reading
	return apiHeldPages{source, len(seen.Pages), string(r.Outcome), string(r.Reason), dateOf(r.Newest)}, err
}

// An APITrial is a recipe and the pages that it is tried on.
type APITrial struct {
	Column string          `json:"column" minLength:"1" maxLength:"300"`
	Source string          `json:"source" minLength:"1" maxLength:"100" doc:"look- and the first 16 digits of a snapshot's digest or more, or what recipes/fetch answered"`
	Page   int             `json:"page,omitempty" minimum:"0" maximum:"1000" doc:"from 1; none is the one the list is on"`
	Recipe *extract.Recipe `json:"recipe,omitempty"`
}

func (t APITrial) asked() asked {
	return asked{ID: t.Column, Source: t.Source, Page: t.Page, Recipe: t.Recipe}
}

func apiTryOut(a caller, in *struct {
	APISpoken
	Body struct {
		APITrial
		Suggest bool `json:"suggest,omitempty" doc:"rather than try a recipe, say which lists the page may be meant by"`
		Before  bool `json:"before,omitempty" doc:"what the recipe in force reads as well"`
	}
}) (*tried, error) {
	ask := in.Body.asked()
	ask.Suggest, ask.Before = in.Body.Suggest, in.Body.Before
	_, bench, p, err := a.console.bound(a.request, ask)
	if err != nil {
		return nil, err
	}
	return a.console.try(a.request, ask, bench, p)
}

func apiEffects(a caller, in *struct {
	APISpoken
	Body APITrial
}) (*effects, error) {
	row, bench, _, err := a.console.bound(a.request, in.Body.asked())
	if err != nil {
		return nil, err
	}
	return a.console.effectsOf(a.request, in.Body.asked(), row, bench)
}

func apiDiff(a caller, in *struct {
	APISpoken
	Body APITrial
}) (*drafted, error) {
	_, bench, _, err := a.console.bound(a.request, in.Body.asked())
	if err != nil {
		return nil, err
	}
	return a.console.diff(a.Context(), in.Body.asked(), bench)
}

// An apiChanged is what was written.
type apiChanged struct {
	Change  string   `json:"change" doc:"by which it is taken back"`
	Columns []string `json:"columns"`
	Files   []string `json:"files" doc:"that are different now; the daemon reads them anew in some seconds"`
}

// changedBy says what a change has written.
func changedBy(x workshop.Change) apiChanged {
	out := apiChanged{Change: changeID(x), Columns: append([]string{}, x.Columns...), Files: []string{}}
	for _, f := range x.Files {
		out.Files = append(out.Files, f.Name)
	}
	return out
}

func apiSave(a caller, in *struct {
	APISpoken
	Body struct {
		Column  string         `json:"column" minLength:"1" maxLength:"300"`
		Source  string         `json:"source" minLength:"1" maxLength:"100" doc:"the pages that it was tried on"`
		Recipe  extract.Recipe `json:"recipe"`
		Newest  string         `json:"newest" maxLength:"10" doc:"the newest day that it was seen to read: it must read the same in its place"`
		Also    []string       `json:"also,omitempty" maxItems:"500" doc:"other columns to write it into"`
		Replace bool           `json:"replace,omitempty" doc:"samples of the page before its redesign may go"`
	}
}) (apiChanged, error) {
	b := in.Body
	o := order{ID: b.Column, Source: b.Source, Recipe: b.Recipe, Newest: b.Newest, Also: b.Also, Replace: b.Replace}
	if err := o.check(); err != nil {
		return apiChanged{}, err
	}
	return a.write(o)
}

func apiAccept(a caller, in *struct {
	APISpoken
	Body struct {
		Column   string `json:"column" minLength:"1" maxLength:"300"`
		Snapshot string `json:"snapshot" minLength:"16" maxLength:"64" doc:"digest of the newest, or its first 16 digits or more"`
		Replace  bool   `json:"replace,omitempty" doc:"samples of the page before its redesign may go"`
	}
}) (apiChanged, error) {
	o, err := a.proposedOrder(in.Body.Column, in.Body.Snapshot, in.Body.Replace)
	if err != nil {
		return apiChanged{}, err
	}
	return a.write(o)
}

// write writes an order; samples in its way are a conflict that names them.
func (a caller) write(o order) (apiChanged, error) {
	change, err := a.console.write(a.request, o)
	if blocked := (*samplesPage)(nil); errors.As(err, &blocked) {
		return apiChanged{}, a.samplesInTheWay(blocked)
	}
	if err != nil {
		return apiChanged{}, err
	}
	return changedBy(change), nil
}

func (a caller) samplesInTheWay(p *samplesPage) *fault {
	f := &fault{Status: http.StatusConflict, Message: a.say("没有写入：本栏目的旧样本按这条规则读不出原来的结果。确已改版时，加 \"replace\": true 以替换这些样本。",
		"nothing was written: older samples of the column no longer read as they did. If the page was redesigned, send \"replace\": true to replace them.")}
	if len(p.Others) > 0 {
		f.Message = a.say("没有写入：其他栏目的样本因此读不出原来的结果。请改用只影响本栏目的规则。", "nothing was written: samples of other columns would no longer read as they did. Use a recipe that touches this column alone.")
	}
	f.Details = append(sampleNames(p.Own), sampleNames(p.Others)...)
	f.Details = f.Details[:min(len(f.Details), maxDetails)]
	return f
}

func apiUndo(a caller, in *struct {
	APISpoken
	Body struct {
		Column string `json:"column" minLength:"1" maxLength:"300"`
		Change string `json:"change" minLength:"1" maxLength:"40" doc:"as it was answered when it was written"`
	}
}) (apiChanged, error) {
	back, err := a.console.takeBack(a.request, in.Body.Column, in.Body.Change)
	if err != nil {
		return apiChanged{}, err
	}
	return changedBy(back), nil
}
