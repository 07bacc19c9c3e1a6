package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// A desk is somebody of the office at the console, who enters findings and remarks
// and remembers which of them were answered as done.
type desk struct {
	at     string // the console's address
	client *http.Client
	n      int
	refs   []string        // findings that were entered
	done   map[string]bool // by text: whether it was answered as done
}

// passwords of the people at the desk.
const deskPassword = "correct horse battery staple 7"

var linkOnPage = regexp.MustCompile(`/setup\?link=[A-Za-z0-9_%-]+`)

// newDesk makes an administrator by the link of the first start, and by him somebody
// who may deal with findings, who then logs in.
func newDesk(ctx context.Context, at, setup string) (*desk, error) {
	admin := &desk{at: at, client: newBrowser()}
	begin := func(d *desk, link, name, full string) error {
		u, err := url.Parse(link)
		if err != nil {
			return err
		}
		form := url.Values{"link": u.Query()["link"], "name": {name}, "full_name": {full}, "password": {deskPassword}, "again": {deskPassword}}
		if _, err := d.post(ctx, "/setup", form); err != nil {
			return err
		}
		_, err = d.post(ctx, "/login", url.Values{"name": {name}, "password": {deskPassword}})
		return err
	}
	if err := begin(admin, setup, "root1", "管理员"); err != nil {
		return nil, fmt.Errorf("administrator: %w", err)
	}
	page, err := admin.post(ctx, "/users", url.Values{"name": {"liqiang"}, "full_name": {"李强"}, "role": {"审核"}})
	if err != nil {
		return nil, fmt.Errorf("make a user: %w", err)
	}
	d := &desk{at: at, client: newBrowser(), done: map[string]bool{}}
	if err := begin(d, linkOnPage.FindString(page), "liqiang", "李强"); err != nil {
		return nil, fmt.Errorf("user: %w", err)
	}
	return d, nil
}

// newBrowser keeps cookies, and follows no redirect: where it leads is the answer.
func newBrowser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // it has no options that could be wrong
	}
	return &http.Client{
		Jar: jar, Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}, // the process may be another the next time
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

var alertOnPage = regexp.MustCompile(`(?s)role="alert">(.*?)</p>|<div class="box"><h1>(.*?)</h1>`)

// post sends a form and returns where it leads, or the page.
func (d *desk) post(ctx context.Context, path string, form url.Values) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.at+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept-Language", "en")
	resp, err := d.client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return "", err
	case resp.StatusCode == http.StatusSeeOther:
		return resp.Header.Get("Location"), nil
	case resp.StatusCode != http.StatusOK:
		return "", &refusedError{path, resp.Status, strings.Join(alertOnPage.FindStringSubmatch(string(page)), " ")}
	}
	return string(page), nil
}

// A refusedError is an answer of the console that says no.
type refusedError struct{ path, status, sentence string }

func (e *refusedError) Error() string {
	return fmt.Sprintf("%s answers %s: %s", e.path, e.status, e.sentence)
}

// Findings that people enter.
const (
	byHandIndicator = "national.V1.safety"
	byHandPeriod    = "2023Q4"
)

// deskSites are sites of which something is found.
func deskSites() []string {
	return []string{"fgw", "jyj", "gxj", "gaj", "mzj", "sfj", "czj", "rsj", "zrzyj", "sthjj", "zjj", "jtj"}
}

// work does some things. An error is an answer that says no; where no answer came,
// what was asked for may have been done or not.
func (d *desk) work(ctx context.Context, things int) error {
	for range things {
		d.n++
		text := fmt.Sprintf("核查记录第%d号", d.n)
		d.done[text] = false
		err := d.enter(ctx, text)
		var no *refusedError
		switch {
		case errors.As(err, &no):
			return no
		case err == nil:
			d.done[text] = true
		}
	}
	return ctx.Err()
}

// enter enters a finding while there are sites without one, and then remarks.
func (d *desk) enter(ctx context.Context, text string) error {
	if sites := deskSites(); len(d.refs) < len(sites) && d.n%2 == 1 {
		to, err := d.post(ctx, "/findings/new", url.Values{
			"subject": {sites[len(d.refs)]}, "indicator": {byHandIndicator}, "period": {byHandPeriod}, "text": {text}, "source": {"人工核查"},
		})
		if err != nil {
			var no *refusedError
			if !errors.As(err, &no) { // nobody knows: the next one is of another site
				d.refs = append(d.refs, "")
			}
			return err
		}
		u, err := url.Parse(to)
		d.refs = append(d.refs, strings.TrimPrefix(u.Path, "/findings/"))
		return err
	}
	for i := range d.refs {
		if ref := d.refs[(d.n+i)%len(d.refs)]; ref != "" {
			_, err := d.post(ctx, "/findings/do/note", url.Values{"of": {ref}, "note": {text}})
			return err
		}
	}
	return errNothingToRemark
}

// errNothingToRemark says that no finding has been entered yet.
var errNothingToRemark = errors.New("no finding to remark on")
