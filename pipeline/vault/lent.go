package vault

import (
	"context"

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
// answer that names the record; Sent is what the vault may repeat and nobody else, Known what may be told again.
type LentCall struct {
	Method, Path string // Path is without the prefix; one that holds it starts with "//"
	Body         []byte
	Payload      string
	Sent         []schemas.Secret
	Known        []string // what the call has beside secrets
}

// Call makes a call. body is the whole answer of the vault and may hold secrets; unknown tells a path
// that the vault does not have, so that nothing was processed. A call whose answer was lost is in doubt:
// whether it may be made again is for the caller to know.
func (l *Lent) Call(ctx context.Context, call LentCall) (answer schemas.Answer, body []byte, unknown bool) {
	return l.c.call(ctx, request{method: call.Method, path: call.Path, body: call.Body, table: l.table}, meaning{payload: call.Payload, sent: call.Sent, known: call.Known, gives: true})
}

// unsaidOf is what the vault says beside a record with secrets, without the texts of that, in whatever way it
// writes them.
func unsaidOf(message string, record []byte) string {
	return without(message, plainOf(textsIn(record)))
}

// leastSecret is the length from which on a text of an answer can be one: shorter ones are words of the message.
const leastSecret = 5

// textsIn are the texts of a record's members: nobody can say which of them is a secret.
func textsIn(record []byte) []schemas.Secret {
	var texts []schemas.Secret
	for _, value := range scan.Members(record) {
		if text, ok := scan.Text(value); ok && len(text) >= leastSecret {
			texts = append(texts, schemas.NewSecret(string(text)))
		}
	}
	return texts
}

// Prefix is the way that the vault is asked on, "/api" or "/iso", once a token was had.
func (l *Lent) Prefix(ctx context.Context) (string, error) {
	_, prefix, err := l.c.tokens.get(ctx)
	return prefix, err
}
