package inventory

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// AddSubmission returns submissions.yaml with one submission more, at its end. The
// zero File is one that is not there yet. All else stays as it is: comments,
// order, line ends. What it says is not judged here; [Parse] does, with the whole
// city.
func AddSubmission(f File, s Submission) (File, error) {
	f.Name = submissionsFile
	list, err := submissionNodes(f)
	if err != nil {
		return File{}, err
	}
	indent, eol := "", "\n"
	if len(list) > 0 {
		indent = strings.Repeat(" ", max(0, place(list[0]).column-3))
	}
	if bytes.Contains(f.Data, []byte("\r\n")) {
		eol = "\r\n"
	}
	var b strings.Builder
	b.Write(f.Data)
	if len(f.Data) > 0 && !bytes.HasSuffix(f.Data, []byte("\n")) {
		b.WriteString(eol)
	}
	for i, line := range submissionLines(s) {
		mark := "  "
		if i == 0 {
			mark = "- "
		}
		b.WriteString(indent + mark + line + eol)
	}
	out := File{Name: f.Name, Data: []byte(b.String())}
	after, err := submissionNodes(out)
	if err != nil || len(after) != len(list)+1 {
		return File{}, errors.Join(fmt.Errorf("%s: nothing can be added at its end: end it with a list of submissions, each with its keys below each other", f.Name), err)
	}
	return out, nil
}

// submissionLines is a submission as its file writes it, key by key.
func submissionLines(s Submission) []string {
	lines := []string{"account: " + YAMLText(s.Account), "by: " + YAMLText(s.By), "date: " + s.Date.Format(time.DateOnly)}
	add := func(key, value string) {
		if value != "" {
			lines = append(lines, key+": "+value)
		}
	}
	text := func(key, value string) {
		if value != "" {
			add(key, YAMLText(value))
		}
	}
	text("link", s.Link)
	if !s.Posted.IsZero() {
		add("posted", s.Posted.Format(time.DateOnly))
	}
	if s.Works != nil {
		add("works", fmt.Sprint(*s.Works))
	}
	text("screenshot", s.Picture)
	if s.CheckedBy != "" {
		add("checked", checkedText(s.CheckedBy, s.CheckedOn))
	}
	return lines
}

func checkedText(by string, on time.Time) string {
	return fmt.Sprintf("{by: %s, date: %s}", YAMLText(by), on.Format(time.DateOnly))
}

// ErrNoSubmission says that a submission does not stand in the file, or has been
// checked meanwhile.
var ErrNoSubmission = errors.New("no such submission waits to be checked")

// CheckSubmission returns submissions.yaml in which one submission says who has
// checked it and when. It is known again by what it says.
func CheckSubmission(f File, s Submission, by string, on time.Time) (File, error) {
	list, err := submissionNodes(f)
	if err != nil {
		return File{}, err
	}
	var forms []submissionForm
	d := newDecoder(f.Name)
	d.decode(f, &forms)
	for i := range forms {
		if !forms[i].says(d, s) || i >= len(list) {
			continue
		}
		pairs, ok := pairsOf(list[i])
		if m, flow := list[i].(*ast.MappingNode); !ok || flow && m.IsFlowStyle {
			return File{}, fmt.Errorf("%s:%d: the submission stands in braces; write its keys below each other", f.Name, place(list[i]).line)
		}
		e := newEdit(f.Data, pairs)
		e.append("checked", checkedText(by, on))
		out := File{Name: f.Name, Data: e.bytes()}
		var after []submissionForm
		d := newDecoder(f.Name)
		d.decode(out, &after)
		if len(d.problems) > 0 || len(after) != len(forms) || after[i].Checked.By != by || !after[i].Checked.Date.Equal(on) {
			return File{}, fmt.Errorf("%s:%d: it cannot be noted there; write checked: %s by hand", f.Name, place(list[i]).line, checkedText(by, on))
		}
		return out, nil
	}
	return File{}, ErrNoSubmission
}

// says reports whether a form is of a submission that nobody has checked.
func (form *submissionForm) says(d *decoder, s Submission) bool {
	if d.has(&form.Works) != (s.Works != nil) || s.Works != nil && form.Works != *s.Works {
		return false
	}
	return form.Account == s.Account && form.By == s.By && form.Date.Equal(s.Date) && form.Posted.Equal(s.Posted) && form.Screenshot == s.Picture &&
		form.Export == s.Export && form.Checked.By == ""
}

// submissionNodes are the entries of the file, none of one that is empty or not
// there.
func submissionNodes(f File) ([]ast.Node, error) {
	if len(bytes.TrimSpace(bytes.TrimPrefix(f.Data, []byte("\ufeff")))) == 0 {
		return nil, nil
	}
	lined := File{Name: f.Name, Data: bytes.ReplaceAll(f.Data, []byte("\r\n"), []byte("\n"))}
	root, p := parseYAML(lined)
	if p != nil && onlyComments(lined.Data) {
		return nil, nil
	}
	if p != nil {
		p.File = f.Name
		return nil, errors.New(p.String())
	}
	list, ok := root.(*ast.SequenceNode)
	if !ok || list.IsFlowStyle {
		return nil, fmt.Errorf("%s is no list with an entry below the other; write it so", f.Name)
	}
	return list.Values, nil
}

// onlyComments reports whether nothing else stands in a file.
func onlyComments(data []byte) bool {
	for line := range strings.Lines(string(data)) {
		if text := strings.TrimSpace(line); text != "" && text[0] != '#' {
			return false
		}
	}
	return true
}
