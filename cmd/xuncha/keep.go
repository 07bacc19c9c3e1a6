package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/alecthomas/kong"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/workshop"
)

// keepFlags are what try leaves behind in a configuration.
type keepFlags struct {
	KeepSample     sampleName `help:"Keep the pages and the reading as a sample in the configuration's folder; by default named for the day." zh:"将网页和读数存为配置目录中的样本；默认以日期为名。" placeholder:"NAME"`
	Accept         bool       `help:"Write the proposed recipe into the column's file, and keep a sample." zh:"将建议的采集规则写入栏目所在的文件，并存一份样本。"`
	ReplaceSamples bool       `help:"With --accept: take away the column's samples that the recipe does not read, as after a redesign." zh:"与 --accept 同用：删去该栏目中新规则读不出的旧样本（如改版之后）。"`
}

// A sampleName is the name of a sample. The flag may stand without one.
type sampleName struct {
	given bool
	name  string
}

// IsBool says that the flag needs no value.
func (sampleName) IsBool() bool { return true }

// Decode takes the name behind "=", if there is one.
func (n *sampleName) Decode(ctx *kong.DecodeContext) error {
	n.given = true
	if t := ctx.Scan.Peek(); t.Type == kong.FlagValueToken {
		n.name = t.String()
		ctx.Scan.Pop()
	}
	return nil
}

// asked reports whether anything is to be left behind.
func (f keepFlags) asked() bool { return f.Accept || f.KeepSample.given }

// A keeper writes into the folder of one configuration.
type keeper struct {
	keepFlags
	app     *app
	config  string
	setup   setup
	subject inventory.Subject
	given   bool // the command line gave the recipe
}

// keeper checks what can be checked before a page is asked for; nil where
// nothing is to be left behind.
func (c tryCmd) keeper(a *app, s setup, now time.Time) (*keeper, error) {
	given, err := c.given()
	if err != nil || !c.asked() {
		return nil, err
	}
	if c.Format == "json" { // nothing may follow the document
		a = &app{stdout: a.stderr, stderr: a.stderr, lang: a.lang, log: a.log}
	}
	k := &keeper{keepFlags: c.keepFlags, app: a, config: c.Config, setup: s, given: given != (extract.Recipe{})}
	subject, known := find(s.city.Subjects(now), c.Target)
	switch {
	case c.Config == "":
		return nil, usage("--keep-sample and --accept write into a configuration: name its folder with --config DIR")
	case s.folder == "":
		return nil, fmt.Errorf("the configuration %s %w", c.Config, workshop.ErrBuiltIn)
	case !known:
		return nil, fmt.Errorf("%s is no subject of %s: add it there first", c.Target, c.Config)
	case c.Accept && subject.Kind != inventory.KindColumn:
		return nil, fmt.Errorf("%s is no column: only a column's recipe can be written", subject.ID)
	}
	k.subject = subject
	return k, nil
}

// keep does what was asked with a visit.
func (k *keeper) keep(ctx context.Context, visitor patrol.Visitor, chosen inventory.Subject, v crawler.Visit) error {
	if k.Accept {
		return k.accept(ctx, visitor, chosen, v)
	}
	files, err := k.capture(k.subject, v, nil)
	if err != nil {
		return err
	}
	if err := k.setup.bench().Keep(files); err != nil {
		return err
	}
	k.tellSample(files)
	return nil
}

// capture makes the files of a sample under a name that is free, or will be.
func (k *keeper) capture(s inventory.Subject, v crawler.Visit, gone []inventory.Sample) ([]inventory.File, error) {
	return k.setup.bench().Capture(s, k.KeepSample.name, workshop.Seen{At: v.At, Pages: v.Pages, Reading: v.Reading}, gone)
}

// tellSample says where a new sample stands.
func (k *keeper) tellSample(files []inventory.File) {
	fmt.Fprintf(k.app.stdout, k.app.say("已存样本 %s\n", "Sample kept: %s\n"), filepath.Join(k.setup.folder, filepath.FromSlash(files[0].Name)))
}
