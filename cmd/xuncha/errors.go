package main

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"xuncha/notice"
	bureau "xuncha/office"
	"xuncha/store"
)

// errMixed says that a store holds the other kind of evidence.
var errMixed = errors.New("this store holds rounds of the other kind, and simulated and real evidence are never mixed")

// errNotDemo says that the folder of a demonstration holds other work.
var errNotDemo = errors.New("this store holds more than a demonstration, and a demonstration begins anew")

// saying is an error that has its own sentence in Chinese.
type saying = bureau.Saying

// say makes an error of both sentences.
func say(chinese, english string, args ...any) error { return bureau.Say(chinese, english, args...) }

// misuse is a usageError of both sentences.
func misuse(chinese, english string, args ...any) error {
	return usageError{say(chinese, english, args...)}
}

// inConfig says of which configuration an error is, in both languages.
func inConfig(name string, err error) error {
	return &saying{Text: "配置 " + name + "：\n" + inChinese(err), Err: fmt.Errorf("configuration %s:\n%w", name, err)}
}

// inChinese is an error's own sentence in Chinese, else what it says.
func inChinese(err error) string { return bureau.InChinese(err) }

// An adviceRow says what to do about an error. The English is "" where the
// error says so itself.
type adviceRow struct {
	is     error
	zh, en string
}

// advice says what to do about an error.
func (a *app) advice(err error) string {
	for _, row := range []adviceRow{
		{store.ErrNoStore, "请先运行 xuncha crawl，或用 --data 指定数据目录", ""},
		{store.ErrLocked, "另一个进程正在使用数据文件，请等它结束", ""},
		{store.ErrVersion, "数据文件未改动，请使用写入它的版本或更新的版本", ""},
		{store.ErrDamaged, "数据文件未改动，请用 xuncha data restore 从备份恢复", ""},
		{store.ErrFull, "已确认的内容没有丢失；请腾出磁盘空间后重新运行，未完成的批次会续巡", ""},
		{store.ErrExists, "请另选一个文件名", ""},
		{syscall.EROFS, "该位置只读：请换一个目录，或以可写方式挂载", "nothing can be written there: choose another folder, or mount it so that it can be written to"},
		{fs.ErrPermission, "请检查所列文件或目录的属主和读写权限", "see to the owner and the rights of what is named"},
		{errTampered, "请向制作单位索取原件，并保留此件", "ask whoever made it for the original, and keep this one"},
		{errNotDemo, "请用 --data 另选目录", "choose another folder with --data"},
		{bureau.ErrNoRound, "请先运行 xuncha crawl，或用 --at 指定有巡查批次的时间点", "run xuncha crawl first, or name a point that has a round with --at"},
		{errMixed, "请用 --data 另选目录", "choose another folder with --data"},
		{notice.ErrNothingOwed, "请用 xuncha register list monthly --month 查看报送情况", "see xuncha register list monthly --month"},
		{notice.ErrNothing, "请先用 xuncha finding 认定问题", "confirm findings first with xuncha finding"},
		{bureau.ErrNotSame, "差异已列出；要按原样重新生成，请用当时的配置和数据", "what differs is listed; to make it as it was, use the configuration and the data of that day"},
		{notice.ErrSimulated, "请先出初稿：去掉 --final", "write the draft: leave --final out"},
	} {
		if errors.Is(err, row.is) {
			return a.say(row.zh, row.en)
		}
	}
	return ""
}
