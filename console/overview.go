package console

import (
	"net/http"

	"xuncha/people"
)

var overviewRoutes = []Route{
	{"GET", "/{$}", people.See, (*Console).overview},
}

// overview is the first page: how things stand in one sentence, and what needs
// somebody today.
func (c *Console) overview(w http.ResponseWriter, q *request) error {
	return c.render(w, q, http.StatusOK, "overview", q.board)
}
