package rules

import (
	"fmt"
	"time"
)

// moved says for people that articles show another day than their pages state
// unseen: the date may have been changed, or the article moved here. It accuses
// nobody, because systems date pages anew when they make them anew.
func moved(look *Look) string {
	if look == nil || len(look.Reading.Moved) == 0 {
		return ""
	}
	m := look.Reading.Moved[0]
	return fmt.Sprintf("有%d处信息页面显示的日期与页面标记的日期不一致（如显示%s，%s为%s），请核实是否改过日期",
		len(look.Reading.Moved), m.Shown.Day().Format(time.DateOnly), m.By, m.Claimed.Day().Format(time.DateOnly))
}
