package vault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"pamsync/schemas"
)

// V2 reads API v2 (4.2.2 and later), of which no list of a run depends. It has no method that writes.
type V2 struct{ c *Client }

// V2 returns the part of the client that reads API v2.
func (c *Client) V2() *V2 { return &V2{c} }

// V2Page is what the first page of a list of API v2 said: how many records were read, and announced
// for all pages, -1 where it names no number. More tells that it goes on behind it.
type V2Page struct {
	Read, Announced int
	More            bool
	Shape           *schemas.Shape
}

// V2Filter are filters of the list of API v2 (vault-api a.7); an empty one is not sent.
type V2Filter struct{ Username, Device string }

const v2Path = "//api/v2/pam/credentials"

// v2Pages is the most pages that are read of one list: it is asked for a few records by their name.
const v2Pages = 20

// First reads the first page of API v2's list of credentials, and says what it is. A vault that
// has no API v2 is a fault v2_none.
func (r *V2) First(ctx context.Context) (V2Page, error) {
	page, err := r.page(ctx, v2Path, nil)
	return V2Page{Read: len(page.items), Announced: page.total, More: page.next != "", Shape: page.shape}, err
}

// Find reads those records of API v2 that fit a filter. Where fewer come than are announced, it is
// a fault v2_short: what is missing cannot be told from what is not there.
func (r *V2) Find(ctx context.Context, f V2Filter) ([]schemas.V2Credential, error) {
	query := url.Values{}
	for name, value := range map[string]string{"credential.username": f.Username, "device.name": f.Device} {
		if value != "" {
			query.Set(name, value)
		}
	}
	var all []schemas.V2Credential
	for range v2Pages {
		page, err := r.page(ctx, v2Path, query)
		if err != nil {
			return nil, err
		}
		all = append(all, page.items...)
		if page.next == "" || len(page.items) == 0 {
			if page.total > len(all) {
				return nil, r.c.fault(schemas.ClassUnreachable, "v2_short", "announced", strconv.Itoa(page.total), "read", strconv.Itoa(len(all)))
			}
			return all, nil
		}
		if query, err = r.c.nextQuery(page.next); err != nil {
			return nil, err
		}
	}
	return nil, r.c.fault(schemas.ClassUnreachable, "v2_unread", "cause", "it does not come to an end")
}

// One reads one credential by its id; ok is false where API v2 does not know it.
func (r *V2) One(ctx context.Context, id string) (one schemas.V2Credential, ok bool, err error) {
	if _, err := strconv.ParseUint(id, 10, 64); err != nil {
		return one, false, nil
	}
	page, err := r.page(ctx, v2Path+"/"+id, nil)
	var missing listFault
	if errors.As(err, &missing) && missing.notFound {
		return one, false, nil // of this one, or of API v2 as a whole
	}
	if err != nil || len(page.items) != 1 {
		return one, false, err
	}
	return page.items[0], true, nil
}

// nextQuery takes the query out of a link to the next page. Where it leads to another path, it is not
// followed.
func (c *Client) nextQuery(link string) (url.Values, error) {
	u, err := c.base.Parse(link)
	if err != nil || u.Host != c.base.Host || !strings.HasSuffix(u.Path, strings.TrimPrefix(v2Path, "/")) {
		return nil, c.fault(schemas.ClassUnreachable, "v2_unread", "cause", "its link to the next page leads elsewhere")
	}
	return u.Query(), nil
}

// v2Page is one answer of API v2.
type v2Page struct {
	items []schemas.V2Credential
	total int
	next  string
	shape *schemas.Shape
}

func (r *V2) page(ctx context.Context, path string, query url.Values) (v2Page, error) {
	response, err := r.c.openQuery(ctx, path, query, "API v2")
	if err != nil {
		var missing listFault
		if errors.As(err, &missing) && missing.notFound {
			missing.Fault = r.c.fault(schemas.ClassUnreachable, "v2_none")
			return v2Page{}, missing
		}
		return v2Page{}, r.c.v2Refusal(err)
	}
	defer response.Body.Close()
	unread := func(cause string) (v2Page, error) {
		return v2Page{}, r.c.fault(schemas.ClassUnreachable, "v2_unread", "cause", cause)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxV2+1))
	switch {
	case err != nil:
		return v2Page{}, r.c.scanFault(ctx, err, "API v2")
	case len(body) > maxV2:
		return unread("a page is too long")
	}
	page, cause := parseV2(body)
	if cause != "" {
		return unread(cause)
	}
	return page, nil
}

// maxV2 is the most that is read of one page.
const maxV2 = 16 << 20

// v2Refusal says of a refusal that it is one of API v2, and not of the list that a run needs.
func (c *Client) v2Refusal(err error) error {
	var fault *schemas.Fault
	if !errors.As(err, &fault) || fault.Problem.Args["http"] == "" || fault.Class == schemas.ClassBusy {
		return err
	}
	args := fault.Problem.Args
	return c.fault(schemas.ClassRefused, "v2_refused", "http", args["http"], "message", args["message"])
}

