package extract

import "testing"

func TestRankOfLabel(t *testing.T) {
	tests := []struct {
		before, after string
		want          rank
	}{
		{"", "", plain},
		{"市财政局 ", "", plain},
		{"发布时间:", "", published},
		{"发布于 ", "", published},
		{"发布日期: [", "]", published},
		{"公开日期:", "", published},
		{"信息提供日期:", "", published},
		{"刊登时间:", "", published},
		{"发稿时间:", "", published},
		{"日期:", " 点击:", published},
		{"Release time:", "", published},
		{"更新时间:", "", updated},
		{"最后更新:", "", updated},
		{"修订日期:", "", updated},
		{"成文日期:", "", refused},
		{"生成日期:", "", refused},
		{"印发日期:", "", refused},
		{"实施日期:", "", refused},
		{"有效期至", "", refused},
		{"截止日期:", "", refused},
		{"报名截止时间:", "", refused},
		{"公示期:", "", refused},
		{"公示时间:", "", refused},
		{"公示 ", "", plain}, // a category, not a period
		{"会议信息 ", "", plain},
		{"会议时间:", "", refused},
		{"考试时间:", "", refused},
		{"听证日期:", "", refused},
		{"活动时间:", "", refused},
		{"自", "起施行", refused},
		{"", "前报名", refused},
		{"", "之前", refused},
		{"", "截止", refused},
		{"定于", "召开", refused},
		{"截止日期为上月,本条于次月另行安排发布时间:", "", published}, // too far in front
	}
	for _, tt := range tests {
		if got := rankOf(tt.before, tt.after); got != tt.want {
			t.Errorf("%q … %q: got %d, want %d", tt.before, tt.after, got, tt.want)
		}
	}
}

func TestNothingHere(t *testing.T) {
	for text, want := range map[string]bool{
		"暂无信息": true, "暂无数据！": true, "暂无相关内容。": true, "没有找到相关数据": true, "该栏目暂无内容": true, "当前栏目下没有文章": true,
		"抱歉，暂无记录": true, "无数据": true, "尚无内容": true, "暂时没有数据": true,
		"没有通过审查的公告": false, "暂无信息公开指南": false, "无偿献血": false, "暂无": true, "加载中": false, "2023-08-23": false, "": false,
		"关于没有信息的说明": false,
	} {
		if got := nothingHere.MatchString(text); got != want {
			t.Errorf("%q: got %t, want %t", text, got, want)
		}
	}
}

func TestNormal(t *testing.T) {
	for in, want := range map[string]string{
		"２０２３－０８－２３　１０：０５":     "2023-08-23 10:05",
		"2023 年\u00a08\n月 3 日": "2023 年 8 月 3 日",
		"二〇二三年十二月三十一日":         "2023年12月31日",
		"二○一九年十月一日":            "2019年10月1日",
		"民国112年8月":             "2023年8月",
		"民国元年一月":               "1912年一月",
		"三天前":                  "三天前",
		"十月一日":                 "十月一日", // no year in numerals: left as it is
		"阳政办发〔2023〕12号 通知":     "阳政办发 通知",
		"(2023)第5号":            "",
		"【2023-08-23】":         "[2023-08-23]",
		"2023年8月23日。":          "2023年8月23日。",
		"8月23号":                "8月23号",
		"\u200b\ufeff2023":     "2023",
	} {
		if got := normal(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestNumeral(t *testing.T) {
	for in, want := range map[string]int{
		"一": 1, "十": 10, "十一": 11, "二十": 20, "二十三": 23, "廿八": 28, "三十一": 31, "一百一十二": 112, "两": 2, "〇": 0, "元": 1, "x": -1,
	} {
		if got := numeral(in); got != want {
			t.Errorf("%s: got %d, want %d", in, got, want)
		}
	}
}
