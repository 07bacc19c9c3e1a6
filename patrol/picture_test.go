package patrol

import (
	"context"
	"testing"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/store"
)

// onePrior is an archive of one snapshot.
type onePrior struct{ store.Snapshot }

func (o onePrior) Prior(string) (store.Snapshot, error)      { return o.Snapshot, nil }
func (onePrior) Reading(string) (r extract.Reading, _ error) { return r, nil }
func (onePrior) Body(string) (b []byte, _ error)             { return b, nil }

// A picture differs where a page does not, by a clock in its head. It must not
// keep rules from seeing that one page answers for many columns, nor the crawler
// from seeing that a page is what it was.
func TestAPictureIsForPeopleAlone(t *testing.T) {
	s := store.Snapshot{Subject: "a", Pages: []extract.Page{
		{URL: "http://a.gov.cn/", Why: extract.WhyList, SHA256: "01"},
		{URL: "http://a.gov.cn/", Why: extract.WhyPicture, SHA256: "02", Rendered: true},
	}}
	if look := s.AsLook(); len(look.Evidence) != 1 || look.Evidence[0].SHA256 != "01" {
		t.Errorf("evidence %+v", look.Evidence)
	}
	v, _, err := Recall{onePrior{s}}.Prior("a")
	if err != nil || len(v.Pages) != 1 || v.Pages[0].Why != extract.WhyList || len(s.Pages) != 2 {
		t.Errorf("remembered pages %+v: %v", v.Pages, err)
	}
}

// lookedAt notes the jobs it is given.
type lookedAt struct {
	Visitor
	jobs chan crawler.Job
}

func (v lookedAt) Crawl(ctx context.Context, job crawler.Job, deliver func(crawler.Visit) error) error {
	v.jobs <- job
	return v.Visitor.Crawl(ctx, job, deliver)
}

// deaf delivers every subject as not read.
type deaf struct{}

func (deaf) Crawl(_ context.Context, job crawler.Job, deliver func(crawler.Visit) error) error {
	for _, s := range job.Subjects {
		if err := deliver(crawler.Visit{Subject: s.ID}); err != nil {
			return err
		}
	}
	return nil
}

// Only a second look is worth a picture: a healthy city has none taken.
func TestOnlySecondLooksArePictured(t *testing.T) {
	for _, c := range []struct {
		asked bool
		look  int
		want  bool
	}{{true, 1, false}, {true, 2, true}, {false, 2, false}} {
		v := lookedAt{deaf{}, make(chan crawler.Job, 1)}
		p := &planned{Config: Config{City: smallCity(), Visitor: v, Keeper: &memory{}, Picture: c.asked}}
		if err := p.look(t.Context(), []inventory.Subject{{ID: "a", Host: "a.gov.cn"}}, c.look); err != nil {
			t.Fatal(err)
		}
		if got := (<-v.jobs).Picture; got != c.want {
			t.Errorf("look %d, asked %v: picture %v", c.look, c.asked, got)
		}
	}
}
