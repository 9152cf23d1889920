package jobs

import (
	"context"
	"io"
	"net"
	"os"
	"runtime"
	"strings"

	"pamsync/pipeline/approval"
	"pamsync/schemas"
)

// KeyPassphrase finds the passphrase of a private key: in the file that the environment names,
// else asked unseen, where ask is given; it is never a flag.
func KeyPassphrase(ctx context.Context, getenv func(string) string, ask func(context.Context) (string, error), warn func(schemas.Problem)) (schemas.Secret, error) {
	if path := getenv("PAMSYNC_KEY_PASSPHRASE_FILE"); path != "" {
		return passwordFile(path, "key_passphrase_file", warn)
	}
	if ask == nil {
		return schemas.Secret{}, schemas.NewFault(schemas.ClassUsage, "key_locked")
	}
	text, err := ask(ctx)
	switch {
	case ctx.Err() != nil:
		return schemas.Secret{}, schemas.NewFault(schemas.ClassInterrupted, "interrupted_asking").Because(context.Cause(ctx))
	case err != nil || text == "":
		return schemas.Secret{}, schemas.NewFault(schemas.ClassUsage, "key_locked")
	}
	return schemas.NewSecret(text), nil
}

// approvalKey finds the key to sign with: a private key's file, or a key of the agent. done
// lets the agent go.
func (e *Env) approvalKey(ctx context.Context, signers *approval.Signers, o ApproveOptions) (key *approval.Key, done func(), err error) {
	if o.Key == "" {
		return e.agentKey(signers, "", o)
	}
	data, err := e.keyData(o.Key)
	if err != nil {
		return nil, nil, err
	}
	if fingerprint, ok := approval.PublicOnly(data); ok {
		return e.agentKey(signers, fingerprint, o)
	}
	if err := e.judgeKeyFile(o.Key); err != nil {
		return nil, nil, err
	}
	key, err = approval.ReadKey(data, func() (string, error) {
		secret, err := o.Passphrase(ctx)
		return secret.Reveal(), err
	})
	if err != nil {
		return nil, nil, keyFault(err, o.Key)
	}
	return key, func() {}, nil
}

// agentKey finds a key in the agent: the one of a fingerprint, else the only one that may
// approve, for the person asked for where one is.
func (e *Env) agentKey(signers *approval.Signers, fingerprint string, o ApproveOptions) (*approval.Key, func(), error) {
	conn, err := dialAgent(o.Agent)
	if err != nil {
		return nil, nil, err
	}
	done := func() { conn.Close() }
	keys, err := approval.AgentKeys(conn)
	if err != nil {
		done()
		return nil, nil, keyFault(err, "")
	}
	var fit []*approval.Key
	var names []string
	for _, key := range keys {
		if fits(key.Fingerprint(), fingerprint, signers, o.As) {
			fit, names = append(fit, key), append(names, key.Fingerprint())
		}
	}
	if len(fit) == 1 {
		return fit[0], done, nil
	}
	done()
	switch {
	case len(fit) > 1:
		return nil, nil, schemas.NewFault(schemas.ClassUsage, "agent_choice", "keys", strings.Join(names, ", "))
	case fingerprint != "":
		return nil, nil, schemas.NewFault(schemas.ClassUsage, "agent_without", "key", fingerprint)
	}
	return nil, nil, schemas.NewFault(schemas.ClassUsage, "agent_no_key")
}

// fits tells a key that was asked for: by its fingerprint, else by whom it stands for.
func fits(key, wanted string, signers *approval.Signers, person string) bool {
	if wanted != "" || signers == nil {
		return wanted == "" || key == wanted
	}
	for _, one := range signers.People(key) {
		if person == "" || person == one {
			return true
		}
	}
	return false
}

// windowsAgent is where OpenSSH's agent listens on Windows.
const windowsAgent = `\\.\pipe\openssh-ssh-agent`

// dialAgent opens the way to the ssh-agent: a socket, or on Windows a pipe, which is opened as a
// file is.
func dialAgent(socket string) (io.ReadWriteCloser, error) {
	if socket == "" && runtime.GOOS == "windows" {
		socket = windowsAgent
	}
	if socket == "" {
		return nil, schemas.NewFault(schemas.ClassUsage, "agent_none")
	}
	var conn io.ReadWriteCloser
	var err error
	if strings.HasPrefix(socket, `\\`) {
		conn, err = os.OpenFile(socket, os.O_RDWR, 0)
	} else {
		conn, err = net.Dial("unix", socket)
	}
	if err != nil {
		return nil, schemas.NewFault(schemas.ClassUsage, "agent_failed").Because(rootCause(err))
	}
	return conn, nil
}
