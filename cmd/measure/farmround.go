package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"path/filepath"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/internal/egress"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/rules"
	"xuncha/store"
)

// farmNow is the moment of the first round over the farm; the second is a day
// later.
func farmNow() time.Time { return time.Date(2023, 9, 27, 1, 30, 0, 0, extract.Beijing) }

// How a round reads the farm.
const (
	byRecipe = "recipe"
	induced  = "induced"
)

// farmCity is the farm as a city: each host a carrier, each page a column, read
// by the recipe a person would write or, induced, by none.
func farmCity(plots []plot, bare bool) (*inventory.City, error) {
	city := &inventory.City{
		Name: "农场", Digest: fmt.Sprint("farm, induced: ", bare), Crawl: inventory.Crawl{Workers: farmHosts},
		Units: []inventory.Unit{{ID: "farm", Name: "农场", Level: inventory.LevelDepartment}},
	}
	if len(plots) != farmHosts*farmLists {
		return nil, fmt.Errorf("the farm has %d pages, want %d", len(plots), farmHosts*farmLists)
	}
	for host := range farmHosts {
		id := fmt.Sprintf("h%02d", host)
		c := inventory.Carrier{ID: id, Kind: inventory.OtherCarrier, Unit: "farm", Name: id, Home: plots[host*farmLists].URL}
		for list, p := range plots[host*farmLists : (host+1)*farmLists] {
			col := inventory.Column{
				ID: fmt.Sprintf("%s/%02d", id, list), Unit: "farm", Carrier: id, Name: "动态", Class: inventory.ClassNews, URLs: []string{p.URL},
			}
			if !bare {
				col.Recipe, col.Method = extract.Recipe{Item: p.Item, Date: p.Date}, "recipe"
			}
			c.Columns = append(c.Columns, col)
		}
		city.Carriers = append(city.Carriers, c)
	}
	return city, nil
}

// farmRules want a new item each fortnight; all columns of the farm have one.
func farmRules() *rules.RuleSet {
	return &rules.RuleSet{
		ID: "farm", Before: 48 * time.Hour, After: 24 * time.Hour, Looks: 2, Apart: time.Hour,
		Indicators: []rules.Indicator{{
			ID: "dynamic", Kind: rules.KindColumn, Classes: []string{string(inventory.ClassNews)}, Effect: rules.EffectVeto,
			Text: "超期", Window: rules.Window{Days: 14},
		}},
	}
}

// farmClock stands still.
type farmClock time.Time

func (c farmClock) Now() time.Time { return time.Time(c) }

// farmRound makes one round over the farm, as the program makes rounds: plan,
// crawl, read, keep, judge.
func farmRound(ctx context.Context, bare bool, manifest, data string) (err error) {
	plots, err := readManifest(manifest)
	if err != nil {
		return err
	}
	city, err := farmCity(plots, bare)
	if err != nil {
		return err
	}
	st, err := store.Open(filepath.Join(data, storeFile), store.Options{Create: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	rounds, err := st.Rounds()
	if err != nil {
		return err
	}
	clock := farmClock(farmNow().AddDate(0, 0, len(rounds)))
	c, transport, err := farmCrawler(plots, clock, patrol.Recall{Archive: st})
	if err != nil {
		return err
	}
	defer transport.CloseIdleConnections()
	round, err := patrol.Run(ctx, patrol.Config{
		City: city, RuleSet: farmRules(), Visitor: c, Keeper: st, Clock: clock, Log: slog.New(slog.DiscardHandler),
	})
	if err == nil && round.Read+round.Failed != len(plots) {
		err = fmt.Errorf("the round looked at %d pages, want %d", round.Read+round.Failed, len(plots))
	}
	return err
}

// storeFile is the name of a store in its folder.
const storeFile = "xuncha.db"

// farmCrawler is a crawler for the farm, which wants no pauses.
func farmCrawler(plots []plot, clock crawler.Clock, memory crawler.Memory) (*crawler.Crawler, interface{ CloseIdleConnections() }, error) {
	urls := make([]string, len(plots))
	for i, p := range plots {
		urls[i] = p.URL
	}
	transport, err := egress.NewTransport(egress.Config{
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Ports: egress.PortsOf(urls...),
	})
	if err != nil {
		return nil, nil, err
	}
	cfg := crawler.DefaultConfig()
	cfg.Delay, cfg.Jitter = 0, 0
	c, err := crawler.New(cfg, transport, clock, memory, nil)
	return c, transport, err
}

// newestOf loads a column's newest snapshot.
func newestOf(st *store.Store, subject string) (store.Snapshot, error) {
	for sum, err := range st.History(subject, time.Time{}) {
		if err != nil {
			return store.Snapshot{}, err
		}
		return st.Load(sum)
	}
	return store.Snapshot{}, fmt.Errorf("%s: %w", subject, store.ErrNotFound)
}

// rowsRead are the rows of a reading as other programs tell theirs.
func rowsRead(r extract.Reading) []farmRow {
	var rows []farmRow
	for _, item := range r.Items {
		rows = append(rows, farmRow{item.Title, item.Date.Time.Format(time.DateOnly)})
	}
	return rows
}

// tellKept prints what the newest snapshot of each column says, as other
// programs print what they read.
func tellKept(data string, w io.Writer) (err error) {
	st, err := store.Open(filepath.Join(data, storeFile), store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	subjects, err := st.Subjects()
	if err != nil {
		return err
	}
	var told tellSheet
	for _, id := range subjects {
		snap, err := newestOf(st, id)
		if err != nil {
			return err
		}
		told.add(snap.Pages[0].Asked, rowsRead(snap.Reading))
	}
	return told.print(w)
}
