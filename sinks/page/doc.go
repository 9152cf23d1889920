// Package page writes a plan and a run's results as one HTML file for people: an approver reads
// it without network, without a server, by keyboard or on paper, in either language.
//
// The file is a head of sums, blocks of rows and one script, which draws them. Everything from
// outside travels as JSON and becomes text nodes; a policy in the file stops whatever else might
// try to run or to be loaded. The same rows stand in a plain table for readers without script.
package page
