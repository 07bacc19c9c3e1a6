package extract

import (
	"testing"
	"time"
)

// fetched is a Wednesday in the early morning, as in most tests.
var fetched = time.Date(2023, 9, 27, 1, 30, 0, 0, Beijing)

// show prints a date as tests write it: to the minute where it is exact to the
// minute, with "?" behind an inferred year.
func show(d Date) string {
	if d.IsZero() {
		return ""
	}
	s := d.Time.In(Beijing).Format(time.DateOnly)
	if d.Minute {
		s = d.Time.In(Beijing).Format("2006-01-02 15:04")
	}
	if d.Inferred {
		s += "?"
	}
	return s
}

func TestDateForms(t *testing.T) {
	tests := []struct {
		name string
		text string
		want string
	}{
		{"Chinese signs", "2023年8月23日", "2023-08-23"},
		{"Chinese signs without the day sign", "2023年08月23", "2023-08-23"},
		{"hyphens", "2023-08-23", "2023-08-23"},
		{"hyphens without zeros", "2023-8-3", "2023-08-03"},
		{"slashes", "2023/8/23", "2023-08-23"},
		{"dots", "2023.08.23", "2023-08-23"},
		{"square brackets", "[2023-08-23]", "2023-08-23"},
		{"round brackets", "(2023-08-23)", "2023-08-23"},
		{"full-width brackets", "【2023-08-23】", "2023-08-23"},
		{"full-width digits and signs", "２０２３－０８－２３", "2023-08-23"},
		{"full-width with Chinese signs", "２０２６年１１月３日", ""}, // after the fetch, yet parsed: see below
		{"typographic dashes", "2023—08—23", "2023-08-23"},
		{"blanks inside", "2023 - 08 - 23", "2023-08-23"},
		{"a no-break space inside", "2023年\u00a08月\u00a023日", "2023-08-23"},
		{"a zero-width space inside", "2023-08\u200b-23", "2023-08-23"},
		{"a double hyphen", "2023--8-3", "2023-08-03"},
		{"Chinese numerals", "二〇二二年十一月三日", "2022-11-03"},
		{"Chinese numerals with a circle for zero", "二○二二年十二月三十一日", "2022-12-31"},
		{"Chinese numerals for twenty", "二〇二三年八月二十日", "2023-08-20"},
		{"the Republic's year", "民国112年8月23日", "2023-08-23"},
		{"the Republic's year in words", "民国一百一十二年八月二十三日", ""},

		{"with a time", "2023-08-23 10:05", "2023-08-23 10:05"},
		{"with seconds", "2023-08-23 10:05:59", "2023-08-23 10:05"},
		{"with a hyphen before the time", "2023-08-23-10:05:59", "2023-08-23 10:05"},
		{"with a weekday", "2023年8月23日 星期三 10:05", "2023-08-23 10:05"},
		{"with a spoken time", "2023年8月23日 上午9时5分", "2023-08-23 09:05"},
		{"in the afternoon", "2023年8月23日下午3时20分", "2023-08-23 15:20"},
		{"on the hour", "2023年8月23日 9时", "2023-08-23 09:00"},
		{"midnight at the end of the day", "2023-08-22 24:00", "2023-08-23 00:00"},
		{"an impossible minute", "2023-08-23 12:60", ""},
		{"an impossible hour", "2023-08-23 25:00", ""},
		{"clicks are no time", "2023-08-23 24点击", "2023-08-23"},
		{"ISO with a zone", "2023-08-23T16:00:00Z", "2023-08-24 00:00"},
		{"ISO with fractions", "2023-08-23T10:00:00.000+08:00", "2023-08-23 10:00"},
		{"ISO with an offset to the west", "2023-08-23T10:00:00-0500", "2023-08-23 23:00"},

		{"RFC 1123", "Wed, 23 Aug 2023 16:30:00 GMT", "2023-08-24 00:30"},
		{"RFC 1123 with an offset", "Wed, 23 Aug 2023 10:00:00 +0800", "2023-08-23 10:00"},
		{"what a microblog answers", "Sat Jul 30 11:11:45 +0800 2022", "2022-07-30 11:11"},
		{"CST is China's", "Wed Aug 23 10:00:00 CST 2023", "2023-08-23 10:00"},
		{"English words", "Aug 23, 2023", "2023-08-23"},
		{"eight digits", "20230823", "2023-08-23"},
		{"seconds since 1970", "1692756000", "2023-08-23 10:00"},
		{"milliseconds since 1970", "1692756000000", "2023-08-23 10:00"},
		{"a number of eleven digits", "16927560001", ""},
		{"seconds before this century", "0000000001", ""},

		{"just now", "刚刚", "2023-09-27"},
		{"half an hour ago", "半小时前", "2023-09-27"},
		{"minutes ago in traditional characters", "2分鐘前", "2023-09-27"},
		{"some minutes ago", "几分钟前", "2023-09-27"},
		{"hours ago, over midnight", "3小时前", "2023-09-26"},
		{"three days ago in words", "三天前", "2023-09-24"},
		{"two days ago in words", "两天前", "2023-09-25"},
		{"ten days ago", "10天前", "2023-09-17"},
		{"today", "今天", "2023-09-27"},
		{"today with a time", "今天 00:30", "2023-09-27 00:30"},
		{"yesterday", "昨天", "2023-09-26"},
		{"yesterday in other words", "昨日", "2023-09-26"},
		{"yesterday with a time", "昨天 12:30", "2023-09-26 12:30"},
		{"the day before yesterday", "前天", "2023-09-25"},
		{"weeks name no day", "1周前", ""},
		{"months name no day", "3个月前", ""},

		{"month and day of this year", "08-23", "2023-08-23?"},
		{"month and day in brackets", "[08-23]", "2023-08-23?"},
		{"month and day in Chinese", "8月23日", "2023-08-23?"},
		{"month and day with slash", "8/23", "2023-08-23?"},
		{"month and day later in the year are last year's", "11-03", "2022-11-03?"},
		{"today's month and day", "09-27", "2023-09-27?"},
		{"tomorrow's month and day are not believed", "09-28", ""},
		{"month and day with a time", "08-23 10:30", "2023-08-23 10:30?"},
		{"29 February of the last leap year", "02-29", "2020-02-29?"},
		{"no month 13", "13-01", ""},
		{"two digits of a year", "23-08-23", "2023-08-23"},
		{"slashes with two digits are ambiguous", "23/08/23", ""},
		{"day first is ambiguous", "03/11/2022", ""},

		{"day, then year and month", "23 2023-08", "2023-08-23"},
		{"year and month, then day", "2023-08 23", "2023-08-23"},
		{"year and month in Chinese, then day", "2023年08月 23", "2023-08-23"},
		{"day, then year and month with a slash", "23 / 2023.08", "2023-08-23"},
		{"month and day, then year", "08-23 2023", "2023-08-23"},
		{"year, then month and day", "2022 08/23", "2022-08-23"},
		{"day, then month", "23 /08", "2023-08-23?"},
		{"day and month that could be either", "03 /08", ""},
		{"Chinese month, then day", "八月 22", "2023-08-22?"},
		{"a month alone", "2023-08", ""},
		{"a month alone in Chinese", "2023年8月", ""},

		{"31 April", "2023-04-31", ""},
		{"30 February", "2023-02-30", ""},
		{"month 13", "2023-13-01", ""},
		{"zeros", "0000-00-00", ""},
		{"the default of databases", "1970-01-01", ""},
		{"the other default of databases", "1900-01-01", ""},
		{"part of a longer number", "12023-08-23", ""},
		{"followed by more digits", "2023-08-231", ""},
		{"lunar", "农历2023年7月8日", ""},
		{"cyclic year", "癸卯年七月初八", ""},
		{"a weekday", "星期三", ""},
		{"months of a year", "2023年1-6月", ""},
		{"school years", "2022-2023-1", ""},

		{"publication label", "发布时间：2023-08-23", "2023-08-23"},
		{"publication label with words behind", "(发布时间：2023-08-23 11:06:22 阅读次数：35)", "2023-08-23 11:06"},
		{"publication label and month-day", "发布日期：08-23", "2023-08-23?"},
		{"a change alone", "更新时间：2023-08-23", "2023-08-23"},
		{"publication beats change", "更新时间：2023-09-01 发布时间：2023-08-23", "2023-08-23"},
		{"publication beats the day of the document", "成文日期：2023-08-01 发布日期：2023-08-23", "2023-08-23"},
		{"no label beats change", "2023-08-23 最后更新：2023-09-01", "2023-08-23"},
		{"the day of the document is none", "成文日期：2023-08-01", ""},
		{"a deadline is none", "截止日期：2023-08-23", ""},
		{"a deadline said behind the date", "请于2023年8月23日前报名", ""},
		{"a deadline with month and day", "截止时间：08-23", ""},
		{"a period is none", "公示期：2023-08-01至2023-08-07", ""},
		{"a period without label", "2023-08-01至2023-08-07", ""},
		{"a period with one year", "2023年8月1日-8月7日", ""},
		{"a period beside a publication", "2023-08-01至2023-08-07 发布时间：2023-08-23", "2023-08-23"},
		{"entry into force is none", "自2023年8月23日起施行", ""},
		{"a document number is none", "阳政发〔2023〕12号", ""},
		{"a document number in square brackets", "阳政发[2023]8号 2022-08-23", "2022-08-23"},
		{"two dates without a label", "2023-08-01 2023-08-23", ""},
		{"the same day twice", "2023-08-23 2023-08-23 10:00", "2023-08-23 10:00"},
		{"nothing", "", ""},
		{"words", "通知公告", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found, ok, _ := settle(clues{seen: fetched}.find(tt.text, named))
			if !ok || found.date.Day().After(DayOf(fetched)) {
				found.date = Date{}
			}
			if got := show(found.date); got != tt.want {
				t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
			}
			if tt.want != "" && !likeDate(tt.text) {
				t.Errorf("%q is a date, and a list of such would not be found", tt.text)
			}
		})
	}
}

