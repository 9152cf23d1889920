// Package page writes a plan and a run's results as one HTML file for people: an approver reads
// it without network, without a server, by keyboard or on paper, in either language.
package page
