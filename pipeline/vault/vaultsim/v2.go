package vaultsim

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// v2Page is the number of records of a page; pages follow links.next (I: the
// pages name no parameter).
const v2Page = 50

// hasV2 tells whether this version has API v2 (DV2: from 4.2.2 on).
func (v *Vault) hasV2() bool {
	parts := strings.Split(v.Version, ".")
	at := func(i int) int {
		if i >= len(parts) {
			return 0
		}
		n, _ := strconv.Atoi(parts[i])
		return n
	}
	return slices.Compare([]int{at(0), at(1), at(2)}, []int{4, 2, 2}) >= 0
}

// v2 answers list and get of credentials (DV2): what is not sensitive alone,
// so no custody. The form of the list is invented: {data, meta, links} (I).
func (v *Vault) v2(c *call, path []string) answer {
	if !v.hasV2() || c.method != http.MethodGet || len(path) < 2 || len(path) > 3 || path[0] != "pam" || path[1] != "credentials" {
		return v.notFound()
	}
	v.mu.Lock()
	rows := v.store.items.all()
	v.mu.Unlock()
	var a answer
	if len(path) == 3 {
		a = v.v2One(rows, path[2])
	} else {
		a = v.v2List(c, rows)
	}
	return v.v2Headers(c, a)
}

func (v *Vault) v2Headers(c *call, a answer) answer {
	sum := sha256.Sum256(a.bare.appendJSON(nil))
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	a.header = http.Header{"X-Request-Id": {rand.Text()}, "Etag": {tag}, "X-Ratelimit-Limit": {"600"}, "X-Ratelimit-Remaining": {"599"},
		"X-Ratelimit-Reset": {strconv.FormatInt(v.now().Add(time.Minute).Unix(), 10)}}
	if c.r.Header.Get("If-None-Match") == tag && a.http == http.StatusOK {
		return answer{http: http.StatusNotModified, html: " ", header: a.header}
	}
	return a
}

func v2Refusal(status int, text, parameter string) answer {
	return answer{http: status, bare: object{{"error", object{{"status", status}, {"message", text}, {"parameter", parameter}}}}}
}

func (v *Vault) v2One(rows []*row[item], id string) answer {
	for _, r := range rows {
		if i := r.p.Load(); i.cred != nil && i.cred.ID == id && !i.hidden() {
			return answer{http: http.StatusOK, bare: object{{"data", v.v2Item(i)}}}
		}
	}
	return v2Refusal(http.StatusNotFound, "Credential not found", "id")
}

func (v *Vault) v2List(c *call, rows []*row[item]) answer {
	q := c.r.URL.Query()
	from, _ := strconv.Atoi(q.Get("cursor"))
	keep, bad := v2Filter(q)
	if bad != "" {
		return v2Refusal(http.StatusUnprocessableEntity, "The filter is unknown or its value is none", bad)
	}
	var found []object
	for _, r := range rows {
		if i := r.p.Load(); i.cred != nil && !i.hidden() && keep(i) {
			found = append(found, v.v2Item(i))
		}
	}
	total := len(found)
	end := min(from+v2Page, total)
	var next any
	if end < total && !v.V2NoNext {
		q.Set("cursor", strconv.Itoa(end))
		next = "/api/v2/pam/credentials?" + q.Encode()
	}
	page := found[min(from, end):end]
	if page == nil {
		page = []object{}
	}
	return answer{http: http.StatusOK, bare: object{{"data", page}, {"meta", object{{"total", total}}}, {"links", object{{"next", next}}}}}
}

// v2Filter makes one of a query's filters; bad is the parameter that is none.
func v2Filter(q url.Values) (keep func(*item) bool, bad string) {
	var all []func(*item) bool
	for name, values := range q {
		value := values[len(values)-1]
		switch name {
		case "cursor":
		case "credential.username":
			all = append(all, func(i *item) bool { return strings.EqualFold(i.cred.Username, value) })
		case "device.name":
			all = append(all, func(i *item) bool { return strings.EqualFold(i.dev.p.Load().Hostname, value) })
		case "device_id":
			if n, fine := number(value); !fine || n > 1<<31-1 {
				return nil, name
			}
			all = append(all, func(i *item) bool { return i.dev.p.Load().ID == value })
		case "credential.active":
			if value != "true" && value != "false" {
				return nil, name
			}
			all = append(all, func(i *item) bool { return i.cred.Inactive == (value == "false") })
		default:
			return nil, name
		}
	}
	return func(i *item) bool {
		for _, one := range all {
			if !one(i) {
				return false
			}
		}
		return true
	}, ""
}

// v2Item is a credential's attributes; ids are a string for the credential
// and a number for the device (DV2).
func (v *Vault) v2Item(i *item) object {
	c, d := i.cred, i.dev.p.Load()
	deviceID, _ := strconv.Atoi(d.ID)
	tags := []string{}
	for tag := range strings.SplitSeq(c.Tags, ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			tags = append(tags, tag)
		}
	}
	var settings map[string]map[string]any
	_ = json.Unmarshal([]byte(c.Settings), &settings) // none where there are none
	more := func(name string) any {
		text, _ := settings["additional_settings"][name].(string)
		return nullable(text)
	}
	var parent any
	if c.Parent != "" {
		parent = object{{"id", c.Parent}, {"username", ""}}
	}
	return object{{"id", c.ID},
		{"credential", object{{"username", c.Username}, {"active", !c.Inactive}, {"password_type", c.Type}, {"parent_credential", parent}, {"tags", tags},
			{"criticality", more("criticality")}, {"user_credential_owner", more("user_credential_owner")}, {"last_used_at", nullable(c.View)},
			{"additional_information", nullable(c.Additional)}, {"password_policy", nil}}},
		{"device", object{{"id", deviceID}, {"name", d.Hostname}}}}
}
