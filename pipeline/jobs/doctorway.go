package jobs

import (
	"math"
	"strconv"
	"strings"
	"time"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
)

// What doctor thinks too much: a certificate's last days, and a clock that is off.
const (
	certificateSoon = 30 * 24 * time.Hour
	clockWarn       = 30 * time.Second
	clockFail       = 5 * time.Minute
)

func count(n int) string { return strconv.Itoa(n) }

// way says what was found of the way to the vault, step by step.
func (d *doctor) way(w *vault.Way) {
	steps := []struct {
		step vault.Step
		say  func(*vault.Way)
	}{{vault.StepName, d.name}, {vault.StepNetwork, d.network}, {vault.StepTLS, d.tls}, {"clock", d.clock}, {vault.StepAPI, d.api}, {vault.StepToken, d.token}}
	failed := false
	for _, s := range steps {
		switch {
		case failed:
			d.skip(string(w.Failed), string(s.step))
		case s.step == w.Failed:
			failed = true
			d.fail(string(s.step), explained(w))
		default:
			s.say(w)
		}
	}
}

func (d *doctor) name(w *vault.Way) {
	switch {
	case w.Proxy != "":
		d.pass("name", "doctor_name_proxy", "proxy", w.Proxy)
	case w.Literal:
		d.ok("name", "doctor_name_literal", "host", w.Host)
	default:
		d.ok("name", "doctor_name", "host", w.Host, "addresses", strings.Join(w.Addresses, ", "))
	}
}

func (d *doctor) network(w *vault.Way) {
	took := strconv.FormatInt(w.Took.Milliseconds(), 10)
	if w.Proxy != "" {
		d.ok("network", "doctor_network_proxy", "proxy", w.Proxy, "address", w.Remote, "ms", took)
		return
	}
	d.ok("network", "doctor_network", "address", w.Remote, "ms", took)
}

func (d *doctor) tls(w *vault.Way) {
	c := w.Certificate
	if !w.Encrypted || c == nil {
		d.pass("tls", "doctor_tls_plain")
		return
	}
	args := certificateArgs(c)
	left := c.FirstUntil.Sub(d.e.Now())
	args["chain"], args["first"], args["until"] = strings.Join(c.Chain, " < "), c.First, c.FirstUntil.UTC().Format(time.DateOnly)
	trust := map[bool]string{true: "vault.fingerprint"}[w.Pinned]
	if trust == "" {
		trust = d.e.Config.Vault.CAFile
	}
	args["trust"] = trust
	args["days"] = count(int(math.Floor(left.Hours() / 24)))
	if left < certificateSoon {
		code := "doctor_tls_soon"
		if left < 0 { // a pinned one may be
			code = "doctor_tls_over"
		}
		d.caution("tls", schemas.Problem{Code: code, Args: args})
		return
	}
	d.add(Check{Check: "tls", Status: CheckOK, Code: "doctor_tls", Args: args})
}

func certificateArgs(c *vault.Certificate) schemas.Args {
	return schemas.Pairs("subject", c.Subject, "issuer", c.Issuer, "names", strings.Join(c.Names, ", "), "sha256", c.SHA256,
		"since", c.Since.UTC().Format(time.DateOnly), "until", c.Until.UTC().Format(time.DateOnly))
}

// explained is the fault of the way, with what a person needs to mend it.
func explained(w *vault.Way) *schemas.Fault {
	f := w.Fault
	switch {
	case f.Problem.Code == "proxy_password", f.Problem.Code == "proxy_variable":
		f.Problem.Args["proxy"] = w.Proxy
	case w.Failed == vault.StepNetwork && w.Proxy != "" && f.Class == schemas.ClassUnreachable:
		cause := f.Problem.Args["cause"]
		code := "doctor_proxy"
		if w.ProxySet {
			code = "doctor_proxy_set"
		}
		return schemas.NewFault(f.Class, code, "proxy", w.Proxy, "cause", cause)
	case w.Failed == vault.StepTLS && w.Certificate != nil:
		for name, value := range certificateArgs(w.Certificate) {
			f.Problem.Args[name] = value
		}
		f.Problem.Args["host"], f.Problem.Args["why"] = w.Host, "shown"
	case w.Other != "":
		own := map[string]string{"api": "iso", "iso": "api"}[w.Other]
		return schemas.NewFault(f.Class, "doctor_api_other", "vault", f.Problem.Args["vault"], "api", own, "other", w.Other)
	case w.Page:
		return schemas.NewFault(f.Class, "doctor_login_page", "vault", f.Problem.Args["vault"])
	}
	return f
}

func (d *doctor) clock(w *vault.Way) {
	if !w.Dated {
		d.pass("clock", "doctor_clock_untold")
		return
	}
	off := w.Clock.Abs()
	seconds := strconv.FormatFloat(math.Round(off.Seconds()), 'f', 0, 64)
	p := schemas.Problem{Code: "doctor_clock_behind", Args: schemas.Pairs("seconds", seconds)}
	if w.Clock < 0 {
		p.Code = "doctor_clock_ahead"
	}
	switch {
	case off > clockFail:
		d.fail("clock", &schemas.Fault{Class: schemas.ClassFailed, Problem: p})
	case off > clockWarn:
		d.caution("clock", p)
	default:
		d.ok("clock", "doctor_clock", "seconds", seconds)
	}
}

func (d *doctor) api(w *vault.Way) {
	if w.Anonymous {
		d.skip("configuration", "api")
		return
	}
	d.ok("api", "doctor_api", "prefix", w.Prefix, "api", d.e.Config.Vault.API, "server", w.Server)
}

func (d *doctor) token(w *vault.Way) {
	if w.Anonymous {
		d.skip("configuration", "token")
		return
	}
	code := "doctor_token"
	switch v := &d.e.Config.Vault; {
	case v.Auth == schemas.AuthOAuth1:
		d.ok("token", "doctor_token_oauth1")
		return
	case !v.CallsForToken():
		d.ok("token", "doctor_token_in_url")
		return
	case w.Life <= 0:
		d.ok("token", "doctor_token_untold")
		return
	case v.Auth == schemas.AuthBasic:
		code = "doctor_token_basic"
	}
	d.ok("token", code, "seconds", strconv.FormatInt(int64(w.Life/time.Second), 10))
}
