package main

import (
	"fmt"

	"xuncha/inventory"
	"xuncha/rules"
)

// configCmd looks after configurations.
type configCmd struct {
	Check   configCheckCmd   `cmd:"" help:"Load a configuration, read all its samples again, and list every mistake, and what is unconfirmed." zh:"载入配置，重读全部样本，列出全部错误和未确认项。"`
	Import  configImportCmd  `cmd:"" help:"Take in lists of units, sites, columns or accounts from spreadsheets." zh:"从电子表格导入单位、网站、栏目、账号名单。"`
	Export  configExportCmd  `cmd:"" help:"Write the units, sites, columns or accounts as a spreadsheet." zh:"导出单位、网站、栏目、账号为电子表格。"`
	Compare configCompareCmd `cmd:"" help:"Hold the reporting system's list against the inventory and what is shown." zh:"报送系统核对表：系统、清单、实际显示三方对照。"`
	Schema  configSchemaCmd  `cmd:"" help:"Print the JSON Schema of the configuration files." zh:"输出配置文件的 JSON Schema。"`
}

// configCheckCmd checks a configuration.
type configCheckCmd struct {
	configFlag
}

// Run runs the command.
func (c configCheckCmd) Run(a *app) error {
	s, err := loadSetup(c.Config)
	if err != nil {
		return err
	}
	if err := rules.CheckRegisters(s.city, s.set); err != nil {
		return inConfig(c.Config, err)
	}
	if err := s.office().CheckTemplates(); err != nil {
		return inConfig(c.Config, err)
	}
	replayed, err := s.bench().Replay()
	if err == nil {
		err = a.broken(replayed)
	}
	if err != nil {
		return inConfig(c.Config, err)
	}
	columns, sections := 0, 0
	for _, carrier := range s.city.Carriers {
		columns += len(carrier.Columns)
		sections += len(carrier.Sections)
	}
	fmt.Fprintf(a.stdout, a.say("%s：%d 家网站，%d 个载体，%d 个栏目，%d 个应设栏目，%d 个账号，%d 条登记；检查指标 %s，配置校验值 %.12s\n",
		"%s: %d sites, %d carriers, %d columns, %d mandated sections, %d accounts, %d register entries; rule set %s, digest %.12s\n"),
		s.city.Name, len(s.city.Sites()), len(s.city.Carriers), columns, sections, len(s.city.Accounts), len(s.city.Registers), s.set.ID, s.city.Digest)
	fmt.Fprintf(a.stdout, a.say("样本 %d 份，读出的均与预期相同\n", "Samples: %d, all read as expected\n"), len(replayed))
	if n := len(s.city.Unconfirmed); n > 0 {
		fmt.Fprintf(a.stdout, a.say("未确认 %d 项：\n", "Unconfirmed, %d:\n"), n)
		for _, u := range s.city.Unconfirmed {
			fmt.Fprintln(a.stdout, "  "+u.In(a.lang).String())
		}
	}
	return nil
}

// configSchemaCmd prints the schema.
type configSchemaCmd struct{}

// Run runs the command.
func (configSchemaCmd) Run(a *app) error {
	schema, err := inventory.Schema()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.stdout, string(schema))
	return err
}
