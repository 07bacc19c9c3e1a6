//go:build !race

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Lists with everything that people get wrong: fifty mistakes and more, each named
// by its cell, and not a byte is written for the rows that are right.
func TestBadInputListsWithMistakesChangeNothing(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	take := func(want int, kind, list string) string {
		name := filepath.Join(dir, kind+".csv")
		if err := os.WriteFile(name, []byte(list), 0o600); err != nil {
			t.Fatal(err)
		}
		_, stderr := xuncha(t, want, "register", "import", kind, name, "--config", "demo", "--data", data, "--by", "王敏", "--at", "2023-12-30")
		return stderr
	}
	take(0, "messages", "编号,收到时间,责任单位\n1,2023-09-05,fgw\n")
	before, err := os.ReadFile(filepath.Join(data, storeName))
	if err != nil {
		t.Fatal(err)
	}
	cell := regexp.MustCompile(`(?m)^\S+\.csv, row \d+(, [A-Z]+\d+ \(.*?\))?: .*$`)
	kinds := map[string]bool{} // sentences without what was written in the cell
	for kind, list := range map[string]string{
		"messages": "编号,收到时间,责任单位,网站标识码,网址,转办时间,答复时间,办结时间,状态,是否属实\n" +
			"1,昨天,市发改局,14030,fgw.yq.gov.cn/a,2023-13-01,2023-02-30,1989-01-01,做完了,也许\n" +
			"2,2023-09-05,fgw,,,2023-09-04,2023-09-03,2023-09-02,已办结,是\n" +
			"3,2033-09-05,nobody,1403000012,ftp://x,,,,,\n" +
			"3,2023-09-05,czj,,,,,,已办结,\n4,2023-09-05 25:00,,,,,,2023-09-06,受理,\n",
		"superior": "对象,标识码,名称,栏目,检查指标,通报单位,通报日期,问题,问题来源\n" +
			"nowhere,,,,不存在,省,9月,x,听说\n,,,,,,,,\n,9999999999,没有这个网站,,,省,2034-01-01,,\nfgw,,,没有这个栏目,V4.home,省,1988-01-01,x,上级通报\n" +
			"fgw,140300M019XL0001,,,V4.home,省,2023-09-15,x,\n,,阳泉,,,,2023-09-15,x,\n",
		"reports": "季度,单位,期限,收到日期,签字人\n第三季度,czj,2023-07-20,,\n2023Q2,没有,2023-02-31,2023-07-19,\n2023Q2,czj,很快,2031-01-01,张某\n,,,,\n2023Q2,czj,2023-07-20,2023-07-19,\n",
		"monthly": "月份,单位,报表,报送日期,退回日期,信息发布数\n9月,czj,年报,2023-10-02,2023-10-08,很多\n2023-13,没有,月报,10/2,2023-10-08,-3\n2023-09,czj,月报,,2023-10-08,\n2023-09,czj,月报,2023-10-09,2023-10-08,1e9\n",
		"filings": "对象,名称,栏目,类型,开始日期,结束日期,说明\nnowhere,,,搬家,2023-09-01,2023-10-01,x\nfgw,,没有,改版,2023-09-01,,x\n,,,改版,2023-09-01,2023-08-01,x\n" +
			"fgw,,,改版,,2023-10-01,\nfgw,,,改版,2023-09-01,2023-10-01," + strings.Repeat("长", 5001) + "\n",
		"words": "错敏词,推荐修改,所在文章链接,网站标识码,发布时间,问题级别\n,部署,javascript:alert(1),12,昨天,天大\n部暑,,http://nobody.example/a,1403000012,2039-01-01,一般\n部暑,部署,,,,\n",
	} {
		stderr := take(1, kind, list)
		found := cell.FindAllString(stderr, -1)
		for _, line := range found {
			_, sentence, _ := strings.Cut(line, "): ")
			kinds[kind+": "+regexp.MustCompile(`[\w.:/-]*\d[\w.:/-]*`).ReplaceAllString(sentence, "#")] = true
		}
		if len(found) < 4 || !strings.Contains(stderr, "nothing was written") {
			t.Errorf("%s: %d mistakes named:\n%s", kind, len(found), stderr)
		}
	}
	if len(kinds) < 50 {
		t.Errorf("%d kinds of mistakes were named, want 50", len(kinds))
		for k := range kinds {
			t.Log(k)
		}
	}
	after, err := os.ReadFile(filepath.Join(data, storeName))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("a list with mistakes changed the store")
	}
}
