package cases

import "slices"

// A State is where an occurrence of a case stands.
type State string

// The states. Overdue is none of them: it follows from a due day and the day
// that is asked about, see [Occurrence.Overdue].
const (
	Suspected State = "疑似"
	Verifying State = "核实"
	Confirmed State = "认定"
	Sent      State = "交办"
	Fixing    State = "整改中"
	Reported  State = "已报整改"
	Rechecked State = "复核"
	Cleared   State = "销号"
	Returned  State = "退回重改"
	Unfounded State = "核实不属实"
	Exempted  State = "报备不计"
)

// A Kind is what happened.
type Kind string

// The kinds of events.
const (
	Raise    Kind = "raise"    // 发现
	Verify   Kind = "verify"   // 核实: asked of the unit where there is a due day, else looked into
	Reply    Kind = "reply"    // 单位答复
	Standing Kind = "standing" // 发文前状态
	Confirm  Kind = "confirm"  // 认定
	Reject   Kind = "reject"   // 核实不属实
	Send     Kind = "send"     // 交办
	Accept   Kind = "accept"   // 签收
	Report   Kind = "report"   // 报送整改
	Recheck  Kind = "recheck"  // 复核
	Clear    Kind = "clear"    // 销号
	Return   Kind = "return"   // 退回重改
	Exempt   Kind = "exempt"   // 报备不计
	Approve  Kind = "approve"  // 同意: the second person
	Decline  Kind = "decline"  // 不同意, or taken back by whoever proposed it
	Publish  Kind = "publish"  // 公开方式
	Extend   Kind = "extend"   // 延期
	Urge     Kind = "urge"     // 催办
	Object   Kind = "object"   // 异议（情况说明）
	Uphold   Kind = "uphold"   // 维持认定
	Reopen   Kind = "reopen"   // 恢复
	Note     Kind = "note"     // 备注
)

// people says how many must agree to a move.
type people int

const (
	one           people = iota
	two                  // always
	twoForVeto           // where the indicator is a veto
	twoOnceIssued        // where two confirmed it before
)

// A Move is a line of the table of what may happen: an event of a kind, in one
// of some states, by one of some roles, and the state it leads to.
type Move struct {
	Kind    Kind
	Chinese string  // what people call it
	From    []State // empty: any
	To      State   // "": it stays
	Roles   []Role
	Note    bool // must say why
	Due     bool // must set a due day

	people people
}

var (
	office   = []Role{Handler, Reviewer, Signer}
	deciding = []Role{Reviewer, Signer}
	unitSide = []Role{Unit, Handler}
	underway = []State{Sent, Fixing, Returned}
)

// moves is the table. The happy path stands first, in its order.
var moves = []Move{
	{Kind: Raise, Chinese: "发现", Roles: append([]Role{System}, office...)},
	{Kind: Verify, Chinese: "核实", From: []State{Suspected, Verifying}, To: Verifying, Roles: office},
	{Kind: Reply, Chinese: "单位答复", From: []State{Verifying, Confirmed}, Roles: unitSide},
	{Kind: Standing, Chinese: "发文前状态", From: []State{Suspected, Verifying, Confirmed}, Roles: append([]Role{System}, office...)},
	{Kind: Confirm, Chinese: "认定", From: []State{Suspected, Verifying}, To: Confirmed, Roles: office, people: twoForVeto},
	{Kind: Send, Chinese: "交办", From: []State{Confirmed}, To: Sent, Roles: []Role{Signer}, Due: true},
	{Kind: Accept, Chinese: "签收", From: []State{Sent}, To: Fixing, Roles: unitSide},
	{Kind: Report, Chinese: "报送整改", From: underway, To: Reported, Roles: unitSide},
	{Kind: Recheck, Chinese: "复核", From: []State{Reported, Rechecked}, To: Rechecked, Roles: []Role{System, Handler, Reviewer}},
	{Kind: Clear, Chinese: "销号", From: []State{Rechecked}, To: Cleared, Roles: office, people: two},
	{Kind: Return, Chinese: "退回重改", From: []State{Reported, Rechecked}, To: Returned, Roles: office, Note: true, Due: true},

	{
		Kind: Reject, Chinese: "核实不属实", To: Unfounded, Roles: append([]Role{System}, office...), Note: true, people: twoOnceIssued,
		From: []State{Suspected, Verifying, Confirmed, Sent, Fixing, Reported, Rechecked, Returned},
	},
	{
		Kind: Exempt, Chinese: "报备不计", To: Exempted, Roles: office, Note: true, people: two,
		From: []State{Suspected, Verifying, Confirmed, Sent, Fixing, Returned},
	},
	{Kind: Reopen, Chinese: "恢复", From: []State{Unfounded, Exempted, Cleared}, Roles: deciding, Note: true},

	{Kind: Approve, Chinese: "同意", Roles: deciding},
	{Kind: Decline, Chinese: "不同意", Roles: office},
	{Kind: Publish, Chinese: "公开方式", Roles: office, Note: true},
	{Kind: Extend, Chinese: "延期", From: append([]State{Verifying}, underway...), Roles: deciding, Note: true, Due: true},
	{Kind: Urge, Chinese: "催办", From: append([]State{Verifying}, underway...), Roles: office},
	{
		Kind: Object, Chinese: "异议（情况说明）", Roles: unitSide, Note: true,
		From: []State{Confirmed, Sent, Fixing, Reported, Rechecked, Returned},
	},
	{
		Kind: Uphold, Chinese: "维持认定", Roles: deciding, Note: true,
		From: []State{Confirmed, Sent, Fixing, Reported, Rechecked, Returned},
	},
	{Kind: Note, Chinese: "备注", Roles: append([]Role{System, Unit}, office...), Note: true},
}

// Moves returns the table of what may happen, for screens and documents.
func Moves() []Move { return slices.Clone(moves) }

// moveOf returns the table's line of a kind.
func moveOf(k Kind) (Move, bool) {
	i := slices.IndexFunc(moves, func(m Move) bool { return m.Kind == k })
	if i < 0 {
		return Move{}, false
	}
	return moves[i], true
}

// Chinese is what people call a kind of event, "" for one that there is not.
func (k Kind) Chinese() string {
	m, _ := moveOf(k)
	return m.Chinese
}

// meanwhile lists what may still happen while a decision waits for its second
// person.
var meanwhile = []Kind{Approve, Decline, Raise, Reply, Standing, Object, Uphold, Note}

// ends reports whether nothing more is to be done about a state.
func (s State) ends() bool { return s == Cleared || s == Unfounded || s == Exempted }
