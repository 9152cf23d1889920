package jobs

import (
	"context"
	"fmt"
	"strings"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
	"pamsync/schemas/words"
)

// verify tries the answers on the vault until they work, or are to be saved all the same.
func (w *wizard) verify() error {
	for {
		fmt.Fprint(w.e.Stderr, words.Text(w.e.Lang, "init_verifying")+" ")
		devices, credentials, fault := w.try()
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if fault == nil {
			w.say("init_works", "devices", count(devices), "credentials", count(credentials))
			return nil
		}
		w.say("init_failed")
		w.complain(fault.Problem)
		again, err := w.choose()
		if err != nil || !again {
			return err
		}
		if err := w.askAgain(fault); err != nil {
			return err
		}
	}
}

// try goes to the vault once and counts what this authorisation may see.
func (w *wizard) try() (devices, credentials int, fault *schemas.Fault) {
	probe, err := vault.NewProbe(w.config, w.e.VaultOptions...)
	if err != nil {
		return 0, 0, faultOf(err)
	}
	if way := probe.Try(w.ctx); way.Failed != "" {
		return 0, 0, explained(&way)
	}
	r := probe.Client().Reader()
	d, err := r.Devices(w.ctx, func(*schemas.Device) error { return nil })
	if err != nil {
		return 0, 0, faultOf(err)
	}
	c, err := r.Credentials(w.ctx, func(*schemas.Credential) error { return nil })
	if err != nil {
		return 0, 0, faultOf(err)
	}
	return d.Read, c.Read, nil
}

// choose asks what to do about a connection that does not work.
func (w *wizard) choose() (again bool, err error) {
	for {
		fmt.Fprint(w.e.Stderr, words.Text(w.e.Lang, "init_choose"))
		answer, err := w.listen(func(context.Context) (string, error) { return readAnswer(w.e.Stdin) })
		if err != nil {
			return false, err
		}
		switch {
		case answer == "":
		case strings.HasPrefix(strings.ToLower(answer), "t"):
			return true, nil
		case strings.HasPrefix(strings.ToLower(answer), "s"):
			return false, nil
		case strings.HasPrefix(strings.ToLower(answer), "c"):
			return false, errCancelled
		}
	}
}

// askAgain asks for the answers that the fault puts in doubt, offering those given before.
func (w *wizard) askAgain(fault *schemas.Fault) error {
	switch fault.Problem.Code {
	case "client_refused":
		return w.askClient()
	case "tls_authority", "ca_unreadable", "ca_empty":
		answer, err := w.ask(words.Text(w.e.Lang, "init_ca"), "vault.ca_file", w.config.CAFile)
		w.config.CAFile = answer
		return err
	}
	if fault.Class == schemas.ClassRefused || fault.Class == schemas.ClassBusy {
		return nil // to be mended at the vault
	}
	return w.askURL()
}
