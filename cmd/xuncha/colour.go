package main

import "io"

// colourful reports whether w shows colours: a terminal that can, whose user has
// not asked for none.
func colourful(w io.Writer, env func(string) string) bool {
	return isTerminal(w) && env("NO_COLOR") == "" && env("TERM") != "dumb"
}

// A colour is how a terminal shows a text.
type colour string

// The colours, by what they mean here.
const (
	strong colour = "1"
	good   colour = "32"
	doubt  colour = "33"
	bad    colour = "31"
	faint  colour = "2"
)

// paint colours a text where the output shows colours. The text must be safe.
func (a *app) paint(c colour, text string) string {
	if !a.colour || text == "" {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}
