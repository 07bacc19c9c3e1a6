package gongwen

import (
	"strconv"
	"strings"
)

// numbers counts the headings of one text by level.
type numbers [5]int

// next returns the number of the next heading of level, as 7.3.3 writes it, and
// begins the deeper levels anew.
func (n *numbers) next(level int) string {
	n[level]++
	clear(n[level+1:])
	figure := strconv.Itoa(n[level])
	switch level {
	case 1:
		return chinese(n[level]) + "、"
	case 2:
		return "（" + chinese(n[level]) + "）"
	case 3:
		return figure + "."
	}
	return "（" + figure + "）"
}

// chinese writes n in Chinese numerals: 十, 十一, 二十, 一百零五, 一百一十. From a
// thousand on, which no heading reaches, in figures.
func chinese(n int) string {
	if n < 1 || n > 999 {
		return strconv.Itoa(n)
	}
	digit := []rune("零一二三四五六七八九")
	var b strings.Builder
	hundreds, tens, ones := n/100, n/10%10, n%10
	if hundreds > 0 {
		b.WriteRune(digit[hundreds])
		b.WriteString("百")
	}
	switch {
	case tens > 1 || tens == 1 && hundreds > 0:
		b.WriteRune(digit[tens])
		b.WriteString("十")
	case tens == 1:
		b.WriteString("十")
	case hundreds > 0 && ones > 0:
		b.WriteString("零")
	}
	if ones > 0 {
		b.WriteRune(digit[ones])
	}
	return b.String()
}
