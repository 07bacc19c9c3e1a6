package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"xuncha/cases"
	"xuncha/proof"
	"xuncha/store"
)

// errTampered says that a pack of evidence does not hold.
var errTampered = errors.New("the evidence does not verify")

// dataVerifyCmd checks what is kept, or a pack that was handed out.
type dataVerifyCmd struct {
	dataFlag
	Proof   string `help:"Check a pack of evidence instead, by itself: no store, no network." zh:"改为核对一个证据包：离线，不需要数据文件。" placeholder:"DIR|FILE.zip"`
	History string `help:"Check a history that finding history exported as JSON instead, by itself; with --seal, a digest written down must be in it." zh:"改为核对 finding history 导出的 JSON 办理记录：离线，不需要数据文件；可同用 --seal 核对事先记下的校验值。" placeholder:"FILE"`
	Nights  string `help:"With --proof: seals of further nights, as data export --nights writes them." zh:"与 --proof 同用：data export --nights 写出的各夜封存记录。" placeholder:"FILE"`
	Seal    string `help:"The seal of a night that you wrote down or that was printed; it must be in the chain." zh:"事先记下或已刊出的某夜封存值，须在封存链中。" placeholder:"HEX"`
}

// Run runs the command.
func (c dataVerifyCmd) Run(ctx context.Context, a *app) error {
	switch {
	case c.Proof != "" && c.History != "":
		return misuse("--proof 和 --history 只能用一个", "give --proof or --history, not both")
	case c.History != "":
		return c.verifyHistory(a)
	case c.Proof != "":
		return c.verifyPack(a)
	case c.Nights != "":
		return misuse("--nights 须与 --proof 同用", "--nights belongs to --proof")
	}
	return c.verifyStore(ctx, a)
}

// verifyStore reads everything that is kept.
func (c dataVerifyCmd) verifyStore(ctx context.Context, a *app) (err error) {
	st, err := openStore(c.Data, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	problems := 0
	tell := func(problem string) {
		problems++
		fmt.Fprintln(a.stdout, problem)
	}
	if err := st.Verify(ctx, tell); err != nil {
		return err
	}
	accesses, err := proof.VerifyAccesses(filepath.Join(c.Data, accessName))
	if err != nil {
		tell(err.Error())
	}
	nights, err := st.Nights()
	if err != nil {
		return err
	}
	if c.Seal != "" && !slices.ContainsFunc(nights, func(n store.Night) bool { return n.Seal == c.Seal }) {
		tell(fmt.Sprintf(a.say("封存值 %s 不在封存链中：其后的批次缺失或已被改动", "the seal %s is not in the chain of nights: nights are missing, or were changed"), c.Seal))
	}
	if problems > 0 {
		return fmt.Errorf("%w: %d problems; restore a backup with xuncha data restore", errBroken, problems)
	}
	fmt.Fprintln(a.stdout, a.say("核对无误", "Everything is as it was kept."))
	if len(nights) > 0 {
		last := nights[len(nights)-1]
		fmt.Fprintf(a.stdout, a.say("封存 %d 夜，最近第 %d 夜（%s）封存值 %s\n取证日志 %d 条\n", "%d nights are sealed, the last, %d (%s), with %s\n%d accesses are logged.\n"),
			len(nights), last.Number, last.Round, last.Seal, accesses)
	}
	return nil
}

// checkCase checks the history of a finding's case that lies in a pack.
func checkCase(pack proof.Pack, finding string) error {
	data, err := pack.File("case.json")
	if err != nil {
		return nil // nobody has taken it up
	}
	var events []cases.Event
	if err := json.Unmarshal(data, &events); err != nil {
		return say("办理记录无法识别", "the history cannot be read")
	}
	for _, e := range events {
		if e.Case != finding {
			return say("办理记录不是这个问题的", "the history is of another finding")
		}
	}
	return cases.VerifyCase(events)
}

// verifyPack checks a pack by itself.
func (c dataVerifyCmd) verifyPack(a *app) error {
	pack, err := proof.Read(c.Proof)
	if err != nil {
		return err
	}
	check := proof.Check{Seal: c.Seal}
	if c.Nights != "" {
		data, err := os.ReadFile(c.Nights)
		if err != nil {
			return err
		}
		if check.Nights, err = proof.ReadNights(data); err != nil {
			return fmt.Errorf("%s: %w", c.Nights, err)
		}
	}
	v := proof.Verify(pack, check)
	if err := checkCase(pack, v.Manifest.Finding); err != nil {
		v.Faults = append(v.Faults, proof.Remark{ZH: a.sentence(err), EN: err.Error()})
	}
	for _, f := range v.Faults {
		fmt.Fprintln(a.stdout, a.say("✗ "+f.ZH, "✗ "+f.EN))
	}
	for _, l := range v.Limits {
		fmt.Fprintln(a.stdout, a.say("– "+l.ZH, "– "+l.EN))
	}
	if n := len(v.Faults); n > 0 {
		return &saying{Text: fmt.Sprintf("%s：证据核对不符，共 %d 处", c.Proof, n), Err: fmt.Errorf("%s: %w: %d faults", c.Proof, errTampered, n)}
	}
	fmt.Fprintf(a.stdout, a.say("核对无误：%s %s，监测时间点 %s，快照 %d 份\n", "The evidence holds: %s %s, monitoring point %s, %d snapshots.\n"),
		v.Manifest.Subject, v.Manifest.Indicator, v.Manifest.Point.Format("2006-01-02 15:04"), len(v.Manifest.Looks))
	return nil
}
