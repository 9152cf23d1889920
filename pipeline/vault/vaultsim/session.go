package vaultsim

import (
	"crypto/rand"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Session is a stored remote session; End "" means that it runs.
type Session struct {
	ID           string `json:"id,omitempty"`
	User         string `json:"user,omitempty"`
	OriginIP     string `json:"origin_ip,omitempty"`
	Credential   string `json:"credential,omitempty"`
	Device       string `json:"device,omitempty"` // "ip:port"
	Protocol     string `json:"protocol,omitempty"`
	Proxy        string `json:"proxy,omitempty"`
	SessionID    string `json:"session_id,omitempty"`
	Start        string `json:"start,omitempty"`
	End          string `json:"end,omitempty"`
	Time         string `json:"time,omitempty"`
	PreventPurge string `json:"prevent_purge,omitempty"`
	Request      string `json:"request,omitempty"`
	ITSM         string `json:"itsm,omitempty"`
}

func (v *Vault) session(c *call, name string, path []string) answer {
	sub := ""
	if len(path) > 0 {
		sub, path = path[0], path[1:]
	}
	switch {
	case name == "remote" && sub == "session" && c.is("POST", path, 0):
		return v.postRemote(c)
	case name == "session" && sub == "remotesessions" && c.is("GET", path, 0):
		return v.listSessions()
	case name == "session" && sub == "remotesessions" && c.is("GET", path, 1):
		return v.getSession(path[0])
	case name == "session" && sub == "drop" && c.is("DELETE", path, 1):
		return v.dropSession(path[0])
	}
	return v.notFound()
}

func (v *Vault) listSessions() answer {
	v.mu.Lock()
	rows := v.store.sessions.all()
	v.mu.Unlock()
	return v.listed("sessions", -1, func(yield func(object) bool) {
		for _, r := range rows {
			if !yield(v.sessionItem(*r.p.Load())) {
				return
			}
		}
		for s := range Sessions(v.ManySessions) {
			if !yield(v.sessionItem(v.ended(s))) {
				return
			}
		}
	})
}

// ended is a generated session as it is now: one that was dropped has an end.
func (v *Vault) ended(s Session) Session {
	if s.End != "" {
		return s
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if end, ok := v.store.dropped[s.ID]; ok {
		s.End, s.Time = end, lasted(s.Start, end)
	}
	return s
}

func (v *Vault) sessionItem(s Session) object {
	credential, device := "credential", "device"
	if v.PortugueseSessionKeys {
		credential, device = "credencial", "dispositivo"
	}
	o := object{{"id", s.ID}, {"user", s.User}, {"origin_ip", s.OriginIP}, {credential, s.Credential},
		{device, s.Device}, {"protocol", s.Protocol}, {"proxy", s.Proxy},
		{"session_id", s.SessionID}, {"start", s.Start}}
	switch {
	case s.End != "":
		o = append(o, member{"end", s.End}, member{"time", s.Time})
	case v.UnfinishedSession == "empty":
		o = append(o, member{"end", ""}, member{"time", ""})
	case v.UnfinishedSession != "omit":
		o = append(o, member{"end", nil}, member{"time", nil})
	}
	return append(o, member{"prevent_purge", s.PreventPurge},
		member{"request", nullable(s.Request)}, member{"ITSM", nullable(s.ITSM)})
}

// getSession answers an array of one: remote_session from 3.33 (D33),
// remote_sessions before.
func (v *Vault) getSession(ref string) answer {
	n, numeric := number(ref)
	if !numeric {
		return refuse(1003, "Unexpected identifier type")
	}
	v.mu.Lock()
	r := v.store.sessions.byID[ref]
	v.mu.Unlock()
	var s Session
	switch {
	case r != nil:
		s = *r.p.Load()
	case n <= v.ManySessions:
		s = v.ended(generated(n))
	default:
		return refuse(1002, "Session not found")
	}
	name := "remote_session"
	if v.era() < era333 {
		name = "remote_sessions"
	}
	return ok("").with(name, []object{v.sessionItem(s)})
}

// postRemote gives a URL; required parameters as in S23 and Sweb.
func (v *Vault) postRemote(c *call) answer {
	if v.ReadOnly {
		return readOnly()
	}
	user := "Username not specified"
	if v.era() < era333 {
		user = "User not specified"
	}
	for _, need := range [...][2]string{{"user", user}, {"credential", "Credential not specified"},
		{"device", "Credential device not specified"}, {"protocol", "Invalid protocol"}} {
		if c.get(need[0]) == "" {
			return answer{http: http.StatusBadRequest, format: need[1], legacy: true}
		}
	}
	a := ok("Session created successfully").with("session", object{
		{"session_url", "https://vault.invalid/modulos/auth?_sr=" + rand.Text()},
		{"token", strings.ToLower(rand.Text() + rand.Text())}})
	a.upper = v.era() >= era333
	return a
}

// dropSession ends a running session, named by session_id or id.
func (v *Vault) dropSession(ref string) answer {
	if v.ReadOnly {
		return readOnly()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, r := range v.store.sessions.rows {
		s := *r.p.Load()
		if s.End != "" || s.SessionID != ref && s.ID != ref {
			continue
		}
		s.End = v.stamp()
		s.Time = lasted(s.Start, s.End)
		r.p.Store(&s)
		return v.dropped()
	}
	for _, base := range []int{16, 10} { // of a generated one: its session_id, or its id
		n, err := strconv.ParseInt(ref, base, 64)
		if err != nil || n < 1 || n > int64(v.ManySessions) {
			continue
		}
		s := generated(int(n))
		if _, gone := v.store.dropped[s.ID]; s.End != "" || gone || s.SessionID != ref && s.ID != ref {
			continue
		}
		if v.store.dropped == nil {
			v.store.dropped = map[string]string{}
		}
		v.store.dropped[s.ID] = v.stamp()
		return v.dropped()
	}
	return answer{http: http.StatusInternalServerError, format: "An error occurred while droping session"}
}

// dropped is the answer to a drop, which every version words differently.
func (v *Vault) dropped() answer {
	a := ok("Sessão interrompida com sucesso")
	switch v.era() {
	case era323:
		a.response = object{{"status", 200}, {"menssage", "Session finished"}, {"erro", false}}
	case era332, era333:
	case era400:
		a = ok("Session dropped successfully")
		a.response = v.response(a)
		a.response[5].value = "Sessão encerrada com sucesso"
	}
	return a
}

// lasted is the time between two stamps as HH:MM:SS, "" if either is none.
func lasted(start, end string) string {
	from, err := time.Parse(time.DateTime, start)
	if err != nil {
		return ""
	}
	to, err := time.Parse(time.DateTime, end)
	if err != nil {
		return ""
	}
	return clock(to.Sub(from))
}

func clock(d time.Duration) string {
	s := max(0, int(d/time.Second))
	return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
}

// Sessions generates n sessions, always the same, one a minute from
// 2024-01-01; every hundredth one runs.
func Sessions(n int) iter.Seq[Session] {
	return func(yield func(Session) bool) {
		for i := 1; i <= n; i++ {
			if !yield(generated(i)) {
				return
			}
		}
	}
}

func generated(i int) Session {
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
	length := time.Duration(1+i%7200) * time.Second
	kind := i % 3
	s := Session{
		ID: fmt.Sprint(i), User: fmt.Sprintf("user%d", i%50), OriginIP: fmt.Sprintf("172.16.%d.%d", i/250%250, i%250),
		Credential: fmt.Sprintf("usr%d", i%500),
		Device:     fmt.Sprintf("10.%d.%d.%d:%d", i/62500%250, i/250%250, i%250, [...]int{22, 3389, 443}[kind]),
		Protocol:   [...]string{"ssh", "rdp", "https"}[kind],
		Proxy:      [...]string{"Terminal Proxy", "RDP Proxy", "Web Proxy"}[kind],
		SessionID:  fmt.Sprintf("%040x", i), Start: start.Format(time.DateTime), PreventPurge: "No",
	}
	if i%100 != 0 {
		s.End, s.Time = start.Add(length).Format(time.DateTime), clock(length)
	}
	return s
}