func TestYearOfMonthAndDay(t *testing.T) {
	tests := []struct {
		name  string
		text  string
		link  string
		at    string
		want  string
		early bool
	}{
		{"TRS address", "08-23", "http://a.gov.cn/x/202208/t20220823_1.html", "2023-09-27", "2022-08-23", false},
		{"address of another system", "08-23", "http://a.gov.cn/art/2021/8/23/art_1_2.html", "2023-09-27", "2021-08-23", false},
		{"folder with a day", "8月23日", "http://a.gov.cn/2021-08-20/1.html", "2023-09-27", "2021-08-23", false},
		{"folder with a month", "08-23", "http://a.gov.cn/202208/content_1.htm", "2023-09-27", "2022-08-23", false},
		{"written in December, published in January", "12-30", "http://a.gov.cn/t20230103_1.html", "2023-09-27", "2022-12-30", false},
		{"address from another time of the year says nothing", "08-23", "http://a.gov.cn/t20220101_1.html", "2023-09-27", "2023-08-23?", false},
		{"address without a date", "08-23", "http://a.gov.cn/info/1001/1234.htm", "2023-09-27", "2023-08-23?", false},
		{"just after New Year", "12-31", "", "2023-01-01", "2022-12-31?", false},
		{"New Year's Day the night before", "01-01", "", "2022-12-31", "", true},
		{"two days ahead is last year", "09-29", "", "2023-09-27", "2022-09-29?", false},
		{"one day ahead", "09-28", "", "2023-09-27", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			at, err := time.ParseInLocation(time.DateOnly, tt.at, Beijing)
			if err != nil {
				t.Fatal(err)
			}
			found, _, _ := settle(clues{seen: at.Add(time.Hour), link: tt.link}.find(tt.text, named))
			if got := show(found.date); got != tt.want || found.early != tt.early {
				t.Errorf("%q at %s, link %q: got %q, early %t; want %q, %t", tt.text, tt.at, tt.link, got, found.early, tt.want, tt.early)
			}
		})
	}
}

