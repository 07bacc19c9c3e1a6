// Package configs holds what the program is shipped with: the cities demo and
// yangquan, the CMS profiles, the platforms of accounts and the rule sets they
// share, the templates of documents, and the dictionary of what columns of a class
// are called.
//
// It is data. A city is read by package inventory, a rule set by package rules;
// a folder on disk in the same form takes the place of one of these.
package configs

import "embed"

// FS is this folder. The folders at its top are cms, platforms, rulesets, templates and one for each
// city; classes.yaml stands beside them.
//
//go:embed cms platforms rulesets templates demo yangquan classes.yaml
var FS embed.FS
