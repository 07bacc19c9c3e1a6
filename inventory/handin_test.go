package inventory

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xuncha/extract"
)

func handDay(d int) time.Time { return time.Date(2023, 9, d, 0, 0, 0, 0, extract.Beijing) }

const handCode = "140300M001SP0001"

// What is handed in is written behind what people wrote, and nothing of that moves.
func TestSubmissionsAreAddedAtTheEnd(t *testing.T) {
	yes := true
	posted := Submission{Account: handCode, By: "值班员: 张", Date: handDay(27), Posted: handDay(26), Picture: "shots/a.png"}
	for name, before := range map[string]string{
		"no file":               "",
		"only comments":         "# nothing yet\n",
		"a list with a comment": "# by hand\n- account: 140300M001SP0001 # the first\n  by: 李\n  date: 2023-09-20\n  posted: 2023-09-19\n",
		"no line end":           "- account: 140300M001SP0001\n  by: 李\n  date: 2023-09-20\n  posted: 2023-09-19",
		"indented":              "  - account: 140300M001SP0001\n    by: 李\n    date: 2023-09-20\n    posted: 2023-09-19\n",
		"CRLF":                  "- account: 140300M001SP0001\r\n  by: 李\r\n  date: 2023-09-20\r\n  posted: 2023-09-19\r\n",
	} {
		f, err := AddSubmission(File{Data: []byte(before)}, posted)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !bytes.HasPrefix(f.Data, []byte(before)) {
			t.Errorf("%s: what stood there has changed:\n%s", name, f.Data)
		}
		if f, err = AddSubmission(f, Submission{Account: handCode, By: "李", Date: handDay(27), Works: &yes}); err != nil {
			t.Errorf("%s, once more: %v", name, err)
		}
		checked, err := CheckSubmission(f, posted, "赵", handDay(28))
		if err != nil {
			t.Errorf("%s: checked: %v\n%s", name, err, f.Data)
			continue
		}
		want := `checked: {by: 赵, date: 2023-09-28}`
		if n := bytes.Count(checked.Data, []byte(want)); n != 1 || len(checked.Data) < len(f.Data)+len(want) {
			t.Errorf("%s: checked it reads\n%s", name, checked.Data)
		}
		if _, err := CheckSubmission(checked, posted, "钱", handDay(28)); !errors.Is(err, ErrNoSubmission) {
			t.Errorf("%s: checked twice: %v", name, err)
		}
		if strings.Contains(before, "\r\n") && bytes.Contains(bytes.ReplaceAll(checked.Data, []byte("\r\n"), nil), []byte("\n")) {
			t.Errorf("%s: line ends are mixed: %q", name, checked.Data)
		}
	}
	for _, bad := range []string{"[]\n", "a: b\n", "- [", "- {account: x}\n- b\nc"} {
		if f, err := AddSubmission(File{Data: []byte(bad)}, posted); err == nil {
			t.Errorf("added to %q: %q", bad, f.Data)
		}
	}
}

// Whatever text is handed in comes back as it was given.
func TestSubmissionsKeepTheirTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		by := rapid.StringMatching(`[^\x00-\x1f\x7f\s][^\x00-\x1f\x7f]{0,20}`).Filter(func(s string) bool {
			return strings.TrimSpace(s) == s && !strings.ContainsAny(s, "\u0085\u2028\u2029\ufeff")
		}).Draw(t, "by")
		f, err := AddSubmission(File{}, Submission{Account: handCode, By: by, Date: handDay(1), Posted: handDay(1)})
		if err != nil {
			return // refused, and nothing is written
		}
		var forms []submissionForm
		d := newDecoder(f.Name)
		d.decode(f, &forms)
		if len(forms) != 1 || forms[0].By != by {
			t.Fatalf("%q is written as %s", by, f.Data)
		}
	})
}
