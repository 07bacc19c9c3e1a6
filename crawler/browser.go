package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// BrowserConfig says how to show pages. Start from DefaultBrowserConfig.
type BrowserConfig struct {
	// Path is the Chromium to run; "" looks for one by its usual names.
	Path string

	// NoSandbox gives up Chromium's sandbox, which it cannot have when it runs as
	// root. Without it nothing is shown as root.
	NoSandbox bool

	// UserAgent names us to site owners, in scripts too.
	UserAgent string

	// Images shows pictures, which documents of our own hold. Pages of others are read
	// without theirs.
	Images bool

	// Tabs bounds the pages shown at a time, and Pages how many one Chromium
	// shows before another takes its place.
	Tabs, Pages int

	// Timeout bounds one page from its opening to its last byte.
	Timeout time.Duration

	// A page is taken when it is complete and has asked for nothing for Quiet,
	// but no later than SettleWithin after it was first complete.
	Quiet, SettleWithin time.Duration
}

// DefaultBrowserConfig returns the configuration for real networks.
func DefaultBrowserConfig() BrowserConfig {
	return BrowserConfig{
		UserAgent: DefaultConfig().UserAgent, Tabs: 2, Pages: 50,
		Timeout: 30 * time.Second, Quiet: 500 * time.Millisecond, SettleWithin: 10 * time.Second,
	}
}

// A Browser shows pages that scripts fill, in a Chromium that it starts when the
// first is wanted. Where there is no Chromium, or none that runs, nothing is
// shown, and the log says so once. It is safe for concurrent use; whoever made
// it must Close it.
type Browser struct {
	cfg  BrowserConfig
	log  *slog.Logger
	free chan struct{} // holds a token for each tab that may be opened

	mu     sync.Mutex
	proxy  *proxy // guarded by mu; nil before the first page
	now    *lent  // guarded by mu; nil while none runs
	broken error  // guarded by mu; why there is no browser

	closing sync.Once
	closed  atomic.Bool
}

// lent is a Chromium with those who use it.
type lent struct {
	*chromium
	users int  // guarded by Browser.mu
	pages int  // guarded by Browser.mu; shown so far
	worn  bool // guarded by Browser.mu; shows no more
}

// errNoBrowser marks that nothing can be shown.
var errNoBrowser = errors.New("no browser is at hand")

// NewBrowser makes a browser. Nothing runs before a page is shown. A nil log
// says nothing.
func NewBrowser(cfg BrowserConfig, log *slog.Logger) *Browser {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	b := &Browser{cfg: cfg, log: log, free: make(chan struct{}, cfg.Tabs)}
	for range cfg.Tabs {
		b.free <- struct{}{}
	}
	return b
}

// Close waits for the pages being shown and ends Chromium. Nothing is shown
// afterwards.
func (b *Browser) Close() (err error) {
	b.closing.Do(func() {
		b.closed.Store(true)
		for range b.cfg.Tabs {
			<-b.free // whoever shows a page gives it back
		}
		close(b.free)
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.now != nil {
			b.retire()
		}
		if b.proxy != nil {
			err = b.proxy.close()
		}
	})
	return err
}

// tabs returns how many tabs there may be and how many of them show a page; none of a
// browser that is nil or closed. It does not wait, as for a Chromium that is starting.
func (b *Browser) tabs() (all, busy int) {
	if b == nil || b.closed.Load() {
		return 0, 0
	}
	return b.cfg.Tabs, b.cfg.Tabs - len(b.free)
}

