package office

import (
	"path/filepath"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/registers"
	"xuncha/store"
)

// Only a list that speaks of a period says how many messages came in it: one that
// was taken in before the period was over, or of another register, does not say
// that nobody wrote.
func TestMessagesAreCountedWhereAListSpeaksOfThem(t *testing.T) {
	st, err := store.Open(filepath.Join(t.TempDir(), "xuncha.db"), store.Options{Create: true, LockTimeout: -1, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	day := func(s string) time.Time {
		d, err := time.ParseInLocation(time.DateOnly, s, extract.Beijing)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	message := func(number, received string) registers.Row {
		return registers.Row{Key: number, Values: map[string]string{"number": number, "received": received, "unit": "czj"}}
	}
	take := func(kind registers.Kind, at string, rows ...registers.Row) {
		if _, err := st.AddImport(store.Import{Kind: kind, At: day(at), By: "王敏", File: "x.csv"}, rows, nil); err != nil {
			t.Fatal(err)
		}
	}
	counted := func(imports int) int {
		f, err := CountMessages(st, &inventory.City{}, day("2023-07-01"), day("2023-09-30"), day("2023-10-11"), imports)
		if err != nil {
			t.Fatal(err)
		}
		if f == nil {
			return -1
		}
		return f.Received
	}
	want := func(n, imports int, after string) {
		t.Helper()
		if got := counted(imports); got != n {
			t.Errorf("%s: got %d messages, want %d (-1: nobody knows)", after, got, n)
		}
	}
	want(-1, 0, "nothing imported")
	take(registers.Reports, "2023-10-08", registers.Row{Key: "a", Values: map[string]string{"unit": "czj", "period": "2023Q2", "due": "2023-07-20"}})
	want(-1, 0, "reports alone")
	take(registers.Messages, "2023-07-05", message("1", "2023-06-30"))
	want(-1, 0, "last quarter's messages")
	take(registers.Messages, "2023-08-05", message("2", "2023-07-30"))
	want(1, 0, "one of the period")
	want(-1, 2, "as it was before that")
	take(registers.Messages, "2023-10-08")
	want(1, 0, "a list taken in when the period was over")
	want(-1, -1, "before the first import")
}

// An office that received none says so by a list without rows.
func TestAListOfNoMessages(t *testing.T) {
	st, err := store.Open(filepath.Join(t.TempDir(), "xuncha.db"), store.Options{Create: true, LockTimeout: -1, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	end := time.Date(2023, 9, 30, 0, 0, 0, 0, extract.Beijing)
	if _, err := st.AddImport(store.Import{Kind: registers.Messages, At: end.AddDate(0, 0, 8), By: "王敏", File: "x.csv"}, nil, nil); err != nil {
		t.Fatal(err)
	}
	f, err := CountMessages(st, &inventory.City{}, end.AddDate(0, -3, 1), end, end, 0)
	if err != nil || f == nil || f.Received != 0 {
		t.Errorf("got %+v, %v, want none received", f, err)
	}
}
