package main

import (
	"bytes"
	"context"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xuncha/cases"
	"xuncha/console"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/store"
)

// testGate opens a gate over a new store.
func testGate(t *testing.T) (*people.Gate, *store.Store) {
	t.Helper()
	st, err := store.Open(filepath.Join(t.TempDir(), "xuncha.db"), store.Options{Create: true, LockTimeout: -1, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	gate, err := people.Open(people.Config{Store: st, Cost: people.Cost{MemoryKiB: 8, Passes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	return gate, st
}

// Users of the console whose role is of the office decide beside those whom the
// city names, under their full names.
func TestUsersDecideBesideTheCitysPeople(t *testing.T) {
	gate, st := testGate(t)
	for _, u := range []people.User{
		{Name: "zhang", FullName: "张三", Roles: []people.Role{people.Handler, people.Reviewer}},
		{Name: "li", FullName: "李四", Roles: []people.Role{people.Signer}},
		{Name: "wang", FullName: "王五", Roles: []people.Role{people.Operator}},
	} {
		if _, err := gate.Create(people.Actor{}, u); err != nil {
			t.Fatal(err)
		}
	}
	if err := gate.Disable(people.Actor{}, "li"); err != nil {
		t.Fatal(err)
	}
	d := &officeDesk{service: &service{gate: gate, store: st}}
	o := setup{city: &inventory.City{People: inventory.People{List: []inventory.Official{{Name: "赵六", Roles: []inventory.OfficialRole{"签发"}}}}}}.office()
	if err := gate.Edit(people.Actor{}, people.User{Name: "zhang", FullName: "张三 财政局", Roles: []people.Role{people.Handler, people.Reviewer}}); err != nil {
		t.Fatal(err)
	}
	o.Users, o.Formerly = d.deciders()
	if got := o.Policy().Formerly["张三 财政局"]; !slices.Equal(got, []string{"张三"}) {
		t.Errorf("the name from before is %v, want 张三", got)
	}
	want := []cases.Person{{Name: "赵六", Role: cases.Signer}, {Name: "张三 财政局", Role: cases.Reviewer}, {Name: "张三 财政局", Role: cases.Handler}}
	if got := o.Policy().People; !slices.Equal(got, want) {
		t.Errorf("those who may act are %v, want %v", got, want)
	}
	if list, _ := (&officeDesk{service: &service{}}).deciders(); list != nil {
		t.Error("without users somebody decides")
	}
}

// noCity is a configuration that allows nothing.
func noCity() *inventory.City { return &inventory.City{} }

func TestAnIssuerIsConfiguredWhole(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := issuerFlags{Issuer: "https://id.yq.gov.cn/realms/yq", Client: "xuncha", Secret: secret, Claim: "preferred_username"}
	if _, err := f.issuer("", noCity); err == nil || !strings.Contains(err.Error(), "--url") {
		t.Errorf("without --url: %v", err)
	}
	got, err := f.issuer("https://xuncha.yq.gov.cn/", noCity)
	if err != nil {
		t.Fatal(err)
	}
	if got.Return != "https://xuncha.yq.gov.cn/login/return" || got.ClientSecret != "s3cret" {
		t.Errorf("the issuer is %+v", got)
	}
	// It is asked by the program's own way out: an address inside is refused.
	inward := issuerFlags{Issuer: "http://127.0.0.1:1/", Client: "xuncha"}
	if got, err = inward.issuer("https://xuncha.yq.gov.cn", noCity); err != nil {
		t.Fatal(err)
	}
	if _, err := got.Client.Get(inward.Issuer); err == nil || !strings.Contains(err.Error(), "egress denied") {
		t.Errorf("an issuer on this machine: %v", err)
	}
	// What the configuration allows since is allowed.
	var edited inventory.City
	if got, err = inward.issuer("https://xuncha.yq.gov.cn", func() *inventory.City { return &edited }); err != nil {
		t.Fatal(err)
	}
	edited = inventory.City{Digest: "2", Crawl: inventory.Crawl{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}}
	if _, err := got.Client.Get(inward.Issuer); err == nil || strings.Contains(err.Error(), "egress denied") {
		t.Errorf("an issuer that the configuration allows now: %v", err)
	}
	f.Secret += ".none"
	if _, err := f.issuer("https://xuncha.yq.gov.cn", noCity); err == nil || !strings.Contains(err.Error(), "client secret") {
		t.Errorf("without the secret's file: %v", err)
	}
}

// An administrator who is locked out is let in again by whoever runs the program,
// by a link that stands in the log.
func TestALinkForWhoIsLockedOut(t *testing.T) {
	gate, _ := testGate(t)
	if _, err := gate.Create(people.Actor{}, people.User{Name: "zhang", FullName: "张三", Roles: []people.Role{people.Admin}}); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var out bytes.Buffer
	s := &service{app: &app{stdout: &out, lang: "zh"}, gate: gate, serveCmd: serveCmd{LinkFor: "zhang"}}
	if err := s.welcome(l, nil); err != nil {
		t.Fatal(err)
	}
	_, secret, found := strings.Cut(out.String(), "请 zhang 在 24 小时内用此链接重设密码：http://"+l.Addr().String()+console.SetupPath(""))
	if a, err := gate.LinkFor(strings.TrimSpace(secret)); !found || err != nil || a.Name != "zhang" {
		t.Errorf("it says %q; the link is %q's: %v", out.String(), a.Name, err)
	}
	if log, _, err := gate.Entries(people.Question{On: "zhang", Most: 1}); err != nil || len(log) == 0 || log[0].From != "xuncha serve" {
		t.Errorf("the log has %+v, %v", log, err)
	}
	s.LinkFor = "nobody"
	if err := s.welcome(l, nil); err == nil {
		t.Error("a link for nobody was made")
	}
}

// Who no longer waits for a paper takes no turn of those who do.
func TestATurnEndsWithWhoWaits(t *testing.T) {
	d := &noticeDesk{making: make(chan struct{}, 1)}
	leave, err := d.turn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.turn(gone); err == nil {
		t.Error("two judge at a time")
	}
	leave()
	if leave, err = d.turn(t.Context()); err != nil {
		t.Fatal("whoever went still holds a turn")
	}
	leave()
}
