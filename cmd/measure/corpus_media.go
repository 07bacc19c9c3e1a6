package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"

	"xuncha/configs"
	"xuncha/extract"
	"xuncha/inventory"
)

// A mediaLabel says what a person saw in a platform's answer: the day of its
// newest post, without a year where the answer shows none, or "" where it shows
// no day that could be read.
type mediaLabel struct{ file, newest string }

// compareMedia reads the answers of platforms in a folder by the forms that are
// known of them and prints what each shows, beside what the folder's README says.
// A wrong day is an error. A corpus without such a folder has none.
func compareMedia(dir string, w io.Writer) error {
	labels, err := mediaLabels(filepath.Join(dir, "README.md"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	platforms, err := knownPlatforms()
	if err != nil || len(platforms) == 0 {
		return err
	}
	fmt.Fprintln(w, "answers of platforms:")
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "file\tnewest\tname\toutcome\twhole\texpected\tok\t")
	wrong := 0
	for _, l := range labels {
		r, err := readMedia(dir, l.file, platforms)
		if err != nil {
			return err
		}
		ok := l.fits(r)
		if !ok {
			wrong++
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%t\t%s\t%t\t\n", l.file, orDash(newest(r)), orDash(r.Name), outcomeOf(r), r.Conclusive() && !r.AtLeast, orDash(l.newest), ok)
	}
	_ = tw.Flush() // to standard output
	if wrong > 0 {
		return fmt.Errorf("%d answers of platforms were read wrong", wrong)
	}
	return nil
}

// fits reports whether a reading shows what a person saw.
func (l mediaLabel) fits(r extract.Reading) bool {
	got := newest(r)
	if l.newest == "" {
		return got == ""
	}
	return strings.HasSuffix(got, l.newest)
}

// outcomeOf names what came of an answer: that it was read, or why not.
func outcomeOf(r extract.Reading) string {
	s := string(r.Outcome)
	if r.Outcome == extract.Unread {
		s = string(r.Reason)
	}
	if r.Hindrance != "" {
		s += ", " + string(r.Hindrance)
	}
	return s
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// knownPlatforms returns what is known of platforms.
func knownPlatforms() ([]inventory.PlatformProfile, error) {
	own, err := fs.Sub(configs.FS, benchCity)
	if err != nil {
		return nil, err
	}
	files, err := inventory.ReadFiles(own, configs.FS)
	if err != nil {
		return nil, err
	}
	city, err := inventory.Parse(files)
	if err != nil {
		return nil, err
	}
	return city.Platforms, nil
}

// readMedia reads one answer by the forms of its platform, which is named by its
// folder, as if a guest had just been given it.
func readMedia(dir, file string, platforms []inventory.PlatformProfile) (extract.Reading, error) {
	body, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file)))
	if err != nil {
		return extract.Reading{}, err
	}
	src := extract.PostSource{Kind: extract.FromPlatform, URL: "https://media.example/" + file, Whole: extract.WholeNewest}
	for _, p := range platforms {
		if string(p.ID) == path.Dir(file) {
			src.Forms, src.Refusals = p.AllForms(), p.Refusals
		}
	}
	if strings.HasSuffix(file, ".xml") {
		src.Kind, src.Forms = extract.FromFeed, nil
	}
	task := extract.Task{Question: extract.AskPosts, Posting: &extract.Posting{Sources: []extract.PostSource{src}}}
	page := extract.Page{Asked: src.URL, URL: src.URL, Why: extract.WhyList, Status: 200, FetchedAt: time.Now(), Body: body}
	r, wants := extract.Read(task, []extract.Page{page})
	if len(wants) > 0 {
		return r, fmt.Errorf("%s: the reader wants %s besides", file, wants[0].URL)
	}
	return r, nil
}

var (
	quotedFile = regexp.MustCompile("`([^`]+)`")
	labelDay   = regexp.MustCompile(`(?:\d{4}-)?\d{2}-\d{2}`)
)

// mediaLabels reads the table of a README: a row names one or more files, the
// first of which shows the day in the third column. Of the others it says
// nothing more than what they are.
func mediaLabels(name string) ([]mediaLabel, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var all []mediaLabel
	for _, line := range strings.Split(string(text), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 5 {
			continue
		}
		first := ""
		for _, m := range quotedFile.FindAllStringSubmatch(cells[1], -1) {
			l := mediaLabel{file: m[1]}
			switch rest, short := strings.CutPrefix(m[1], "…"); {
			case first == "":
				first, l.newest = m[1], labelDay.FindString(cells[3])
			case short:
				l.file = strings.TrimSuffix(first, path.Ext(first)) + rest
			default:
				l.file = path.Join(path.Dir(first), m[1])
			}
			all = append(all, l)
		}
	}
	return all, nil
}