// borrow waits for a tab and returns the Chromium to open it in. After a nil
// error the caller must give it back. An error that is not of ctx is
// errNoBrowser, wrapped.
func (b *Browser) borrow(ctx context.Context) (*lent, error) {
	select {
	case _, open := <-b.free:
		if !open {
			return nil, fmt.Errorf("%w: it was closed", errNoBrowser)
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.ready(ctx); err != nil {
		b.free <- struct{}{}
		return nil, err
	}
	b.now.users++
	b.now.pages++
	return b.now, nil
}

// ready has a Chromium running. The caller holds mu.
func (b *Browser) ready(ctx context.Context) error {
	if b.now != nil && (b.now.worn || b.now.pages >= b.cfg.Pages || b.now.hungUp()) {
		b.retire()
	}
	if b.now != nil || b.broken != nil {
		return b.broken
	}
	err := b.start(ctx)
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		b.broken = fmt.Errorf("%w: %w", errNoBrowser, err)
		b.log.Warn("pages that scripts fill are not read: no browser runs", "error", err)
	}
	return b.broken
}

// retire puts the Chromium in use aside; its last user ends it. The caller holds
// mu.
func (b *Browser) retire() {
	if b.now.worn = true; b.now.users == 0 {
		b.now.shut()
	}
	b.now = nil
}

// start starts the proxy, if none serves yet, and a Chromium. The caller holds
// mu.
func (b *Browser) start(ctx context.Context) error {
	path, err := b.cfg.find()
	if err != nil {
		return err
	}
	if b.proxy == nil {
		if b.proxy, err = newProxy(); err != nil {
			return err
		}
	}
	c, err := startChromium(ctx, path, b.cfg.arguments(b.proxy))
	if err != nil {
		return err
	}
	b.now = &lent{chromium: c}
	return nil
}

// giveBack ends a use. A Chromium that a page has broken is ended at once when
// the last page in it is done.
func (b *Browser) giveBack(l *lent, worn bool) {
	b.mu.Lock()
	l.users--
	l.worn = l.worn || worn
	last := l.users == 0 && l.worn
	if l.worn && b.now == l {
		b.now = nil
	}
	b.mu.Unlock()
	if last {
		l.kill()
	}
	b.free <- struct{}{}
}

// hungUp reports whether Chromium has ended by itself.
func (l *lent) hungUp() bool {
	select {
	case <-l.pipe.ended:
		return true
	default:
		return false
	}
}

// find returns the path of the Chromium to run.
func (cfg BrowserConfig) find() (string, error) {
	if os.Geteuid() == 0 && !cfg.NoSandbox {
		return "", errors.New("no sandbox for Chromium as root: run as another user, or say crawl.browser_sandbox: false")
	}
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	if cfg.Path != "" {
		names = []string{cfg.Path}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("found no %s: install Debian's package chromium, or name its path as crawl.browser", strings.Join(names, ", "))
}

// arguments are what Chromium is started with: nothing to look at, nothing of its
// own to ask for, and no way out but the proxy.
func (cfg BrowserConfig) arguments(p *proxy) []string {
	args := []string{
		"--headless=new", "--remote-debugging-pipe", "--user-agent=" + cfg.UserAgent, "--lang=zh-CN",

		"--proxy-server=http://" + p.listener.Addr().String(), "--proxy-bypass-list=<-loopback>",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
		"--ignore-certificate-errors-spki-list=" + p.pin,
		"--webrtc-ip-handling-policy=disable_non_proxied_udp", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",

		"--no-startup-window", "--no-first-run", "--no-default-browser-check", "--no-pings", "--no-service-autorun", "--noerrdialogs", "--mute-audio",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
		"--disable-client-side-phishing-detection", "--disable-domain-reliability", "--disable-breakpad", "--disable-crash-reporter",
		"--disable-extensions", "--disable-gpu", "--disable-software-rasterizer", "--disable-dev-shm-usage", "--disable-notifications", "--disable-permissions-api",
		"--disable-renderer-backgrounding", "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
		"--disable-features=" + strings.Join([]string{
			"Translate", "OptimizationHints", "MediaRouter", "InterestFeedContentSuggestions", "CertificateTransparencyComponentUpdater",
			"AutofillServerCommunication", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "DialMediaRouteProvider", "site-per-process", "IsolateOrigins",
		}, ","),
		"--disable-site-isolation-trials", "--renderer-process-limit=2", fmt.Sprintf("--blink-settings=imagesEnabled=%t", cfg.Images),
		"--js-flags=--max-old-space-size=512", "--password-store=basic",
	}
	if cfg.NoSandbox {
		args = append(args, "--no-sandbox")
	}
	return args
}
