package vault

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"pamsync/pipeline/vault/internal/lend"
	"pamsync/schemas"
	"pamsync/schemas/scan"
)

// Lent is a client's transport with the list of calls of a package below this one: the pace, the token
// and the rules of resending are the client's, what may be called is not.
type Lent struct {
	c     *Client
	table []lend.Route
}

// Lend gives the transport to a package that can name the key: to one below this one.
func (c *Client) Lend(_ lend.Key, table []lend.Route) *Lent { return &Lent{c, table} }

// LentCall is one call of a lent transport. Body is JSON, nil for none. Payload is the member of the
// answer that names the record; Sent is what the vault may repeat and nobody else.
type LentCall struct {
	Method, Path string // Path is without the prefix; one that holds it starts with "//"
	Body         []byte
	Payload      string
	Sent         []schemas.Secret
}

// Call makes a call. body is the whole answer of the vault and may hold secrets; unknown tells a path
// that the vault does not have, so that nothing was processed. A call whose answer was lost is in doubt:
// whether it may be made again is for the caller to know.
func (l *Lent) Call(ctx context.Context, call LentCall) (answer schemas.Answer, body []byte, unknown bool) {
	answer, body, unknown = l.c.call(ctx, request{method: call.Method, path: call.Path, body: call.Body, table: l.table}, meaning{payload: call.Payload, sent: call.Sent})
	answer.Message = unsaidOf(answer.Message, body, call.Payload)
	return answer, body, unknown
}

// anAddress is one within a text: such an answer's may let its reader in.
var anAddress = regexp.MustCompile(`(?i)\bhttps?:\\?/\\?/\S+`)

// unsaidOf is what the vault says of a call whose answers hold secrets, without those that stand in this answer and
// without addresses.
func unsaidOf(message string, body []byte, payload string) string {
	if message == "" {
		return ""
	}
	if raw, ok := scan.Get(body, payload); ok {
		for _, text := range textsIn(raw) {
			message = strings.ReplaceAll(message, text, "***")
		}
	}
	return anAddress.ReplaceAllString(message, "***")
}

// leastSecret is the length from which on a text of an answer can be one: shorter ones are words of the message.
const leastSecret = 5

// textsIn are the texts of a record's members, the longest first.
func textsIn(record []byte) []string {
	var texts []string
	for _, value := range scan.Members(record) {
		if text, ok := scan.Text(value); ok && len(text) >= leastSecret {
			texts = append(texts, string(text))
		}
	}
	slices.SortFunc(texts, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return texts
}

// Prefix is the way that the vault is asked on, "/api" or "/iso", once a token was had.
func (l *Lent) Prefix(ctx context.Context) (string, error) {
	_, prefix, err := l.c.tokens.get(ctx)
	return prefix, err
}