// Free text of a row becomes a date only where it is about nothing else.
func TestDateInFreeText(t *testing.T) {
	tests := []struct{ text, want string }{
		{"2023-08-23", "2023-08-23"},
		{"（2023-08-23）", "2023-08-23"},
		{"市财政局 2023-08-23", "2023-08-23"},
		{"来源：市政府办公室 2023-08-23 浏览：35次", "2023-08-23"},
		{"发布时间：2023-08-23", "2023-08-23"},
		{"2023年8月23日，市政府召开第38次常务会议", ""},
		{"会议定于2023年8月23日召开", ""},
		{"根据2023年8月23日印发的通知要求", ""},
		{"8月23日上午市长调研", ""},
		{"12345678", ""},
		{"1692756000", ""},
	}
	for _, tt := range tests {
		found, _, _ := settle(clues{seen: fetched}.find(tt.text, free))
		if got := show(found.date); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestDateFormat(t *testing.T) {
	tests := []struct{ format, text, want string }{
		{"02/01/2006", "03/11/2022", "2022-11-03"},
		{"02/01/2006", "[03/11/2022]", "2022-11-03"},
		{"01-02", "[08-23]", "2023-08-23?"},
		{"01-02", "2022-08-23", "2022-08-23"}, // older rows show the year
		{"06/01/02", "23/08/23", "2023-08-23"},
		{"2/1 2006", "23/8 2023", "2023-08-23"},
		{"2006-01-02 15:04", "2023-08-23 10:05", "2023-08-23 10:05"},
		{"02/01/2006", "截止日期 03/11/2022", ""},
		{"02/01/2006", "31/04/2022", ""},
		{"01-02", "x08-231", ""},
	}
	for _, tt := range tests {
		l, err := parseLayout(tt.format)
		if err != nil {
			t.Fatalf("%q: %v", tt.format, err)
		}
		found, _, _ := settle(clues{seen: fetched, format: l}.find(tt.text, named))
		if got := show(found.date); got != tt.want {
			t.Errorf("%q by %q: got %q, want %q", tt.text, tt.format, got, tt.want)
		}
	}
}

// A relative date of a page that the server confirmed as unchanged is as old as
// the bytes, not as the question.
func TestRelativeDateOfUnchangedPage(t *testing.T) {
	p := Page{FetchedAt: fetched, NotModified: true, BodyAt: fetched.AddDate(0, 0, -10)}
	found, _, _ := settle(clues{seen: p.seen()}.find("昨天", named))
	if got, want := show(found.date), "2023-09-16"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
