package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"xuncha/configs"
	"xuncha/extract"
	"xuncha/intake"
	lists "xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/report"
)

// listFlags are how lists are read.
type listFlags struct {
	Kind  string `help:"What the list is of: units, sites, columns, accounts; by default its head tells." zh:"名单种类：units、sites、columns、accounts；默认按表头识别。" enum:"auto,units,sites,columns,accounts" default:"auto"`
	Sheet string `help:"Read only the sheet of this name." zh:"只读这个名称的工作表。" placeholder:"NAME"`
}

// options are the options of the intake.
func (f listFlags) options(s setup) (intake.Options, error) {
	classes, err := classesOf(s)
	if err != nil {
		return intake.Options{}, err
	}
	opts := intake.Options{Sheet: f.Sheet, Classes: classes, Today: time.Now().In(extract.Beijing).Format(time.DateOnly)}
	if f.Kind != "auto" {
		opts.Kind = intake.Kind(f.Kind)
	}
	return opts, nil
}

// books reads spreadsheets.
func (a *app) books(names []string) ([]*lists.Book, error) {
	var books []*lists.Book
	var errs []error
	for _, name := range names {
		b, err := lists.Open(name)
		var fault *lists.Error
		switch {
		case errors.As(err, &fault):
			errs = append(errs, errors.New(fault.In(a.lang)))
		case err != nil:
			errs = append(errs, err)
		default:
			books = append(books, b)
		}
	}
	return books, errors.Join(errs...)
}

// configImportCmd takes lists in.
type configImportCmd struct {
	Files  []string `arg:"" name:"file" help:"XLSX, XLS or CSV." zh:"XLSX、XLS 或 CSV 文件。"`
	Config string   `help:"Folder of the configuration; an empty or new one is begun." zh:"配置目录；空目录或新目录会自动建立。" required:"" placeholder:"DIR"`
	listFlags
	DryRun   bool   `help:"Show what would change, and write nothing." zh:"只显示将有的变化，不写入。"`
	LeaveOut bool   `help:"Leave wrong rows out and write the others." zh:"略过有错的行，写入其余各行。"`
	Remove   bool   `help:"Take away what the list lacks; accounts become 永久下线." zh:"删去名单中没有的；账号改为永久下线，不删。"`
	NewUnits bool   `help:"Add units that are named and not known." zh:"自动加入不认识的单位（待确认）。"`
	Format   string `help:"table or json." zh:"输出格式：table 或 json。" enum:"table,json" default:"table"`

	City    string `help:"For a new folder: the city, 阳泉市." zh:"新目录：城市名称，如阳泉市。" placeholder:"NAME"`
	Office  string `help:"For a new folder: the body that issues the notices." zh:"新目录：发通报的单位。" placeholder:"NAME"`
	Contact string `help:"For a new folder: an address that says who crawls, https://…" zh:"新目录：说明巡查者身份的网址，https://…" placeholder:"URL"`
	RuleSet string `help:"For a new folder: the rule set." zh:"新目录：检查指标。" default:"national-2019" placeholder:"NAME"`
}

// Run runs the command.
func (c configImportCmd) Run(a *app) error {
	target, err := c.target(a)
	if err != nil {
		return err
	}
	books, err := a.books(c.Files)
	if err != nil {
		return err
	}
	opts, err := c.options(setup{city: &inventory.City{Files: target.files}})
	if err != nil {
		return err
	}
	opts.LeaveOut, opts.Remove, opts.NewUnits = c.LeaveOut, c.Remove, c.NewUnits
	plan, err := intake.Make(target.files, books, opts)
	if err != nil {
		return inConfig(c.Config, err)
	}
	wrong := len(plan.Mistakes) > 0
	stopped := wrong && (!c.LeaveOut || unwritable(plan))
	done := false
	if !c.DryRun && !stopped {
		if err := target.write(plan); err != nil {
			return err
		}
		done = true
	}
	if err := c.tell(a, plan, done); err != nil {
		return err
	}
	switch {
	case stopped && !c.DryRun:
		return fmt.Errorf(a.say("有 %d 处错误（%d 行），没有写入；改正后重试，或用 --leave-out 略过有错的行", "%d mistakes in %d rows, and nothing was written; mend them, or leave the rows out with --leave-out"), len(plan.Mistakes), plan.LeftOut)
	case wrong && c.DryRun:
		return fmt.Errorf(a.say("有 %d 处错误（%d 行）", "%d mistakes in %d rows"), len(plan.Mistakes), plan.LeftOut)
	}
	return nil
}

