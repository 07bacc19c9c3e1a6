package report

// Sentence says the state in Chinese, with the days that matter.
func (p Proof) Sentence() string { return p.sentence(chinese) }
