package jobs

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"pamsync/schemas"
)

// MoreSecrets says where the configuration has those secrets of the vault from that not every one
// asks for.
type MoreSecrets struct {
	Token         SecretSource // of OAuth 1.0a
	TokenSecret   SecretSource
	ProxyPassword SecretSource
}

// VaultSecrets reads every secret that the configured way to the vault needs, and judges the file of
// its certificate's key. warn is told of files that others can read, and of keys that stand in an
// address. Its errors are faults of class config; on one, the secrets read so far are there.
func VaultSecrets(ctx context.Context, loaded *Loaded, v *schemas.VaultConfig, getenv func(string) string, warn func(schemas.Problem)) error {
	if v.NeedsSecret() {
		var err error
		if v.ClientSecret, err = ClientSecret(ctx, &loaded.Secret, getenv, warn); err != nil {
			return err
		}
	}
	more := &loaded.More
	for _, one := range []struct {
		wanted bool
		into   *schemas.Secret
		from   *SecretSource
		name   string // of the variable, without PAMSYNC_
		key    string // of the configuration
	}{
		{!v.CallsForToken(), &v.OAuthToken, &more.Token, "OAUTH_TOKEN", "vault.oauth_token"},
		{v.Auth == schemas.AuthOAuth1, &v.OAuthTokenSecret, &more.TokenSecret, "OAUTH_TOKEN_SECRET", "vault.oauth_token_secret"},
		{v.ProxyUser != "", &v.ProxyPassword, &more.ProxyPassword, "PROXY_PASSWORD", "vault.proxy_password"},
	} {
		if !one.wanted {
			continue
		}
		secret, err := moreSecret(ctx, one.from, "PAMSYNC_"+one.name, one.key, getenv, warn)
		if err != nil {
			return err
		}
		*one.into = secret
	}
	if v.Auth == schemas.AuthOAuth1Unsigned {
		warn(schemas.Problem{Code: "keys_in_url"})
	}
	return judgeKeyFile(v.ClientKeyFile, warn)
}

// moreSecret reads one of them: the variable beats its file, which beats the configuration.
func moreSecret(ctx context.Context, source *SecretSource, variable, key string, getenv func(string) string, warn func(schemas.Problem)) (schemas.Secret, error) {
	named := func(secret schemas.Secret, err error) (schemas.Secret, error) {
		var fault *schemas.Fault
		if errors.As(err, &fault) && (fault.Problem.Code == "secret_file" || fault.Problem.Code == "secret_command") {
			fault.Problem.Args["key"], fault.Problem.Args["why"] = key, "more"
		}
		return secret, err
	}
	switch path := getenv(variable + "_FILE"); {
	case getenv(variable) != "":
		return schemas.NewSecret(getenv(variable)), nil
	case path != "":
		return named(secretFile(path, warn))
	case source.File != "":
		return named(secretFile(source.File, warn))
	case source.Command != "":
		return named(secretCommand(ctx, source.Command))
	}
	return schemas.Secret{}, schemas.NewFault(schemas.ClassConfig, "no_secret_of", "key", key, "variable", variable)
}

// judgeKeyFile looks at who may touch the private key of our certificate.
func judgeKeyFile(path string, warn func(schemas.Problem)) error {
	if path == "" {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil {
		var pathErr *fs.PathError
		if errors.As(err, &pathErr) {
			err = pathErr.Err
		}
		return schemas.NewFault(schemas.ClassConfig, "client_cert_unreadable", "path", path).Because(err)
	}
	return judgeMode(info, path, warn)
}

// files are those that hold one of them.
func (m *MoreSecrets) files() []string {
	return []string{m.Token.File, m.TokenSecret.File, m.ProxyPassword.File}
}
