// Package configs holds what the program is shipped with: the cities demo and
// yangquan, the CMS profiles, the platforms of accounts and the rule sets they
// share, and the dictionary of what columns of a class are called.
//
// It is data. A city is read by package inventory, a rule set by package rules;
// a folder on disk in the same form takes the place of one of these.
package configs

import "embed"

// FS is this folder. The folders at its top are cms, platforms, rulesets and one for each
// city; classes.yaml stands beside them.
//
//go:embed cms platforms rulesets demo yangquan classes.yaml
var FS embed.FS