// unwritable reports whether a mistake is no single row's.
func unwritable(p *intake.Plan) bool {
	return slices.ContainsFunc(p.Mistakes, func(m intake.Mistake) bool { return m.Row == 0 })
}

// A target is a folder that lists are taken into.
type target struct {
	folder string
	files  []inventory.File // of the folder, and shared ones
	begun  []inventory.File // of files, those that a new folder begins with
}

// target opens the folder, or begins one.
func (c configImportCmd) target(a *app) (target, error) {
	info, err := os.Stat(c.Config)
	switch {
	case err == nil && !info.IsDir():
		return target{}, fmt.Errorf(a.say("%s 是文件：请给出目录", "%s is a file: name a folder"), c.Config)
	case builtIn(c.Config) && !onDisk(c.Config):
		return target{}, fmt.Errorf(a.say("%s 是内置配置，不能写入：请用 --config 另给一个目录", "%s is built in and cannot be written: name a folder of your own with --config"), c.Config)
	}
	if _, err := os.Stat(filepath.Join(c.Config, "city.yaml")); err == nil {
		dir, shared, err := openConfig(c.Config)
		if err != nil {
			return target{}, err
		}
		files, err := inventory.ReadFiles(dir, shared)
		if err != nil {
			return target{}, fmt.Errorf("configuration %s: %w", c.Config, err)
		}
		return target{folder: c.Config, files: files}, nil
	}
	return c.begin(a)
}

// begin makes the files of a new folder.
func (c configImportCmd) begin(a *app) (target, error) {
	if held, _ := filepath.Glob(filepath.Join(c.Config, "*.yaml")); len(held) > 0 {
		return target{}, fmt.Errorf(a.say("%s 中有 %s，却没有 city.yaml：请给出城市的配置目录，或空目录", "%s holds %s and no city.yaml: name the folder of a city, or an empty one"), c.Config, filepath.Base(held[0]))
	}
	u, err := url.Parse(c.Contact)
	if c.City == "" || c.Office == "" || err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return target{}, usage(a.say("%s 是新目录：请给出 --city 城市、--office 发通报的单位、--contact 说明身份的网址（https://…）",
			"%s is a new folder: give --city, --office and --contact (an address, https://…)"), c.Config)
	}
	begun := []inventory.File{
		{Name: "city.yaml", Data: []byte("name: " + inventory.YAMLText(c.City) + "\noffice: " + inventory.YAMLText(c.Office) + "\nrule_set: " + inventory.YAMLText(c.RuleSet) +
			"\n\ncrawl:\n  user_agent: " + inventory.YAMLText("Xuncha/1.0 (+"+c.Contact+")") + "\n")},
		{Name: "units.yaml", Data: []byte("[]\n")},
	}
	scratch, err := os.MkdirTemp("", "xuncha")
	if err != nil {
		return target{}, err
	}
	defer os.RemoveAll(scratch)
	for _, f := range begun {
		if err := os.WriteFile(filepath.Join(scratch, f.Name), f.Data, 0o600); err != nil {
			return target{}, err
		}
	}
	shared := fs.FS(configs.FS)
	if info, err := os.Stat(filepath.Join(c.Config, "..", "rulesets")); err == nil && info.IsDir() {
		shared = os.DirFS(filepath.Join(c.Config, ".."))
	}
	files, err := inventory.ReadFiles(os.DirFS(scratch), shared)
	if err != nil {
		return target{}, fmt.Errorf("configuration %s: %w", c.Config, err)
	}
	return target{folder: c.Config, files: files, begun: begun}, nil
}

