package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"xuncha/intake"
	lists "xuncha/internal/sheet"
)

// configExportCmd writes lists.
type configExportCmd struct {
	configFlag
	Kind string `help:"What to write: units, sites, columns, accounts." zh:"导出种类：units、sites、columns、accounts。" enum:"units,sites,columns,accounts" required:""`
	Out  string `help:"File to write, .xlsx or .csv." zh:"输出文件，.xlsx 或 .csv。" required:"" placeholder:"FILE"`
}

// Run runs the command.
func (c configExportCmd) Run(a *app) error {
	s, err := loadSetup(c.Config)
	if err != nil {
		return err
	}
	t := intake.Export(s.city, intake.Kind(c.Kind))
	if err := writeSheet(c.Out, t); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("已写入 %s：%d 行\n", "written to %s: %d rows\n"), c.Out, len(t.Rows))
	return nil
}

// writeSheet writes a table as the file's name says.
func writeSheet(name string, t lists.Table) (err error) {
	write := func(w io.Writer) error { return lists.WriteXLSX(w, t) }
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".xlsx":
	case ".csv":
		write = func(w io.Writer) error { return lists.WriteCSV(w, t) }
	default:
		return usage("--out %s: name a file that ends in .xlsx or .csv", name)
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return write(f)
}
