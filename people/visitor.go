package people

import "net/http"

// A Visitors gate lets everybody in as the demonstration's guest, who may look at
// all of it, try what changes nothing, and do nothing else.
type Visitors struct{}

// User returns the guest.
func (Visitors) User(*http.Request) User {
	return User{Name: "visitor", FullName: "访客", Roles: []Role{Viewer}, Visitor: true}
}
