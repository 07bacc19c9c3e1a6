package cases

import (
	"fmt"
	"slices"
	"strings"

	"xuncha/extract"
)

// demands refuses an event that lacks what its kind asks for, or whose moment
// has not come.
func (o *Occurrence) demands(m Move, e Event) error {
	switch e.Kind {
	case Confirm:
		return o.mayConfirm(e, e.Note)
	case Approve:
		return o.mayApprove(e)
	case Decline:
		return o.mayDecline(e)
	case Reply:
		return o.mayReply(e)
	case Standing:
		return e.mayStand()
	case Reject:
		return o.mayReject(e)
	case Exempt:
		return o.mayExempt(e)
	case Send, Clear:
		return o.mayGoOn(m)
	case Report:
		if e.SignedBy == "" {
			return refuse("整改报告须由单位主要负责人签字；请注明签字人，未签字的请退回单位", "a report must be signed by the head of the unit; name who signed it")
		}
	case Recheck:
		return o.mayRecheck(e)
	case Publish:
		if !slices.Contains(publicities, e.Publicity) {
			return refusePublicity()
		}
	case Extend:
		return o.mayExtend(e)
	case Uphold:
		return o.mayUphold()
	case Reopen:
		if o.State == Cleared && e.Due.IsZero() {
			return refuse("恢复已销号的问题须写明新的整改期限", "taking a clearance back needs a new due day")
		}
	}
	return nil
}

// mayConfirm refuses to confirm over the head of a unit that may still answer,
// or that denied it, without a word on why.
func (o *Occurrence) mayConfirm(e Event, note string) error {
	if o.State == Verifying && o.Answer == nil && !o.AnswerDue.IsZero() && !extract.DayOf(e.At).After(o.AnswerDue) {
		return refuse(
			fmt.Sprintf("单位可在%s前答复核实单；请等待答复，或先登记其答复", dayText(o.AnswerDue)),
			fmt.Sprintf("the unit may answer until %s; wait, or record its answer first", dayText(o.AnswerDue)))
	}
	if o.denied && strings.TrimSpace(note) == "" {
		return refuse("单位答复不属实；认定须说明为何不采纳", "the unit denies it; say why it is confirmed all the same")
	}
	return nil
}

// mayApprove refuses the second word of the first person, and looks once more at
// what has happened since the proposal.
func (o *Occurrence) mayApprove(e Event) error {
	p := o.Pending
	if p.By.same(e.By) {
		return p.byAnother()
	}
	switch p.Kind {
	case Confirm:
		note := p.Note
		if o.answered > p.Seq {
			note = e.Note
		}
		return o.mayConfirm(e, note)
	case Clear:
		m, _ := moveOf(Clear)
		return o.mayGoOn(m)
	case Exempt:
		return p.Exemption.running(e)
	}
	return nil
}

// mayDecline asks why of whoever does not agree; who takes a proposal of their own
// back need not say.
func (o *Occurrence) mayDecline(e Event) error {
	if !e.By.same(o.Pending.By) && strings.TrimSpace(e.Note) == "" {
		return refuse("不同意须说明理由", "declining needs a note that says why")
	}
	return nil
}

// mayReject keeps the program from dropping what people have taken up.
func (o *Occurrence) mayReject(e Event) error {
	if e.By.Role == System && (o.State != Suspected || !slices.Equal(o.Facts.Sources, []string{ByPatrol})) {
		return refuse("已由人员办理的问题，系统不能撤回；请由办理人决定", "people have taken it up, so the program cannot withdraw it; let a person decide")
	}
	return nil
}

// mayStand refuses a 发文前状态 that does not say what it is.
func (e Event) mayStand() error {
	if !slices.Contains([]Result{Passed, Failed}, e.Result) || e.Note == "" && e.Look == nil {
		return refuse("发文前状态须写明是否已整改及所见情况", "the standing before the notice needs whether it is fixed and what was seen")
	}
	return e.agrees()
}

func (o *Occurrence) mayUphold() error {
	if o.Objection == nil || !o.Objection.Open {
		return refuse("没有待答复的异议；无须维持认定", "there is no open objection, so there is nothing to uphold")
	}
	return nil
}

