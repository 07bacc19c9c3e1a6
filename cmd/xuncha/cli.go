package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"
)

// cli is the command line. The Chinese help stands in zh tags.
type cli struct {
	Lang    string           `help:"Language: zh or en; by default that of the locale." zh:"语言：zh 或 en；默认随系统。" enum:"auto,zh,en" default:"auto"`
	Version kong.VersionFlag `help:"Print the version." zh:"显示版本。"`

	Demo     demoCmd     `cmd:"" help:"Patrol the simulated city, print the notice's tables and open the console." zh:"巡查模拟城市，打印通报附件，进入控制台。"`
	Crawl    crawlCmd    `cmd:"" help:"Make one round: crawl, read, keep." zh:"巡查一批：抓取、读数、留存。"`
	Check    checkCmd    `cmd:"" help:"Judge what was kept, at a monitoring point." zh:"按监测时间点判定。"`
	Show     showCmd     `cmd:"" help:"Show what was seen of one subject, when, how, by which clause." zh:"查看一个对象：看到什么、何时、依据哪条。"`
	Report   reportCmd   `cmd:"" help:"Write the notice of a period as documents, or a paper that follows it; or check one." zh:"生成季度通报（文书、表格、附件）及相关文书；核对通报能否重新生成。"`
	Try      tryCmd      `cmd:"" help:"Read one page and show how it was read; nothing is kept." zh:"试读一个页面，说明如何读出；不留存。"`
	Suggest  suggestCmd  `cmd:"" help:"Find the columns of a site and say how to write them down; nothing is kept." zh:"从首页或栏目页找出栏目，给出可粘贴的配置；不留存。"`
	Config   configCmd   `cmd:"" help:"Check a configuration, or print its schema." zh:"检查配置，或输出配置模式。"`
	Finding  findingCmd  `cmd:"" help:"Follow findings from suspicion to clearance." zh:"问题的一生：核实、认定、交办、整改、复核、销号。"`
	Form     formCmd     `cmd:"" help:"Write monthly and yearly forms, filled in as far as a patrol can know." zh:"月报、自查报告、年度报表：能从巡查得知的预填，其余待填。"`
	Register registerCmd `cmd:"" help:"Keep the lists of the office: what others found, messages, reports, monthly papers, filings, wrong words." zh:"登记表：上级通报、找错留言、整改报告、月报自查、报备、错敏词。"`
	Serve    serveCmd    `cmd:"" help:"Patrol by itself, every night, and serve the console." zh:"常驻运行：每夜自动巡查，提供控制台。"`
	Health   healthCmd   `cmd:"" help:"Ask a running daemon how it is." zh:"询问常驻程序是否正常。"`
	Data     dataCmd     `cmd:"" help:"Look after the store." zh:"维护数据文件。"`
}

// dataFlag is where things are kept.
type dataFlag struct {
	Data string `help:"Folder of the store." zh:"数据目录。" default:"./data" placeholder:"DIR"`
}

// configFlag is which city.
type configFlag struct {
	Config string `help:"Folder of a city's configuration, or the name of a built-in one: demo, yangquan." zh:"配置目录，或内置配置名：demo、yangquan。" required:"" placeholder:"DIR"`
}

// simulateFlag puts the simulated city in the place of the network.
type simulateFlag struct {
	Simulate string `help:"Crawl the simulated city with its clock at T, and facts from a file." zh:"改为巡查模拟城市，时钟停在 T，事实取自文件。" placeholder:"T[:FACTS]"`

	// SimulateLatency is the longest wait for an answer, the shortest a quarter
	// of it; as of a provincial network.
	SimulateLatency time.Duration `hidden:"" default:"80ms"`
}

// language decides the language: the flag, else the locale, else Chinese.
func language(flag string, env func(string) string) string {
	if flag == "zh" || flag == "en" {
		return flag
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		switch v := env(name); {
		case strings.HasPrefix(v, "zh"):
			return "zh"
		case v != "":
			return "en"
		}
	}
	return "zh"
}

// flagValue finds a flag before the command line is parsed: the language of
// the messages about the parsing itself.
func flagValue(args []string, name string) string {
	for i, arg := range args {
		if v, ok := strings.CutPrefix(arg, name+"="); ok {
			return v
		}
		if arg == name && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

// emptyFlag finds a flag whose value is empty, as where a script's variable is
// not set: --simulate "" must not become the real network.
func emptyFlag(args []string) string {
	for i, arg := range args {
		name, value, given := strings.Cut(arg, "=")
		switch {
		case !strings.HasPrefix(arg, "--"):
		case given && value == "":
			return name
		case !given && i+1 < len(args) && args[i+1] == "":
			return arg
		}
	}
	return ""
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// help prints the usage of the program or of one command.
func (a *app) help(_ kong.HelpOptions, ctx *kong.Context) error {
	node := ctx.Selected()
	if node == nil {
		node = ctx.Model.Node
	}
	fmt.Fprintln(a.stdout, a.say("用法：", "Usage: ")+strings.TrimSpace("xuncha "+strings.TrimPrefix(node.Summary(), "xuncha")))
	if text := a.text(node.Tag, node.Help); text != "" {
		fmt.Fprintln(a.stdout, text)
	}
	a.helpCommands(node)
	a.helpFlags(node)
	return nil
}

// helpCommands lists the commands below a node, with one line each.
func (a *app) helpCommands(node *kong.Node) {
	var leaves []*kong.Node
	for _, child := range node.Children {
		if child.Type == kong.CommandNode {
			leaves = append(leaves, child)
		}
	}
	if len(leaves) == 0 {
		return
	}
	fmt.Fprintln(a.stdout, a.say("\n命令：", "\nCommands:"))
	for _, child := range leaves {
		fmt.Fprintf(a.stdout, "  %-10s %s\n", child.Name, a.text(child.Tag, child.Help))
	}
}

// helpFlags lists positional arguments and flags.
func (a *app) helpFlags(node *kong.Node) {
	if len(node.Positional) > 0 {
		fmt.Fprintln(a.stdout, a.say("\n参数：", "\nArguments:"))
		for _, p := range node.Positional {
			fmt.Fprintf(a.stdout, "  %-24s %s\n", p.Summary(), a.text(p.Tag, p.Help))
		}
	}
	fmt.Fprintln(a.stdout, a.say("\n选项：", "\nFlags:"))
	groups := node.AllFlags(true)
	slices.Reverse(groups)
	for _, group := range groups {
		for _, f := range group {
			fmt.Fprintf(a.stdout, "  %-24s %s\n", f.String(), a.text(f.Tag, f.Help))
		}
	}
}

// text is a help text in the user's language.
func (a *app) text(tag *kong.Tag, english string) string {
	if tag != nil && tag.Has("zh") {
		return a.say(tag.Get("zh"), english)
	}
	return english
}
