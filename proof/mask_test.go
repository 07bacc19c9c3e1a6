package proof

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPersonalDataIsMasked(t *testing.T) {
	m := masker{phrases: []string{"错误表述", "Wrong Name"}}
	for _, c := range []struct{ text, want string }{
		{"身份证号11010519491231002X已公示", "身份证号110*************2X已公示"},
		{"１１０１０５１９４９１２３１００２Ｘ", "１１０*************２Ｘ"},
		{"110105194912310021", "110105194912310021"}, // another check digit
		{"联系人13812345678。", "联系人138******78。"},
		{"138-1234-5678", "138-****-**78"},
		{"138 1234 5678 2023-09-27", "138 **** **78 2023-09-27"},
		{"1\u200b38\u202e12345678", "138******78"},
		{"电话13812345678/13912345679", "电话138******78/139******79"},
		{"+8613812345678", "+861********78"},
		{"12812345678", "12812345678"},
		{"卡号6222 0212 3456 7894", "卡号622* **** **** **94"},
		{"卡号4111111111111111", "卡号411***********11"},
		{"4111111111111112", "4111111111111112"},
		{"0000000000000000", "0000000000000000"},
		{"关于2023年第138号通知", "关于2023年第138号通知"},
		{"http://fgw.yq.gov.cn/t20230927_1234567.html", "http://fgw.yq.gov.cn/t20230927_1234567.html"},
		{"此处有错误表述一处", "此处有■■■■一处"},
		{"错误\u200b表述", "■■■■"},
		{"a WRONG name", "a ■■■■■■■■■■"},
		{"a\nb\x1b[31mc\xff", "a b [31mc"},
		{"", ""},
	} {
		if got := m.hide(c.text); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.text, got, c.want)
		}
		if m.finds(c.text) != (c.want != tidy(c.text)) {
			t.Errorf("%q: whether something is to be masked is not said right", c.text)
		}
	}
}

func FuzzMask(f *testing.F) {
	f.Add("13812345678 11010519491231002X 4111-1111-1111-1111", "表述")
	f.Add("1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4", " ")
	f.Fuzz(func(t *testing.T, text, phrase string) {
		m := masker{phrases: []string{phrase}}
		got := m.hide(text)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) != utf8.RuneCountInString(tidy(text)) {
			t.Fatalf("%q becomes %q", text, got)
		}
		if m.hide(got) != got {
			t.Fatalf("%q is not all that is to be masked of %q", got, text)
		}
		if p := tidy(phrase); p != "" && !strings.Contains(p, "■") && strings.Contains(got, p) {
			t.Fatalf("%q still holds %q", got, phrase)
		}
	})
}
