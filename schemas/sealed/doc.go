// Package sealed is the text inside of an encrypted export of secrets: JSON Lines, the first of which says
// what the file is, the last how many records it has, and how many it was to have. It knows nothing of encryption, and is the one codec
// that writes a secret out: whatever it writes must go straight into an encrypted stream.
//
//	{"start":{"format":"pamsync-secrets","version":1,…}}
//	{"kind":"credential","id":"12","username":"root","password":"…",…}
//	{"sealed":"YWdlLWVuY3J5cHRpb24…"}    one such line, encrypted by itself to the same recipients
//	{"end":{"records":2,"chosen":3,"failed":1,"by":"all"}}
package sealed

// Format is the format that the first line names.
const Format = "pamsync-secrets"
