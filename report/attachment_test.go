package report

import (
	"slices"
	"strings"
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

var q3 = Period{2023, 3}

// tsv joins a table as the notice prints it.
func tsv(table Table) string {
	lines := []string{table.Title, strings.Join(table.Header, "\t")}
	for _, row := range table.Rows {
		lines = append(lines, strings.Join(row, "\t"))
	}
	return strings.Join(lines, "\n")
}

func attachments(t *testing.T, city *inventory.City, res rules.Result) []Table {
	t.Helper()
	got, err := Decisions{}.attachments(city, res, q3)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// The three attachments of the notice of the third quarter of 2023, cell by cell.
func TestAttachmentsOfTheNotice(t *testing.T) {
	city, res := noticeCity()
	got := attachments(t, city, res)
	want := []string{
		`2023年第三季度不合格政务新媒体问题情况
序号	单位名称	政务新媒体名称	新媒体标识码	不合格原因
1	市市场监督管理局	阳泉市场监管（微博）	140300M019XL0001	1周无更新
2	市公安局	阳泉交警二大队（微博）	140300M010XL0004	1周无更新
2	市公安局	阳泉网警（抖音）	140300M010DY0004	1周无更新
2	市公安局	阳泉网警（西瓜视频）	140300M010XG0002	1周无更新
2	市公安局	阳泉网警巡查执法（微博）	140300M010XL0009	账号名称变更未在系统同步`,
		`2023年各县区建议提案栏目更新情况
序号	单位	2023年更新情况	最近更新时间
1	平定县人民政府	未更新	2022年12月27日
2	盂县人民政府	未更新	2022年12月5日
3	城区人民政府	更新10条	2023年1月29日
4	郊区人民政府	栏目内容均为2023年更新	2023年1月18日
5	矿区人民政府	未更新	2022年12月28日`,
		`2023年信息公开动态类栏目更新情况
序号	单位	栏目名称	最近更新时间
1	市发展和改革委员会	领导动态--领导活动	2022-08-29
1	市发展和改革委员会	通知公告	2023-08-23
2	市公安局	工作动态--通知公告公示	2023-07-20
3	市财政局	工作动态--通知公告公示	2023-06-20
4	市住房和城乡建设局	工作动态--双公示	2023-06-28
5	市审计局	工作动态--日常工作动态	2023-01-03
6	市体育局	工作动态--通知公告公示	2023-07-14
7	市信访局	工作动态--日常工作动态	2023-03-12
8	市政府金融工作办公室	工作动态--通知公告公示	2023-01-31
8	市政府金融工作办公室	工作动态--日常工作动态	2023-08-16
9	市司法局	工作动态--部门会议信息	2023-04-03
10	市退役军人事务局	工作动态--通知公告公示	2021-09-01
10	市退役军人事务局	工作动态--日常工作动态	2021-12-15
10	市退役军人事务局	工作动态--部门会议信息	2021-07-12
11	市卫生健康委员会	工作动态--日常工作动态	2023-06-03
11	市卫生健康委员会	工作动态--工作简报	2021-03-06`,
	}
	for i, table := range got {
		if tsv(table) != want[i] {
			t.Errorf("attachment %s: got\n%s\nwant\n%s", table.Name, tsv(table), want[i])
		}
	}
	if got[2].Units() != 11 || len(got) != 3 {
		t.Errorf("got %d tables, the third with %d units, want 3 and 11", len(got), got[2].Units())
	}
}

// The order of the judgement does not matter: the notice has its own.
func TestAttachmentsDoNotDependOnTheOrderOfResults(t *testing.T) {
	city, res := noticeCity()
	want := attachments(t, city, res)
	slices.Reverse(res.Columns)
	slices.Reverse(res.Accounts)
	for i, table := range attachments(t, city, res) {
		if tsv(table) != tsv(want[i]) {
			t.Errorf("attachment %s: got\n%s\nwant\n%s", table.Name, tsv(table), tsv(want[i]))
		}
	}
}

func TestYearCell(t *testing.T) {
	tests := []struct {
		name    string
		columns []rules.ColumnResult
		want    []string // situation and date
	}{
		{"unread accuses nobody", []rules.ColumnResult{yearColumn("2020-01-01", rules.Unknown, nil)}, []string{"未能监测", ""}},
		{"unread beside a stale one accuses nobody", []rules.ColumnResult{
			yearColumn("2022-01-01", rules.Stale, new(0)), yearColumn("", rules.Unknown, nil)}, []string{"未能监测", ""}},
		{"unread beside an updated one has no count", []rules.ColumnResult{
			yearColumn("2023-02-01", rules.Fresh, new(3)), yearColumn("", rules.Unknown, nil)}, []string{"有更新，条数未能读全", ""}},
		{"not read to its end has no count", []rules.ColumnResult{yearColumn("2023-02-01", rules.Fresh, nil)}, []string{"有更新，条数未能读全", "2023-02-01"}},
		{"two columns are counted together", []rules.ColumnResult{
			yearColumn("2023-02-01", rules.Fresh, new(3)), yearColumn("2023-03-01", rules.Due, new(4))}, []string{"更新7条", "2023-03-01"}},
		{"one of two updated", []rules.ColumnResult{
			yearColumn("2022-02-01", rules.Stale, new(0)), yearColumn("2023-03-01", rules.Fresh, new(4))}, []string{"更新4条", "2023-03-01"}},
		{"none updated", []rules.ColumnResult{
			yearColumn("2022-02-01", rules.Stale, new(0)), yearColumn("2021-03-01", rules.Stale, new(0))}, []string{"未更新", "2022-02-01"}},
		{"nothing to publish is possible", []rules.ColumnResult{onDemand(yearColumn("2022-02-01", rules.Stale, new(0)))}, []string{"未更新（按需更新）", "2022-02-01"}},
		{"really empty", []rules.ColumnResult{yearColumn("", rules.Blank, new(0))}, []string{"空白栏目", ""}},
		{"a state of a newer program is unknown", []rules.ColumnResult{yearColumn("2022-02-01", "newer", nil)}, []string{"未能监测", ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			city := &inventory.City{Report: inventory.Report{Attachments: []inventory.Attachment{{Name: "2", Table: inventory.TableYear, Indicator: proposals}}}}
			res := rules.Result{Columns: tt.columns, PointDay: on("2023-09-27")}
			rows := attachments(t, city, res)[0].Rows
			if len(rows) != 1 || !slices.Equal(rows[0][2:], tt.want) {
				t.Errorf("got %q, want one row with %q", rows, tt.want)
			}
		})
	}
}

func yearColumn(newest string, state rules.State, inYear *int) rules.ColumnResult {
	return proposalColumn("城区人民政府", newest, state, inYear, false)
}

func onDemand(r rules.ColumnResult) rules.ColumnResult {
	r.Column.OnDemand = true
	return r
}

func TestColumnsNotListedAsProblems(t *testing.T) {
	hint := staleColumn("a", "市财政局", "甲", "2023-06-20")
	hint.States[0].Effect = rules.EffectHint
	tests := []struct {
		name   string
		column rules.ColumnResult
		found  []rules.Finding
	}{
		{"unknown", unreadColumn("a", "市财政局", "甲", extract.ReasonDown), nil},
		{"a hint", hint, nil},
		{"not to be named", staleColumn("a", "市财政局", "甲", "2023-06-20"),
			[]rules.Finding{{Subject: "a", Indicator: dynamic, Publicity: "概述不点名"}}},
		{"found, but as a hint", staleColumn("a", "市财政局", "甲", "2023-06-20"),
			[]rules.Finding{{Subject: "a", Indicator: dynamic, Effect: rules.EffectHint}}},
		{"not under the indicator", proposalColumn("市财政局", "2020-01-01", rules.Stale, nil, false), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			city := &inventory.City{Report: inventory.Report{Attachments: []inventory.Attachment{{Name: "3", Table: inventory.TableColumns, Indicator: dynamic}}}}
			res := rules.Result{Columns: []rules.ColumnResult{tt.column}, Findings: tt.found, PointDay: on("2023-09-27")}
			if rows := attachments(t, city, res)[0].Rows; len(rows) != 0 {
				t.Errorf("got %q, want no row", rows)
			}
		})
	}
}

// The column as a whole may be unknown by another indicator and rest on no look.
func TestTheDateIsTheFindings(t *testing.T) {
	column := staleColumn("a", "市财政局", "甲", "2023-06-20")
	column.State, column.Newest = rules.Unknown, extract.Date{}
	city := &inventory.City{Report: inventory.Report{Attachments: []inventory.Attachment{{Name: "3", Table: inventory.TableColumns, Indicator: dynamic}}}}
	res := rules.Result{Columns: []rules.ColumnResult{column}, PointDay: on("2023-09-27"),
		Findings: []rules.Finding{{Subject: "a", Indicator: dynamic, Effect: rules.EffectNotice, Publicity: "点名", Newest: date("2023-06-20")}}}
	if rows := attachments(t, city, res)[0].Rows; len(rows) != 1 || rows[0][3] != "2023-06-20" {
		t.Errorf("got %q, want one row with 2023-06-20", rows)
	}
}

func TestOnlyFailedAccountsAreListed(t *testing.T) {
	city, res := noticeCity()
	res.Accounts[0].Verdict, res.Accounts[1].Verdict = rules.Pending, rules.NotMonitored
	res.Accounts[2].Reasons = []string{"1周无更新", "账号名称变更未在系统同步"}
	res.Accounts[2].Account.Platform = "newplatform"
	got := attachments(t, city, res)[0].Rows
	want := []string{"2", "市公安局", "阳泉网警（newplatform）", "140300M010XG0002", "1周无更新；账号名称变更未在系统同步"}
	if len(got) != 3 || !slices.Equal(got[1], want) {
		t.Errorf("got %q, want 3 rows, the second %q", got, want)
	}
}

func TestAttachmentsRefuse(t *testing.T) {
	year := inventory.Attachment{Name: "2", Table: inventory.TableYear}
	tests := []struct {
		name        string
		attachments []inventory.Attachment
		pointDay    string
		period      Period
		want        string
	}{
		{"a point before the period", nil, "2023-06-30", q3, "period 2023Q3 begins on 2023-07-01, after the monitoring point 2023-06-30: choose a later --at or an earlier --period"},
		{"a point long after the period", nil, "2023-11-01", q3, "period 2023Q3 ended on 2023-09-30, more than 31 days before the monitoring point 2023-11-01: choose an --at in that period"},
		{"a year table of another year", []inventory.Attachment{year}, "2024-01-05", Period{2023, 4}, "attachment 2 counts what was published in the year of the monitoring point 2024-01-05, and the period is 2023Q4: choose an --at in 2023"},
		{"a name that is a path", []inventory.Attachment{{Name: "../x", Table: inventory.TableAccounts}}, "2023-09-27", q3, `city.yaml: attachment "../x": its name becomes a file name: use letters and digits`},
		{"a name twice", []inventory.Attachment{{Name: "1", Table: inventory.TableAccounts}, {Name: "1", Table: inventory.TableAccounts}}, "2023-09-27", q3, `city.yaml: attachment "1" stands twice: give each its own name`},
		{"an unknown table", []inventory.Attachment{{Name: "1", Table: "sitez"}}, "2023-09-27", q3, `attachment "1": table "sitez" is unknown: use accounts, year, columns, sites, all-sites, all-accounts or platforms`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			city := &inventory.City{Report: inventory.Report{Attachments: tt.attachments}}
			_, err := Decisions{}.attachments(city, rules.Result{PointDay: on(tt.pointDay)}, tt.period)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestPeriod(t *testing.T) {
	p, err := ParsePeriod("2023Q3")
	if err != nil || p != q3 || p.String() != "2023Q3" || day(p.Start()) != "2023-07-01" || day(p.End()) != "2023-09-30" {
		t.Errorf("got %v from %s to %s, %v", p, day(p.Start()), day(p.End()), err)
	}
	if last := (Period{2024, 1}); day(last.End()) != "2024-03-31" || last.fill("{year}年第{quarter}季度") != "2024年第一季度" {
		t.Errorf("2024Q1: got %s, %s", day(last.End()), last.fill("{year}年第{quarter}季度"))
	}
	for _, bad := range []string{"", "2023", "2023Q0", "2023Q5", "23Q3", "2023-Q3", "2023Q3 ", "0000Q1", "二〇二三Q3"} {
		if _, err := ParsePeriod(bad); err == nil || !strings.Contains(err.Error(), "as in 2023Q3") {
			t.Errorf("%q: got %v, want an error that shows the form", bad, err)
		}
	}
}
