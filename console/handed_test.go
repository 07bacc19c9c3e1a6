package console

import (
	"bytes"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"xuncha/board"
	"xuncha/inventory"
	"xuncha/people"
)

// tray takes what is handed in.
type tray struct {
	got     []inventory.Submission
	picture []byte
	checked []string
}

func (t *tray) HandIn(s inventory.Submission, picture []byte) error {
	t.got, t.picture = append(t.got, s), picture
	return nil
}

func (t *tray) Check(s inventory.Submission, by string, on time.Time) error {
	t.checked = append(t.checked, s.Account+" "+by+" "+on.Format(time.DateOnly))
	return nil
}

// onePixel is a picture.
var onePixel = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89")

func handConsole(t testing.TB, b *board.Board, u people.User) (http.Handler, *tray) {
	t.Helper()
	in := &tray{}
	c, err := New(Config{
		Board: func() *board.Board { return b }, Gate: as(u), Now: noonNow, Log: slog.New(slog.DiscardHandler), Office: "某市人民政府办公室", Submissions: in,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.Handler(), in
}

// sendParts sends a form with a picture; nil for none.
func sendParts(t testing.TB, h http.Handler, path string, picture []byte, pairs ...string) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := form.WriteField(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if picture != nil {
		part, err := form.CreateFormFile("picture", "shot.png")
		if err == nil {
			_, err = part.Write(picture)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestUnitsHandInLinksAndAttestations(t *testing.T) {
	h, in := handConsole(t, town(t), czjClerk)
	const path = "/accounts/140300M002XL0001/handed"
	if w := sendParts(t, h, path, nil, "link", "https://m.weibo.com/detail/1", "posted", "2023-09-26"); w.Code != http.StatusSeeOther {
		t.Errorf("a link: %d %s", w.Code, w.Body)
	}
	if w := sendParts(t, h, path, onePixel, "posted", "2023-09-26", "link", ""); w.Code != http.StatusSeeOther {
		t.Errorf("a day with a picture: %d %s", w.Code, w.Body)
	}
	if len(in.got) != 2 || in.got[0].Link != "https://m.weibo.com/detail/1" || !in.got[0].Posted.IsZero() || in.got[0].By != "市财政局孙某" ||
		!in.got[1].Posted.Equal(townDay(9, 26)) || !in.got[1].Date.Equal(townDay(9, 27)) || in.got[1].CheckedBy != "" || !bytes.Equal(in.picture, onePixel) {
		t.Errorf("handed in: %+v", in.got)
	}
	office, in := handConsole(t, town(t), signer)
	if w := sendParts(t, office, "/accounts/140300M003AP0001/handed", onePixel, "works", "no"); w.Code != http.StatusSeeOther || in.got[0].Works == nil || *in.got[0].Works {
		t.Errorf("a program that does not open: %d %+v", w.Code, in.got)
	}
}

func TestWhatCannotBeHandedInIsRefused(t *testing.T) {
	const path = "/accounts/140300M002XL0001/handed"
	for name, x := range map[string]struct {
		picture []byte
		pairs   []string
		status  int
	}{
		"nothing":                {nil, nil, 400},
		"a day without picture":  {nil, []string{"posted", "2023-09-26"}, 400},
		"a day after today":      {onePixel, []string{"posted", "2023-09-28"}, 400},
		"a day that is none":     {onePixel, []string{"posted", "yesterday"}, 400},
		"a script for a link":    {nil, []string{"link", "javascript:alert(1)"}, 400},
		"another platform":       {nil, []string{"link", "https://evil.example/weibo.com"}, 400},
		"a host that ends alike": {nil, []string{"link", "https://notweibo.com/1"}, 400},
		"a name in the address":  {nil, []string{"link", "https://weibo.com@evil.example/1"}, 400},
		"a page for a picture":   {[]byte("<html><script>alert(1)</script>"), []string{"posted", "2023-09-26"}, 415},
		"a huge picture":         {append(bytes.Clone(onePixel), make([]byte, maxPicture)...), []string{"posted", "2023-09-26"}, 413},
		"more than a form takes": {append(bytes.Clone(onePixel), make([]byte, 2*maxPicture)...), []string{"posted", "2023-09-26"}, 413},
	} {
		for _, lang := range []string{"zh", "en"} {
			h, in := handConsole(t, town(t), czjClerk)
			w := sendParts(t, h, path+"?lang="+lang, x.picture, x.pairs...)
			if w.Code != x.status || len(in.got) > 0 {
				t.Errorf("%s in %s: %d, want %d; taken: %v", name, lang, w.Code, x.status, in.got)
			}
		}
	}
	h, in := handConsole(t, town(t), czjClerk)
	if w := sendParts(t, h, "/accounts/140300M001XL0001/handed", nil, "link", "https://weibo.com/1"); w.Code != http.StatusNotFound || len(in.got) > 0 {
		t.Errorf("about another unit's account: %d", w.Code)
	}
	if w := sendParts(t, h, "/accounts/140300M002XL0001/checked", nil, "handed", "x"); w.Code != http.StatusForbidden {
		t.Errorf("a clerk checks: %d", w.Code)
	}
	only, in := handConsole(t, town(t), viewer)
	if w := sendParts(t, only, path, nil, "link", "https://weibo.com/1"); w.Code != http.StatusForbidden || len(in.got) > 0 {
		t.Errorf("a viewer hands in: %d", w.Code)
	}
}

func TestTheOfficeChecksWhatWasHandedIn(t *testing.T) {
	b := town(t)
	city := *b.City
	sum := strings.Repeat("ab", 32)
	city.Submissions = []inventory.Submission{
		{Account: "140300M002XL0001", By: hostileName, Date: townDay(9, 26), Posted: townDay(9, 25), Picture: "shots/a.png", SHA256: sum},
		{Account: "140300M002XL0001", By: "李", Date: townDay(9, 20), Link: "https://weibo.com/1"},
	}
	city.Files = []inventory.File{{Name: "shots/a.png", Data: onePixel}}
	in := b.Input
	in.City = &city
	b = board.New(in)
	h, tray := handConsole(t, b, signer)
	if text := readPage(t, h, "/").Find(".todo").Text(); !strings.Contains(text, "1 个账号交来的材料待核对") {
		t.Errorf("the overview does not tell the office: %s", text)
	}
	if rows := readPage(t, h, "/accounts?handed=waiting").Find("#list tbody tr").Length(); rows != 1 {
		t.Errorf("%d accounts wait, want 1", rows)
	}
	doc := readPage(t, h, "/accounts/140300M002XL0001")
	key, ok := doc.Find(`input[name="handed"]`).Attr("value")
	if !ok || doc.Find(`input[name="handed"]`).Length() != 1 {
		t.Fatal("what waits cannot be checked on the page, or more can than waits")
	}
	r := httptest.NewRequest("POST", "/accounts/140300M002XL0001/checked", strings.NewReader("handed="+key))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusSeeOther || len(tray.checked) != 1 || tray.checked[0] != "140300M002XL0001 赵某 2023-09-27" {
		t.Errorf("checked: %d %v", w.Code, tray.checked)
	}
	shot := get(t, h, "/accounts/140300M002XL0001/handed/"+sum)
	if shot.Code != http.StatusOK || shot.Header().Get("Content-Type") != "image/png" || !strings.Contains(shot.Header().Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the picture: %d %v", shot.Code, shot.Header())
	}
	if w := get(t, h, "/accounts/140300M003AP0001/handed/"+sum); w.Code != http.StatusNotFound {
		t.Errorf("the picture of another account: %d", w.Code)
	}
}

// The form asks for a picture where one is needed, and calls it so.
func TestAPictureIsAskedForWhereItIsNeeded(t *testing.T) {
	h, _ := handConsole(t, town(t), people.User{Name: "x", Roles: []people.Role{people.Handler}})
	for code, needed := range map[string]bool{"140300M003AP0001": true, "140300M001XL0001": false} {
		body := get(t, h, "/accounts/"+code+"?lang=zh").Body.String()
		if !strings.Contains(body, `name="picture"`) || strings.Contains(body, "截图（必附") != needed || strings.Contains(body, `name="picture" required`) != needed {
			t.Errorf("%s: the picture is needed: %t, and the form says otherwise", code, needed)
		}
	}
}
