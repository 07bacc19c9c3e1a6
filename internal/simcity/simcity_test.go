package simcity

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xuncha/inventory"
)

// point is the monitoring point of the 2023 third quarter.
var point = time.Date(2023, 9, 28, 0, 0, 0, 0, beijing)

// townFacts are those of the small city of town.
const townFacts = `
cadence: {动态要闻: 3, 通知公告: 8, 建议提案: 12}
hosts:
  down.test.gov.cn: {down: true}
subjects:
  trs/tzgg: {newest: 2022-08-29}
  trs-old/tzgg: {newest: 2022-08-29}
  ucap/tzgg: {newest: 2022-08-29}
  vsb/tzgg: {newest: 2022-08-29}
  nfcms/tzgg: {newest: 2022-08-29}
  epoint/tzgg: {newest: 2022-08-29}
  dedecms/tzgg: {newest: 2022-08-29}
  aspx/tzgg: {newest: 2022-08-29}
  account:140300M019XL0001: {newest: 2023-09-20, renamed: 阳泉网安}
`

// town is a small city with one site of each family.
func town() *inventory.City {
	c := &inventory.City{Units: []inventory.Unit{{ID: "fgw", Name: "市发展和改革委员会", Aliases: []string{"市发改委"}}}}
	for _, s := range skins() {
		c.Carriers = append(c.Carriers, townSite(s))
	}
	down := townSite(trs())
	down.ID, down.Home, down.Columns = "down", "http://down.test.gov.cn/", nil
	c.Carriers = append(c.Carriers, down)
	c.Accounts = []inventory.Account{{
		Code: "140300M019XL0001", Platform: inventory.Weibo, Name: "阳泉网警", Unit: "fgw", UID: "2803301701",
		Feed: "http://weibo.feed.example/140300M019XL0001.xml", Home: "https://weibo.com/u/2803301701",
	}}
	return c
}

func townSite(s *skin) inventory.Carrier {
	base := "http://" + s.name + ".test.gov.cn"
	column := func(id, name string, class inventory.Class, dirs ...string) inventory.Column {
		col := inventory.Column{ID: s.name + "/" + id, Unit: "fgw", Carrier: s.name, Name: name, Class: class}
		for _, d := range dirs {
			col.URLs = append(col.URLs, base+s.first(d))
		}
		return col
	}
	return inventory.Carrier{
		ID: s.name, Kind: inventory.Site, Unit: "fgw", Name: "阳泉市发展和改革委员会", Home: base + "/", CMS: s.name,
		Columns: []inventory.Column{
			column("dt", "工作动态", inventory.ClassNews, "/dt/"),
			column("tzgg", "通知公告", inventory.ClassNotice, "/tzgg/"),
			column("jyta", "建议提案", inventory.ClassProposals, "/jyta/rd/", "/jyta/zx/"),
		},
	}
}

// start starts a city that ends with the test.
func start(t testing.TB, city *inventory.City, facts string, o Options) *City {
	t.Helper()
	if o.At.IsZero() && o.Now == nil {
		o.At = point
	}
	c, err := New(city, []byte(facts), o)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return c
}

// client asks the city as a browser would.
func client(t testing.TB, c *City) *http.Client {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(c.CA())
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
		name, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return nil, err
		}
		addrs, err := c.Lookup(ctx, name)
		if err != nil {
			return nil, err
		}
		return c.Dial(ctx, netip.AddrPortFrom(addrs[0], uint16(n)))
	}}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// an answer is a response that was read whole.
type answer struct {
	status int
	header http.Header
	body   string
}

// get asks for a URL with headers given in pairs.
func get(t testing.TB, hc *http.Client, url string, headers ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := hc.Do(req)
	if err != nil {
		t.Fatalf("GET %s: %v", url, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("GET %s: read: %v", url, err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

func TestSameClockSameBytes(t *testing.T) {
	urls := []string{"http://trs.test.gov.cn/", "http://trs.test.gov.cn/dt/", "http://aspx.test.gov.cn/dt.aspx?page=2", "http://weibo.feed.example/140300M019XL0001.xml"}
	a, b := client(t, start(t, town(), townFacts, Options{})), client(t, start(t, town(), townFacts, Options{}))
	for _, u := range urls {
		if x, y := get(t, a, u), get(t, b, u); x.status != 200 || x.body != y.body {
			t.Errorf("%s: status %d, equal bodies: %v; want 200 and equal", u, x.status, x.body == y.body)
		}
	}
}

func TestPageWeight(t *testing.T) {
	hc := client(t, start(t, town(), townFacts, Options{}))
	for _, s := range skins()[:8] {
		u := "http://" + s.name + ".test.gov.cn" + s.first("/dt/")
		if n := len(get(t, hc, u).body); n < 8<<10 || n > 80<<10 {
			t.Errorf("%s: %d bytes, want a real page's weight", u, n)
		}
	}
}

func TestDownHostRefuses(t *testing.T) {
	c := start(t, town(), townFacts, Options{})
	addrs, err := c.Lookup(context.Background(), "down.test.gov.cn")
	if err != nil || len(addrs) != 1 {
		t.Fatalf("Lookup: %v, %v; want one address", addrs, err)
	}
	if _, err := c.Dial(context.Background(), netip.AddrPortFrom(addrs[0], 80)); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("Dial a host that is down: %v, want refused", err)
	}
	var dns *net.DNSError
	if _, err := c.Lookup(context.Background(), "nowhere.example"); !asDNS(err, &dns) || !dns.IsNotFound {
		t.Errorf("Lookup of an unknown host: %v, want not found", err)
	}
}

func TestCloseEndsWhatHangs(t *testing.T) {
	defer goleak.VerifyNone(t)
	facts := townFacts + "  trs/dt: {unreadable: timeout}\n"
	c, err := New(town(), []byte(facts), Options{At: point})
	if err != nil {
		t.Fatal(err)
	}
	hc := client(t, c)
	failed := make(chan error, 1)
	go func() {
		res, err := hc.Get("http://trs.test.gov.cn/dt/")
		if err == nil {
			res.Body.Close()
		}
		failed <- err
	}()
	for c.Traffic()["trs.test.gov.cn"].Requests == 0 {
		if len(failed) > 0 {
			t.Fatal("the request ended before the city did")
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; err == nil {
		t.Error("a request that hung got an answer when the city closed")
	}
	if _, err := c.Dial(context.Background(), netip.AddrPortFrom(c.hosts["trs.test.gov.cn"].addr, 80)); err == nil {
		t.Error("a closed city can be dialled")
	}
}