// byAnother refuses that who proposed something decides about it.
func (e *Event) byAnother() *Refusal {
	return refuse(
		fmt.Sprintf("“%s”由%s提出，须由另一人审核", e.Kind.Chinese(), e.By.Name),
		fmt.Sprintf("%s proposed the %s; another person must approve it", e.By.Name, e.Kind))
}

func (o *Occurrence) mayExtend(e Event) error {
	due := o.currentDue()
	switch {
	case due.IsZero():
		return refuse("尚未设定期限，不能延期；请先发核实单", "nothing is due yet that could be extended; ask the unit first")
	case !e.Due.After(due):
		return refuse("延期须晚于现有期限"+dayText(due), "an extension must be later than what is due, "+dayText(due))
	}
	return nil
}

func (o *Occurrence) mayReply(e Event) error {
	switch {
	case !slices.Contains(answers, e.Answer):
		return refuse("答复须为属实、不属实、已整改之一", "the answer must be one of 属实, 不属实, 已整改")
	case o.Asked.IsZero():
		return refuse("尚未向单位发核实单；请先发核实单", "the unit has not been asked; ask it first")
	case e.Answer == Denied && len(e.Attachments) == 0 && strings.TrimSpace(e.Note) == "":
		return refuse("答复不属实须附证明材料或说明", "an answer that denies it needs proof, or a note")
	}
	return nil
}

func (o *Occurrence) mayExempt(e Event) error {
	x := e.Exemption
	switch {
	case x == nil || !slices.Contains(reasons, x.Reason):
		return refuse("报备不计的原因须为改版、临时停更、无应公开内容之一", "the reason of an exemption must be one of 改版, 临时停更, 无应公开内容")
	case len(e.Attachments) == 0:
		return refuse("报备不计须附报备材料", "an exemption needs the filing as an attachment")
	}
	return x.running(e)
}

func (x *Exemption) running(e Event) error {
	if x.Until.IsZero() || x.Until.Before(extract.DayOf(e.At)) {
		return refuse("报备不计须写明今后的截止日期", "an exemption needs an end that is not past")
	}
	return nil
}

// mayGoOn refuses to send or to clear what a unit objects to, and to clear what
// no re-check has passed.
func (o *Occurrence) mayGoOn(m Move) error {
	if o.Objection != nil && o.Objection.Open {
		return refuse(
			fmt.Sprintf("单位的异议尚未答复，不能“%s”；请先维持认定或改为核实不属实", m.Chinese),
			fmt.Sprintf("the unit's objection is open; uphold the finding or reject it before you %s it", m.Kind))
	}
	if m.Kind != Clear {
		return nil
	}
	if c := o.lastCheck(); c == nil || c.Result != Passed {
		return refuse("最近一次复核未通过，不能销号；请再次复核，或退回重改", "the last re-check did not pass; re-check it again, or return it")
	}
	return nil
}

func (o *Occurrence) mayRecheck(e Event) error {
	switch {
	case !slices.Contains(results, e.Result):
		return refuse("复核结果须为通过、未通过、未能监测之一", "the result must be one of 通过, 未通过, 未能监测")
	case e.By.Role == System && e.Look == nil:
		return refuse("系统复核须有巡查快照；请由人员复核", "the program re-checks only by a look; let a person re-check")
	case e.Look == nil && strings.TrimSpace(e.Note) == "":
		return refuse("人工复核须写明所见情况", "a re-check by a person needs a note on what was seen")
	case e.Look != nil && !e.Look.At.After(o.lastReport):
		return refuse(
			fmt.Sprintf("所据巡查（%s）早于整改报告（%s）；请重新巡查后复核", moment(e.Look.At), moment(o.lastReport)),
			fmt.Sprintf("the look of %s is older than the report of %s; look again", moment(e.Look.At), moment(o.lastReport)))
	}
	return e.agrees()
}

// agrees refuses a result that is better than what the look saw.
func (e Event) agrees() error {
	switch {
	case e.Look == nil:
	case e.Look.At.After(e.At):
		return refuse("所据巡查晚于办理时间；请核对电脑时间", "the look is later than the entry; check the computer's clock")
	case e.Result == Passed && !e.Look.passes():
		return refuse("巡查所见未达到要求，不能记为通过；如人工核查属实，请由人员登记并说明", "what was seen does not pass; if a person saw otherwise, let the person record it with a note")
	}
	return nil
}
