package approval

import (
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// Rules are what an approval must fit to count.
type Rules struct {
	Subject Subject  // the plan at hand
	Signers *Signers // nil where nobody is named who may: then only the signature is checked
	MaxAge  time.Duration
	At      time.Time // when the plan is applied
	Applier string    // the person who applies it; "" where that is not asked
}

// skew is how far the approver's clock may be ahead.
const skew = 5 * time.Minute

// Check reads an approval and its signature, and refuses it where a rule is broken. The
// statement is returned with a refusal too, where it could be read.
func Check(text, signature []byte, r Rules) (Statement, error) {
	s, err := Parse(text)
	if err != nil {
		return s, err
	}
	key, err := verify(Namespace, text, signature)
	if err != nil {
		return s, err
	}
	if fingerprint := ssh.FingerprintSHA256(key); fingerprint != s.Key {
		return s, refuse("approval_other_key", "key", fingerprint, "said", s.Key)
	}
	return s, r.Judge(s)
}

// Judge holds a statement against the rules, its signature aside.
func (r Rules) Judge(s Statement) error {
	if field, said, planned, differs := s.Subject.Differs(r.Subject); differs {
		return refuse("approval_other_plan", "field", field, "said", said, "planned", planned)
	}
	if err := r.inTime(s); err != nil {
		return err
	}
	people := []string{s.Principal}
	if r.Signers != nil {
		if err := r.Signers.allows(Namespace, s.Key, s.Principal, s.Approved, r.At); err != nil {
			return err
		}
		people = r.Signers.People(s.Key) // under whatever name: one key is one pair of eyes
	}
	for _, person := range people {
		if SamePerson(person, s.By) {
			return refuse("approval_self", "principal", person, "by", s.By)
		}
		if SamePerson(person, r.Applier) {
			return refuse("approval_self", "why", "applies", "principal", person, "by", r.Applier)
		}
	}
	return nil
}

func (r Rules) inTime(s Statement) error {
	day := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	switch {
	case s.Approved.After(r.At.Add(skew)):
		return refuse("approval_future", "approved", day(s.Approved), "now", day(r.At))
	case !r.At.Before(s.Expires):
		return refuse("approval_expired", "expires", day(s.Expires))
	case r.MaxAge > 0 && s.Expires.Sub(s.Approved) > r.MaxAge:
		return refuse("approval_too_long", "approved", day(s.Approved), "expires", day(s.Expires), "max", r.MaxAge.String())
	}
	return nil
}

// SamePerson compares names without case and without what follows an @ or stands before a \,
// for one person is ana here and ana@example.com or CORP\ana there. An empty name is nobody's.
func SamePerson(a, b string) bool {
	bare := func(name string) string {
		name, _, _ = strings.Cut(strings.TrimSpace(name), "@")
		return name[strings.LastIndexByte(name, '\\')+1:]
	}
	return bare(a) != "" && strings.EqualFold(bare(a), bare(b))
}
