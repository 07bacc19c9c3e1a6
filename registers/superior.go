package registers

import "xuncha/inventory"

// Entries returns what other bodies found as the registers of a configuration
// would hold it. What stands in both, or comes from two bodies, is one fact with
// several sources: rules count it once.
func Entries(rows []Row) []inventory.Entry {
	entries := make([]inventory.Entry, 0, len(rows))
	for _, r := range rows {
		v := r.Values
		entries = append(entries, inventory.Entry{
			Subject: v["subject"], Indicator: v["indicator"], Source: v["source"], Body: v["body"],
			Date: r.Day("date"), Text: v["text"], Inferred: v["inferred"] == "是",
		})
	}
	return entries
}
