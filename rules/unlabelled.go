package rules

import "xuncha/extract"

// unlabelled notes that neither a column's list nor its newest articles show a
// date of any kind: 未标注发布时间. That counts as not updated once a person has
// confirmed it, and makes no state before: the column stays unknown. It is only
// said while nothing else is known of the column and its newest look says it.
func (j *judge) unlabelled(r ColumnResult, t target, s sighting) {
	if r.State != Unknown || len(s.views) == 0 {
		return
	}
	v := s.views[len(s.views)-1]
	if !v.within || !v.Reading.Unlabelled || v.Reading.Reason != extract.ReasonUndated {
		return
	}
	for _, ind := range j.applicable(t, KindLabels) {
		j.findings.add(ind, Finding{Subject: r.Column.ID, Unit: r.Column.Unit, Since: extract.DayOf(v.At), Text: j.say(ind, 0)})
	}
}