// parseV2 reads an answer of API v2. The pages that were read show no answer: the usual forms are
// tried, an array under data, items, credentials or results, the array itself, and one record.
func parseV2(body []byte) (page v2Page, cause string) {
	page.total = -1
	var items []json.RawMessage
	if json.Unmarshal(body, &items) == nil {
		return readV2(page, items, nil)
	}
	var top map[string]json.RawMessage
	if json.Unmarshal(body, &top) != nil {
		return page, "it is no JSON"
	}
	page.total, page.next = v2Total(top), v2Next(top)
	for _, name := range []string{"data", "items", "credentials", "results", "credential"} {
		raw := bytes.TrimSpace(top[name])
		switch {
		case len(raw) > 0 && raw[0] == '[':
			if json.Unmarshal(raw, &items) != nil {
				return page, name + " is no array"
			}
			return readV2(page, items, top)
		case len(raw) > 0 && raw[0] == '{' && name == "data":
			return readV2(page, []json.RawMessage{raw}, top)
		}
	}
	if top["credential"] != nil {
		return readV2(page, []json.RawMessage{body}, nil)
	}
	return page, "no records are in it"
}

// v2Total is the number of records that an answer announces, -1 for none.
func v2Total(top map[string]json.RawMessage) int {
	for _, inner := range []string{"", "meta", "pagination", "page"} {
		from := top
		if inner != "" {
			from = nil
			_ = json.Unmarshal(top[inner], &from) // a number, where page is one
		}
		for _, name := range []string{"total", "total_items", "total_count", "count"} {
			var n int
			if from[name] != nil && json.Unmarshal(from[name], &n) == nil {
				return n
			}
		}
	}
	return -1
}

// v2Next is the link to the next page, "" for none.
func v2Next(top map[string]json.RawMessage) string {
	for _, inner := range []string{"", "links", "_links", "meta", "pagination"} {
		from := top
		if inner != "" {
			from = nil
			_ = json.Unmarshal(top[inner], &from)
		}
		var link string
		var object struct {
			Href string `json:"href"`
		}
		switch {
		case from["next"] == nil:
		case json.Unmarshal(from["next"], &link) == nil && link != "":
			return link
		case json.Unmarshal(from["next"], &object) == nil && object.Href != "":
			return object.Href
		}
	}
	return ""
}

func readV2(page v2Page, items []json.RawMessage, top map[string]json.RawMessage) (v2Page, string) {
	var shape shaper
	for name, raw := range top {
		shape.envelope(name, raw)
	}
	for _, raw := range items {
		one, ok := v2Credential(raw)
		if !ok {
			return page, "a record has no username"
		}
		page.items = append(page.items, one)
		shape.v2(raw)
	}
	page.shape = shape.shape()
	return page, ""
}

// v2Credential reads one record, whose attributes stand in the objects credential and device, or
// under dotted names.
func v2Credential(raw json.RawMessage) (one schemas.V2Credential, ok bool) {
	var record map[string]json.RawMessage
	if json.Unmarshal(raw, &record) != nil {
		return one, false
	}
	get := func(object, name string) json.RawMessage {
		if value := record[object+"."+name]; value != nil {
			return value
		}
		var inner map[string]json.RawMessage
		_ = json.Unmarshal(record[object], &inner) // no object, no members
		return inner[name]
	}
	one.ID = text(firstOf(record["id"], get("credential", "id")))
	one.Username, one.Device = v2Text(get("credential", "username")), v2Text(get("device", "name"))
	one.Owner, one.Criticality = v2Text(get("credential", "user_credential_owner")), v2Text(get("credential", "criticality"))
	one.Type, one.LastUsed = v2Text(get("credential", "password_type")), v2Text(get("credential", "last_used_at"))
	one.Tags = []string{}
	_ = json.Unmarshal(get("credential", "tags"), &one.Tags) // null is none
	var active *bool
	if json.Unmarshal(get("credential", "active"), &active) == nil && active != nil {
		one.Status = map[bool]string{true: "active", false: "inactive"}[*active]
	}
	return one, get("credential", "username") != nil
}

func firstOf(all ...json.RawMessage) json.RawMessage {
	for _, one := range all {
		if one != nil {
			return one
		}
	}
	return nil
}

// v2Text is a text, or the name of an object such as a user; "" for null.
func v2Text(raw json.RawMessage) string {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) == nil && object != nil {
		return text(firstOf(object["username"], object["name"], object["id"]))
	}
	if string(raw) == "null" {
		return ""
	}
	return text(raw)
}

// openQuery is open of an address with a query.
func (c *Client) openQuery(ctx context.Context, path string, query url.Values, what string) (*http.Response, error) {
	return c.openList(ctx, request{method: http.MethodGet, path: path, query: query}, what)
}
