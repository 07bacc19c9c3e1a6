package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"

	"xuncha/cases"
)

// verifyHistory checks an exported history by itself: the whole book, or that of
// one finding.
func (c dataVerifyCmd) verifyHistory(a *app) error {
	data, err := os.ReadFile(c.History)
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	events, err := historyOf(data)
	if tampered := (*cases.TamperError)(nil); errors.As(err, &tampered) {
		return &saying{Text: c.History + "：" + tampered.Chinese(), Err: fmt.Errorf("%s: %w: %w", c.History, errTampered, err)}
	}
	if err != nil {
		return &saying{Text: c.History + "：" + inChinese(err), Err: fmt.Errorf("%s: %w", c.History, err)}
	}
	if c.Seal != "" && !slices.ContainsFunc(events, func(e cases.Event) bool { return e.Digest == c.Seal }) {
		return &saying{Text: c.History + "：没有校验值为 " + c.Seal + " 的办理记录，此前的记录可能被删改", Err: fmt.Errorf("%s: %w: no event has the digest %s", c.History, errTampered, c.Seal)}
	}
	if len(events) == 0 {
		fmt.Fprintln(a.stdout, a.say("没有办理记录", "The history is empty."))
		return nil
	}
	last := events[len(events)-1]
	fmt.Fprintf(a.stdout, a.say("办理记录核对无误：%d 条，最后一条 %s，校验值 %s\n", "The history holds: %d events, the last of %s, its digest %s\n"),
		len(events), last.At.Format("2006-01-02 15:04"), last.Digest)
	fmt.Fprintln(a.stdout, a.say("末尾少了记录，只有与另存的校验值相比才看得出（--seal）", "That events at its end are missing only a digest kept elsewhere can show (--seal)."))
	return nil
}

// historyOf reads an export and checks that it holds what the program would write
// of its events, no more and no less.
func historyOf(data []byte) ([]cases.Event, error) {
	if data = bytes.TrimSpace(data); bytes.HasPrefix(data, []byte("[")) {
		var events []cases.Event
		if err := json.Unmarshal(data, &events); err != nil {
			return nil, fmt.Errorf("history: %w", err)
		}
		if err := cases.VerifyCase(events); err != nil {
			return nil, err
		}
		return events, sameJSON(data, events)
	}
	book, err := cases.Import(data)
	if err != nil {
		return nil, err
	}
	return book.Events(), sameJSON(data, book.Export())
}

// sameJSON reports what a file says besides what it should.
func sameJSON(data []byte, want any) error {
	var is, should any
	again, err := json.Marshal(want)
	if err := errors.Join(err, json.Unmarshal(data, &is), json.Unmarshal(again, &should)); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	if reflect.DeepEqual(is, should) {
		return nil
	}
	whole, ok := is.(map[string]any)
	if expected, also := should.(map[string]any); ok && also {
		for _, part := range []string{"format", "head", "events"} {
			if !reflect.DeepEqual(whole[part], expected[part]) {
				return otherwise(part)
			}
		}
		return otherwise("cases")
	}
	return otherwise("events")
}

// otherwise is what differs from what the events come to.
func otherwise(part string) error {
	return &saying{
		Text: fmt.Sprintf("其中 %s 一节与按办理记录重新得出的不同，被改动过", part),
		Err:  fmt.Errorf("%w: its %s are not what the events come to", errTampered, part),
	}
}
