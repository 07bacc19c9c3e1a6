// Package people knows who works with the program and what each may do: users
// with their roles and the unit they belong to, passwords, sessions, tokens of
// programs, and the log of what was done.
//
// A role is a set of rights, a scope says over which units. Both are asked in one
// place: [User.May] of the route, [User.Sees] of the object. Whoever serves
// something asks both.
package people

import "slices"

// A Role is what somebody may be. A user may have several.
type Role string

// The roles.
const (
	Admin      Role = "admin"      // 管理员: users, configuration of the program; decides nothing about findings
	Handler    Role = "经办"         // of the office: proposes
	Reviewer   Role = "审核"         // of the office: agrees
	Signer     Role = "签发"         // of the office: signs notices
	Supervisor Role = "supervisor" // 县级主管: the office's view of the units at and below one
	Operator   Role = "operator"   // 运维: configuration of sites, columns, accounts and recipes; rounds
	Clerk      Role = "clerk"      // 单位联络员: their own unit
	Viewer     Role = "viewer"     // 只读
)

// Roles are all roles, the strongest first.
func Roles() []Role {
	return []Role{Admin, Signer, Reviewer, Handler, Supervisor, Operator, Clerk, Viewer}
}

// A Right is one sort of thing to do.
type Right string

// The rights.
const (
	See        Right = "see"        // look at what is in one's scope
	Reply      Right = "reply"      // answer for a unit: replies, reports, attestations, links
	Propose    Right = "propose"    // confirm, reject, send, re-check, registers, drafts of notices
	Review     Right = "review"     // be the second of two people
	Sign       Right = "sign"       // issue a final notice
	Patrol     Right = "patrol"     // start and stop rounds, look again
	TryOut     Right = "try"        // try a recipe; nothing is kept
	Tune       Right = "tune"       // change sites, columns, accounts and recipes
	Administer Right = "administer" // users, tokens, channels, the log, backups
	Oversee    Right = "oversee"    // see the state of the program itself
)

// Rights are all rights.
func Rights() []Right {
	return []Right{See, Reply, Propose, Review, Sign, Patrol, TryOut, Tune, Administer, Oversee}
}

// rights says what each role may do.
var rights = map[Role][]Right{
	Admin:      {See, Patrol, Administer, Oversee, TryOut},
	Handler:    {See, Reply, Propose, Patrol, TryOut, Oversee},
	Reviewer:   {See, Reply, Propose, Review, Patrol, TryOut, Oversee},
	Signer:     {See, Reply, Propose, Review, Sign, Patrol, TryOut, Oversee},
	Supervisor: {See, Reply},
	Operator:   {See, Patrol, TryOut, Tune, Oversee},
	Clerk:      {See, Reply},
	Viewer:     {See},
}

// A User is one person, or a program by its token. The zero User is nobody and
// may do nothing.
type User struct {
	Name     string // to log in with; "" for nobody
	FullName string // as it stands in the history of findings
	Roles    []Role
	Unit     string // ID of the scope of a Supervisor or Clerk
	Lang     string // "zh" or "en", "" for what the browser asks for
	Disabled bool

	// Formerly are the full names under which the user stands in older entries of
	// that history.
	Formerly []string

	// Via is the name of the token of a program that acts for the user, "" for the
	// user in person. Scope limits it to some of the user's rights; nil for people.
	Via   string
	Scope []Right

	// Visitor marks the demonstration's guest, who may try what changes nothing.
	Visitor bool
}

// May reports whether a user has a right at all; over which units is Sees.
func (u User) May(r Right) bool {
	if u.Name == "" || u.Disabled || u.Scope != nil && !slices.Contains(u.Scope, r) {
		return false
	}
	if u.Visitor && (r == TryOut || r == Oversee) {
		return true
	}
	return slices.ContainsFunc(u.Roles, func(role Role) bool { return slices.Contains(rights[role], r) })
}

// Everywhere reports whether a user's scope is the whole city.
func (u User) Everywhere() bool {
	return slices.ContainsFunc(u.Roles, func(r Role) bool { return r != Supervisor && r != Clerk })
}

// Sees reports whether a unit lies in a user's scope. below reports whether one
// unit is another or stands below it. What belongs to no unit is seen by those who
// see everything.
func (u User) Sees(unit string, below func(unit, superior string) bool) bool {
	switch {
	case u.Name == "" || u.Disabled:
		return false
	case u.Everywhere():
		return true
	case u.Unit == "" || unit == "":
		return false
	case slices.Contains(u.Roles, Supervisor):
		return below(unit, u.Unit)
	}
	return unit == u.Unit
}
