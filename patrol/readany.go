package patrol

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
)

// readAny reads pages of which nobody has said how: by the profile of the
// carrier, by those that know the page by its signs, or by what the page itself
// shows. It returns a visit for each.
func (e Explorer) readAny(ctx context.Context, addresses []string) ([]crawler.Visit, error) {
	visits := make([]crawler.Visit, len(addresses))
	at := map[string]int{}
	var subjects []inventory.Subject
	for i, address := range addresses {
		u, err := url.Parse(address)
		if err != nil {
			return nil, fmt.Errorf("%s is no address: %w", address, err)
		}
		at[address] = i
		subjects = append(subjects, inventory.Subject{ID: address, Kind: inventory.KindColumn, Host: strings.ToLower(u.Host), Task: e.task(address)})
	}
	for _, job := range jobs(subjects, true) {
		if err := e.Visitor.Crawl(ctx, job, func(v crawler.Visit) error {
			visits[at[v.Subject]] = e.asConfigured(v)
			return nil
		}); err != nil {
			return nil, fmt.Errorf("explore %s: %w", job.Host, err)
		}
	}
	return visits, nil
}

// task asks for the newest item of a page that nobody has written a recipe for.
func (e Explorer) task(address string) extract.Task {
	return extract.Task{Question: extract.AskNewest, URLs: []string{address}, Hosts: e.Hosts, Book: e.Book}
}

// asConfigured reads a visit's pages once more by the profile that the carrier's
// configuration names, which goes before whatever else reads them.
func (e Explorer) asConfigured(v crawler.Visit) crawler.Visit {
	for _, p := range e.Profiles {
		if p.ID != e.CMS {
			continue
		}
		if r, ok := e.by(p.List, p.ID, v.Subject, v.Pages); ok {
			v.Reading = r
		}
	}
	return v
}

// by reads pages by a recipe; ok is false where it does not serve.
func (e Explorer) by(recipe extract.Recipe, cms, address string, pages []extract.Page) (r extract.Reading, ok bool) {
	t := e.task(address)
	t.Recipe, t.Book, t.Method = recipe, nil, "cms:"+cms
	r, wants := extract.Read(t, pages)
	return r, len(wants) == 0 && r.Conclusive() && r.Method == t.Method
}
