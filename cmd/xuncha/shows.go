package main

import (
	"bytes"

	"xuncha/extract"
)

// shows reports whether a page holds an answer of a form, whatever its address.
func shows(f extract.PostForm, p extract.Page) bool {
	if len(f.Signs) == 0 && f.Island == "" || len(p.Body) == 0 {
		return false
	}
	for _, s := range f.Signs {
		if !bytes.Contains(p.Body, []byte(s)) {
			return false
		}
	}
	return f.Island == "" || bytes.Contains(p.Body, []byte(f.Island))
}
