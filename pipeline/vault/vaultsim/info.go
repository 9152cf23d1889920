package vaultsim

import "net/http"

// Info is a stored piece of protected information.
type Info struct {
	ID           string `json:"id,omitempty"`
	Identifier   string `json:"identifier,omitempty"`
	Name         string `json:"name,omitempty"`
	Type         string `json:"type,omitempty"`
	Service      string `json:"service,omitempty"`
	URL          string `json:"url,omitempty"`
	UsersAllowed string `json:"users_allowed,omitempty"`
	Content      string `json:"content,omitempty"`
	Inactive     bool   `json:"inactive,omitempty"`
	Hidden       bool   `json:"hidden,omitempty"` // exists but is not found
}

func (v *Vault) info(c *call, path []string) answer {
	write := c.method != http.MethodGet
	switch {
	case c.is("GET", path, 1):
		return v.getInfo(path[0])
	case write && v.ReadOnly:
		return readOnly()
	case c.is("POST", path, 0):
		return v.postInfo(c)
	case c.is("DELETE", path, 1):
		return v.deleteInfo(path[0])
	}
	return v.notFound()
}

// findInfo resolves an id or identifier: of several with it the first active
// one, else the first. A hidden one is not found.
func (v *Vault) findInfo(ref string) *row[Info] {
	if r := v.store.infos.byID[ref]; r != nil && !r.p.Load().Hidden {
		return r
	}
	var first *row[Info]
	for _, r := range v.store.infos.rows {
		i := r.p.Load()
		if i.Hidden || i.Identifier == "" || !v.same(i.Identifier, ref) {
			continue
		}
		if !i.Inactive {
			return r
		}
		if first == nil {
			first = r
		}
	}
	return first
}

// usableInfo finds an active one, or refuses.
func (v *Vault) usableInfo(ref string) (*row[Info], answer) {
	r := v.findInfo(ref)
	switch {
	case r == nil:
		return nil, refuse(1023, "Information not found")
	case r.p.Load().Inactive:
		return nil, refuse(1024, "Inactive information")
	}
	return r, answer{}
}

func (v *Vault) getInfo(ref string) answer {
	v.mu.Lock()
	defer v.mu.Unlock()
	r, refusal := v.usableInfo(ref)
	if r == nil {
		return refusal
	}
	i := r.p.Load()
	return ok("Information %s", i.ID).with("info", object{{"id", i.ID},
		{"tag", nullable(i.Identifier)}, {"type", i.Type}, {"content", v.sealed(i.Content)}})
}

// postInfo creates a record each time, also for an identifier that is there
// already: no page documents an update. InfoUpserts makes it one.
func (v *Vault) postInfo(c *call) answer {
	if c.get("content") == "" {
		return refuse(1026, "The information content was not informed")
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	identifier := v.kept("info", "identifier", c.get("identifier"))
	text := "Information successfully registered!"
	var r *row[Info]
	if v.InfoUpserts && identifier != "" {
		r = v.findInfo(identifier)
	}
	if r == nil {
		r = v.putInfo(v.changedInfo(c, Info{Identifier: identifier}))
	} else {
		next := v.changedInfo(c, *r.p.Load())
		next.Inactive = next.Inactive && !v.PostReactivates
		r.p.Store(&next)
		text = "Information updated successfully!" // invented: no page has it
	}
	i := r.p.Load()
	if v.InfoEcho {
		return v.created(ok(text)).with("info", object{{"name", i.Name}, {"type", i.Type},
			{"service", i.Service}, {"url", i.URL}, {"content", i.Content},
			{"users_allowed", i.UsersAllowed}, {"identifier", i.Identifier}})
	}
	return v.created(ok(text)).with("info", object{{"id", i.ID}, {"tag", nullable(i.Identifier)}})
}

func (v *Vault) changedInfo(c *call, i Info) Info {
	v.take(c, "info", "name", &i.Name)
	v.take(c, "info", "type", &i.Type)
	v.take(c, "info", "service", &i.Service)
	v.take(c, "info", "url", &i.URL)
	v.take(c, "info", "users_allowed", &i.UsersAllowed)
	v.take(c, "info", "content", &i.Content)
	return i
}

func (v *Vault) deleteInfo(ref string) answer {
	v.mu.Lock()
	defer v.mu.Unlock()
	r, refusal := v.usableInfo(ref)
	if r == nil {
		return refusal
	}
	next := *r.p.Load()
	next.Inactive = true
	r.p.Store(&next)
	if v.era() == era323 {
		return ok("Information successfully deactivated")
	}
	return ok("Information successfully disabled")
}
