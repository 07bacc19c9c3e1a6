package simcity

import (
	"maps"
	"slices"
	"sync/atomic"
)

// A night is a host as it is on one day.
type night struct {
	day  day
	host *host
}

// on returns the host as it is on a day. A host without events is always
// itself; of the others the last day asked for is kept.
func (h *host) on(d day) *host {
	if len(h.events) == 0 {
		return h
	}
	if n := h.tonight.Load(); n != nil && n.day == d {
		return n.host
	}
	n := &night{d, h.changed(d)}
	h.tonight.Store(n)
	return n.host
}

// watch gives a host the events that touch it or anything on it.
func (h *host) watch(events []*event) {
	for _, e := range events {
		touched := e.whole(h.name) || e.touches(h.id)
		for _, l := range h.lists {
			touched = touched || e.touches(l.id)
		}
		for _, a := range h.posters() {
			touched = touched || e.touches(a.ID())
		}
		if touched && e.kind != "publishes" {
			h.events = append(h.events, e)
		}
	}
	h.tonight = &atomic.Pointer[night]{}
}

// changed copies the host and lets every event of the day happen to the copy.
func (h *host) changed(d day) *host {
	v := *h
	v.events, v.lists, v.moved = nil, nil, map[string]string{}
	parts := map[*list]*list{}
	for _, l := range h.lists {
		c := *l
		v.lists = append(v.lists, &c)
		parts[l] = &c
	}
	if h.section != nil {
		s := *h.section
		s.parts = nil
		for _, part := range h.section.parts {
			s.parts = append(s.parts, parts[part])
		}
		v.section = &s
	}
	v.feeds, v.accounts = copied(h.feeds), copied(h.accounts)
	for _, e := range h.events {
		if e.on(d) {
			v.happen(e, d)
		}
	}
	v.byPath, v.byDir = map[string]*list{}, map[string]*list{}
	for _, l := range v.lists {
		v.byPath[l.path], v.byDir[l.dir] = l, l
	}
	return &v
}

// copied copies accounts.
func copied(all map[string]*account) map[string]*account {
	out := make(map[string]*account, len(all))
	for at, a := range all {
		c := *a
		out[at] = &c
	}
	return out
}

// posters are the accounts that are seen on the host.
func (h *host) posters() []*account {
	return slices.AppendSeq(slices.Collect(maps.Values(h.feeds)), maps.Values(h.accounts))
}

// happen lets an event happen to the host on a day.
func (h *host) happen(e *event, d day) {
	switch e.kind {
	case "redesign":
		h.redesign(e)
	case "fails":
		h.fail(e)
	case "renames", "closes":
		h.change(e)
	case "charset":
		h.recode(e.what)
	case "script":
		for _, l := range h.touched(e) {
			l.fault = faultRendered
			if e.what == "never" {
				l.fault = faultScript
			}
		}
	case "dates", "rows":
		h.look.today = h.look.today || e.what == "head"
		h.look.hot = h.look.hot || e.what == "hot"
		for _, l := range h.touched(e) {
			l.quirks.add(e, d)
		}
	}
}

// touched returns the lists that an event touches.
func (h *host) touched(e *event) []*list {
	if e.whole(h.name) {
		return h.lists
	}
	var out []*list
	for _, l := range h.lists {
		if e.touches(l.id) {
			out = append(out, l)
		}
	}
	return out
}

// fail makes the host, or some of its pages, unreadable.
func (h *host) fail(e *event) {
	f := fault(e.what)
	if e.whole(h.name) && wide(f) {
		h.everywhere = f
		return
	}
	if e.touches(h.id) {
		h.fault = f
	}
	for _, l := range h.touched(e) {
		l.fault = f
	}
	for _, a := range h.posters() {
		if e.whole(h.name) || e.touches(a.ID()) {
			a.fault = f
		}
	}
}

// change gives accounts another name, or closes them.
func (h *host) change(e *event) {
	for _, a := range h.posters() {
		switch {
		case !e.touches(a.ID()):
		case e.kind == "renames":
			a.shown = e.what
		default:
			a.closed, a.closedOn = fault(e.what), e.from
		}
	}
}

// recode makes what the host says of its encoding wrong.
func (h *host) recode(what string) {
	h.look.charset, h.look.says = gbkUnsaid, utf8Header
	if what == "utf-8-as-gbk" {
		h.look.charset, h.look.says = utf8Header, gbkMeta
	}
}

// redesign gives the host's lists another look, another system, or other
// addresses besides.
func (h *host) redesign(e *event) {
	h.redesigned = e.what + " " + h.name + " " + string(factOf(e.from))
	if e.what == "cms" {
		h.skin = skinNamed(e.as)
		h.look.charset = h.skin.charsets[0]
		return
	}
	s := *h.skin
	f := newFrames()[e.as]
	s.list, s.size = f.frame, f.size
	h.skin = &s
	if e.what == "markup" {
		return
	}
	for _, l := range h.lists {
		if h.section != nil && slices.Contains(h.section.parts, l) {
			continue
		}
		was := l.path
		l.path = s.first("/channels" + l.dir)
		l.dir = s.dir(l.path)
		h.moved[was] = l.path
		h.oldStatus = e.old
	}
}
