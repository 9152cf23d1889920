package jobs

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"strings"
	"time"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
)

// ownCertificate says what is to be known of the certificate that we show, if there is one.
func (d *doctor) ownCertificate(w *vault.Way) {
	c := w.Own
	if c == nil {
		return
	}
	left := c.Until.Sub(d.e.Now())
	args := certificateArgs(c)
	args["days"] = count(int(math.Floor(left.Hours() / 24)))
	switch {
	case left < 0:
		d.caution("certificate", schemas.Problem{Code: "doctor_own_cert_over", Args: args})
	case left < certificateSoon:
		d.caution("certificate", schemas.Problem{Code: "doctor_own_cert_soon", Args: args})
	default:
		d.add(Check{Check: "certificate", Status: CheckOK, Code: "doctor_own_cert", Args: args})
	}
}

// generation asks for API v2, and says after what this vault's answers look like, and whether they
// look as they did.
func (d *doctor) generation(ctx context.Context, c *vault.Client, w *vault.Way, shapes map[string]*schemas.Shape) {
	v2 := d.v2(ctx, c)
	if ctx.Err() != nil {
		return
	}
	if v2 != nil {
		shapes["v2"] = v2
	}
	if len(shapes) == 0 {
		d.skip("devices", "generation", "shapes")
		return
	}
	name, marks := generationOf(w.Prefix, shapes)
	d.ok("generation", "doctor_generation", "generation", name, "marks", strings.Join(marks, ", "))
	d.shapes(filepath.Join(d.e.Config.State, vaultFolder(c.Identity())), c.Identity(), shapes)
}

// generationOf reads the version that answers look like off their marks (vault-api a.0, a.6, a.7).
// No answer names it.
func generationOf(prefix string, shapes map[string]*schemas.Shape) (name string, marks []string) {
	marks = append(marks, "/"+prefix)
	envelope := schemas.Keys{}
	for _, list := range []string{"sessions", "credentials", "devices"} {
		if shapes[list] != nil {
			envelope = shapes[list].Envelope
		}
	}
	mark := func(there bool, text string) bool {
		if there {
			marks = append(marks, text)
		}
		return there
	}
	code := mark(has(envelope, "code"), "code")
	tenant := mark(has(envelope, "tenant"), "tenant")
	detail := mark(has(envelope, "response.detail", "response.error_code"), "error_code, detail")
	if s := shapes["sessions"]; s != nil {
		mark(has(s.Record, "credencial", "dispositivo"), "credencial, dispositivo")
	}
	v2 := mark(shapes["v2"] != nil, "API v2")
	switch {
	case v2:
		return "≥ 4.2.2", marks
	case tenant, code && prefix == "api":
		return "≥ 3.33", marks
	case code, detail:
		return "3.30–3.32", marks
	}
	return "≤ 3.29", marks
}

// v2 asks for the first page of API v2, and returns how it looks, nil where there is none.
func (d *doctor) v2(ctx context.Context, c *vault.Client) *schemas.Shape {
	if d.e.Config.Vault.APIV2 == schemas.APIV2Off {
		d.pass("v2", "doctor_v2_off")
		return nil
	}
	page, err := c.V2().First(ctx)
	if ctx.Err() != nil {
		return nil
	}
	var fault *schemas.Fault
	switch {
	case errors.As(err, &fault) && fault.Problem.Code == "v2_none":
		d.pass("v2", "doctor_v2_none")
	case errors.As(err, &fault):
		fault.Problem.Args["why"] = "doctor"
		d.caution("v2", fault.Problem)
	case !page.More && page.Announced > page.Read:
		d.caution("v2", schemas.Problem{Code: "v2_short", Args: schemas.Pairs("announced", count(page.Announced), "read", count(page.Read))})
		return page.Shape
	default:
		announced := ""
		if page.Announced > page.Read {
			announced = count(page.Announced)
		}
		d.ok("v2", "doctor_v2", "read", count(page.Read), "announced", announced)
		return page.Shape
	}
	return nil
}

// recordedAt is the day of a recording.
func recordedAt(since string) string { return since[:min(len(since), len(time.DateOnly))] }