// tell prints what would be changed, or was.
func (c configImportCmd) tell(a *app, p *intake.Plan, done bool) error {
	if c.Format == "json" {
		return report.WriteJSON(a.stdout, struct {
			Written bool     `json:"written"`
			Files   []string `json:"files"`
			Gone    []string `json:"gone"`
			*intake.Plan
		}{done, namesOf(p.Files), p.Gone, p})
	}
	line := func(format string, args ...any) { fmt.Fprintf(a.stdout, format+"\n", args...) }
	for _, m := range p.Mistakes {
		line("%s%s", a.paint(bad, a.say("错误 ", "wrong ")), report.Plain(m.In(a.lang), 400))
	}
	for _, m := range p.Hints {
		line("%s%s", a.paint(doubt, a.say("提示 ", "note ")), report.Plain(m.In(a.lang), 400))
	}
	for _, ch := range p.Changes {
		line("%s", c.changeLine(a, ch))
	}
	for _, k := range intake.Kinds() {
		if n := p.Rows[k]; n > 0 || p.Count(k, intake.Added) > 0 {
			line(a.say("%s：读取 %d 行，新增 %d，变更 %d，减少 %d", "%s: %d rows, %d new, %d changed, %d missing"), k.Word(a.lang), n, p.Count(k, intake.Added), p.Count(k, intake.Changed), p.Count(k, intake.Missing))
		}
	}
	if n := missing(p); n > 0 && !c.Remove {
		line(a.say("减少的 %d 项没有删除；要删除请加 --remove（账号改为永久下线，不删）", "the %d missing stay; take them away with --remove (accounts become 永久下线)"), n)
	}
	switch {
	case !done:
		line("%s", a.say("没有写入", "nothing was written"))
	case len(p.Files)+len(p.Gone) == 0:
		line("%s", a.say("没有变化", "nothing changed"))
	default:
		line(a.say("已写入 %s：%s", "written to %s: %s"), c.Config, a.listed(append(namesOf(p.Files), p.Gone...)))
	}
	if done && p.LeftOut > 0 {
		line(a.say("略过有错的 %d 行", "%d wrong rows were left out"), p.LeftOut)
	}
	return nil
}

// listedFiles is how many files are named one by one.
const listedFiles = 8

// listed names files, the first of many.
func (a *app) listed(names []string) string {
	text := strings.Join(names[:min(len(names), listedFiles)], a.say("、", ", "))
	if n := len(names); n > listedFiles {
		text += fmt.Sprintf(a.say(" 等 %d 个文件", " … %d files in all"), n)
	}
	return text
}

// missing counts what the lists lack.
func missing(p *intake.Plan) int {
	n := 0
	for _, k := range intake.Kinds() {
		n += p.Count(k, intake.Missing)
	}
	return n
}

// namesOf are the names of files.
func namesOf(files []inventory.File) []string {
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Name
	}
	return names
}

// changeLine is one change on a line.
func (c configImportCmd) changeLine(a *app, ch intake.Change) string {
	words := map[intake.What][2]string{intake.Added: {"新增", "new"}, intake.Changed: {"变更", "changed"}, intake.Missing: {"减少", "missing"}}
	colours := map[intake.What]colour{intake.Added: good, intake.Changed: doubt, intake.Missing: bad}
	text := a.paint(colours[ch.What], a.say(words[ch.What][0], words[ch.What][1])) + " " + ch.Kind.Word(a.lang) + " " + report.Plain(ch.ID+" "+ch.Name, 160)
	for _, f := range ch.Fields {
		from, to := report.Plain(f.From, 120), report.Plain(f.To, 120)
		if from == "" {
			from = a.say("（无）", "nothing")
		}
		text += a.say("；", "; ") + f.Key + ": " + from + " → " + to
	}
	switch ch.Done {
	case "":
	case "removed":
		text += a.say("（删除）", " (removed)")
	default:
		text += a.say("（改为", " (now ") + ch.Done + a.say("）", ")")
	}
	return text
}
