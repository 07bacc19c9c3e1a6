package inventory

import "slices"

// Unit returns the unit with an ID; ok is false if there is none.
func (c *City) Unit(id string) (u Unit, ok bool) {
	return find(c.Units, func(u Unit) bool { return u.ID == id })
}

// Carrier returns the carrier with an ID; ok is false if there is none.
func (c *City) Carrier(id string) (carrier Carrier, ok bool) {
	return find(c.Carriers, func(x Carrier) bool { return x.ID == id })
}

// Platform returns what is known of a platform; ok is false where that is nothing.
func (c *City) Platform(id Platform) (p PlatformProfile, ok bool) {
	return find(c.Platforms, func(p PlatformProfile) bool { return p.ID == id })
}

// Account returns the account with a 新媒体标识码; ok is false if there is none.
func (c *City) Account(code string) (acc Account, ok bool) {
	return find(c.Accounts, func(x Account) bool { return x.Code == code })
}

// Sites returns the carriers that are counted in 普查范围, by ID.
func (c *City) Sites() []Carrier {
	var sites []Carrier
	for _, x := range c.Carriers {
		if x.Kind == Site {
			sites = append(sites, x)
		}
	}
	return sites
}

// Match returns a test of subject IDs against a glob, in which * stands for any
// characters, "/" included, and ? for one. Anything else stands for itself.
func Match(glob string) func(id string) bool {
	pattern := []rune(glob)
	return func(id string) bool { return match(pattern, []rune(id)) }
}

// match compares without recursion: on a mismatch the last star takes one
// character more.
func match(pattern, text []rune) bool {
	p, t, star, taken := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, taken = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p, t = p+1, t+1
		case star >= 0:
			taken++
			p, t = star+1, taken
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// find returns the first value of a list that a test accepts.
func find[T any](list []T, test func(T) bool) (value T, ok bool) {
	if i := slices.IndexFunc(list, test); i >= 0 {
		return list[i], true
	}
	return value, false
}
