package vault

import (
	"encoding/json"
	"net/url"
	"strings"

	"pamsync/schemas"
)

// hide takes out of a text from outside what must not be said again (law 5): a server may repeat
// what it was sent. more is what this one call sent besides the client's secret and its token.
func (c *Client) hide(text string, more ...schemas.Secret) string {
	secrets := append(more, c.config.ClientSecret, c.config.OAuthToken, c.config.OAuthTokenSecret)
	secrets = append(secrets, c.proxy.hidden...)
	if c.config.Auth == schemas.AuthOAuth1Unsigned {
		secrets = append(secrets, schemas.NewSecret(c.config.ClientID)) // it opens the door together with the token
	}
	if token, ok := c.tokens.last.Load().(schemas.Secret); ok {
		secrets = append(secrets, token)
	}
	for _, secret := range secrets {
		if secret.Empty() {
			continue
		}
		plain := secret.Reveal()
		text = strings.NewReplacer(plain, "***", url.QueryEscape(plain), "***", url.PathEscape(plain), "***", inJSON(plain), "***").Replace(text)
	}
	return text
}

// inJSON is a text as it stands in the body of a call.
func inJSON(text string) string {
	quoted, _ := json.Marshal(text) // a text can always be written
	return string(quoted[1 : len(quoted)-1])
}
