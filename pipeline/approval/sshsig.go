package approval

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/pem"
	"errors"

	"golang.org/x/crypto/ssh"
)

// Namespaces keep a signature of one thing from being one of anything else that is signed by the
// same key: Namespace is of plans, ExportNamespace of the sums of an export.
const (
	Namespace       = "pamsync-plan"
	ExportNamespace = "pamsync-export"
)

const pemType = "SSH SIGNATURE"

// envelope is the blob of OpenSSH's PROTOCOL.sshsig.
type envelope struct {
	Magic     [6]byte
	Version   uint32
	PublicKey []byte
	Namespace string
	Reserved  string
	Hash      string
	Signature []byte
}

// signed is what the key signs in the message's place.
type signed struct {
	Magic     [6]byte
	Namespace string
	Reserved  string
	Hash      string
	Sum       []byte
}

var magic = [6]byte{'S', 'S', 'H', 'S', 'I', 'G'}

// Sign signs the statement of an approval.
func (k *Key) Sign(message []byte) ([]byte, error) { return k.SignIn(Namespace, message) }

// SignIn signs a message in a namespace, and makes sure that the signature is one: what an agent
// answers is not taken on trust.
func (k *Key) SignIn(namespace string, message []byte) ([]byte, error) {
	signer, ok := k.signer.(ssh.AlgorithmSigner)
	if !ok {
		return nil, refuse("key_type", "type", k.signer.PublicKey().Type())
	}
	algorithm := ""
	if k.signer.PublicKey().Type() == ssh.KeyAlgoRSA {
		algorithm = ssh.KeyAlgoRSASHA512 // plain ssh-rsa is SHA-1
	}
	sum := sha512.Sum512(message)
	signature, err := signer.SignWithAlgorithm(rand.Reader, ssh.Marshal(signed{magic, namespace, "", "sha512", sum[:]}), algorithm)
	if err != nil {
		return nil, refuse("key_refused", "key", k.Fingerprint(), "cause", err.Error())
	}
	blob := ssh.Marshal(envelope{magic, 1, k.signer.PublicKey().Marshal(), namespace, "", "sha512", ssh.Marshal(signature)})
	armored := pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: blob})
	if _, err := verify(namespace, message, armored); err != nil {
		return nil, refuse("key_refused", "key", k.Fingerprint(), "cause", "signature_false")
	}
	return armored, nil
}

// verify gives the key that made an armored signature of the message; whose it is, is not asked
// here.
func verify(namespace string, message, armored []byte) (ssh.PublicKey, error) {
	e, err := open(armored)
	if err != nil {
		return nil, refuse("approval_signature", "cause", err.Error())
	}
	if e.Namespace != namespace {
		return nil, refuse("approval_signature", "why", "namespace", "namespace", e.Namespace, "wanted", namespace)
	}
	var sum []byte
	switch e.Hash {
	case "sha512":
		s := sha512.Sum512(message)
		sum = s[:]
	case "sha256":
		s := sha256.Sum256(message)
		sum = s[:]
	default:
		return nil, refuse("approval_signature", "cause", "signature_hash")
	}
	key, err := ssh.ParsePublicKey(e.PublicKey)
	if err != nil {
		return nil, refuse("approval_signature", "cause", "signature_key")
	}
	if err := acceptable(key); err != nil {
		return nil, err
	}
	var signature ssh.Signature
	if err := ssh.Unmarshal(e.Signature, &signature); err != nil || signature.Format == ssh.KeyAlgoRSA {
		return nil, refuse("approval_signature", "cause", "signature_format")
	}
	if err := key.Verify(ssh.Marshal(signed{magic, e.Namespace, e.Reserved, e.Hash, sum}), &signature); err != nil {
		return nil, refuse("approval_edited")
	}
	return key, nil
}

// Verify gives the fingerprint of the key that made an armored signature of a message in a namespace;
// whose it is, Signers tell.
func Verify(namespace string, message, armored []byte) (fingerprint string, err error) {
	key, err := verify(namespace, message, armored)
	if err != nil {
		return "", err
	}
	return ssh.FingerprintSHA256(key), nil
}

// open reads the envelope; nothing but blanks may stand around it. Its errors are codes.
func open(armored []byte) (envelope, error) {
	var e envelope
	block, rest := pem.Decode(armored)
	switch {
	case block == nil || block.Type != pemType || len(block.Headers) > 0:
		return e, errors.New("signature_none")
	case len(bytes.TrimSpace(rest)) > 0 || !bytes.HasPrefix(armored, []byte("-----BEGIN ")):
		return e, errors.New("signature_more")
	}
	if err := ssh.Unmarshal(block.Bytes, &e); err != nil || e.Magic != magic {
		return e, errors.New("signature_none")
	}
	if e.Version != 1 {
		return e, errors.New("signature_version")
	}
	return e, nil
}
