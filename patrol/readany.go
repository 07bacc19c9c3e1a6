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
// carrier, or whichever reads most of it. It returns a visit for each.
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
		subjects = append(subjects, inventory.Subject{
			ID: address, Kind: inventory.KindColumn, Host: strings.ToLower(u.Host),
			Task: extract.Task{Question: extract.AskNewest, URLs: []string{address}, Hosts: e.Hosts},
		})
	}
	for _, job := range jobs(subjects, true) {
		if err := e.Visitor.Crawl(ctx, job, func(v crawler.Visit) error {
			visits[at[v.Subject]] = e.again(v)
			return nil
		}); err != nil {
			return nil, fmt.Errorf("explore %s: %w", job.Host, err)
		}
	}
	return visits, nil
}

// again reads a visit's pages by every profile and returns it with the reading
// that says most.
func (e Explorer) again(v crawler.Visit) crawler.Visit {
	for _, p := range e.Profiles {
		if e.CMS != "" && p.ID != e.CMS && v.Reading.Conclusive() {
			continue
		}
		task := extract.Task{Question: extract.AskNewest, URLs: []string{v.Subject}, Hosts: e.Hosts, Recipe: p.List, Method: "cms:" + p.ID}
		if r, wants := extract.Read(task, v.Pages); len(wants) == 0 && saysMore(r, v.Reading) {
			v.Reading = r
		}
	}
	return v
}

// saysMore reports whether a reading says more than another.
func saysMore(a, b extract.Reading) bool {
	if a.Conclusive() != b.Conclusive() {
		return a.Conclusive()
	}
	return len(a.Items) > len(b.Items)
}
