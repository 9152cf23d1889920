package pipeline_test

import (
	"fmt"
	"strconv"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
)

// inventory makes the sources of a trial: what the vault has, most of it, and every way in which
// rows go wrong.
func (c *trial) inventory() {
	c.addSource(schemas.KindDevice, "d.csv")
	if c.one(4) {
		c.addSource(schemas.KindDevice, "d2.csv")
		if c.one(2) {
			c.policy.Devices.Precedence = map[schemas.Field][]string{schemas.FieldSite: {"d.csv", "d2.csv"}, schemas.FieldIP: {"d2.csv"}}
		}
	}
	devices := len(c.sources)
	if !c.one(5) {
		c.addSource(schemas.KindCredential, "c.csv")
		if c.one(5) {
			c.addSource(schemas.KindCredential, "c2.csv")
			if c.one(2) {
				c.policy.Credentials.Precedence = map[schemas.Field][]string{schemas.FieldCredentialType: {"c2.csv", "c.csv"}}
			}
		}
	}
	lack := 2 + c.IntN(8) // one in so many records is lacking
	for _, d := range c.vault.devices {
		if c.one(lack) {
			continue
		}
		c.deviceRow(d, c.IntN(devices))
		for s := range devices {
			if c.one(8) {
				c.deviceRow(d, s) // once more
			}
		}
	}
	for i := range 3 {
		if c.one(2) {
			d := mDevice{hostname: c.host(60 + i), ip: c.address(60 + i), site: c.pick(trialSites...), model: c.pick(trialModels...), vendor: c.pick(trialVendors...), kind: "Server"}
			if c.one(4) {
				d.ip = c.address(c.IntN(8)) // looks like a rename
			}
			if c.one(6) {
				d.vendor = c.pick("Centos", "Cysco", "Contoso")
			}
			c.deviceRow(d, c.IntN(devices))
		}
	}
	if len(c.sources) > devices {
		c.accountRows(devices, lack)
	}
	if c.one(8) {
		c.dropSource(c.IntN(len(c.sources)))
	}
	c.keyRows(lack)
	c.infoRows(lack)
}

func (c *trial) addSource(kind schemas.Kind, name string) {
	s := trialSource{kind: kind, name: name, stale: c.one(20)}
	if c.one(4) {
		s.defaults = &schemas.Values{}
		if kind == schemas.KindDevice {
			s.defaults[schemas.FieldSite], s.defaults[schemas.FieldType] = "RIO", "Server"
		} else {
			s.defaults[schemas.FieldCredentialType] = "Local User"
		}
	}
	c.sources = append(c.sources, s)
}

// dropSource empties a source.
func (c *trial) dropSource(s int) {
	kept := c.rows[:0]
	for _, r := range c.rows {
		if r.source != s {
			kept = append(kept, r)
		}
	}
	c.rows = kept
}

func (c *trial) add(source int, v schemas.Values) {
	n := 2
	for _, r := range c.rows {
		if r.source == source {
			n = r.number + 1
		}
	}
	c.rows = append(c.rows, trialRow{source: source, number: n, values: v, leftOut: c.one(25), hidden: c.one(60), broken: c.one(60)})
}

func (c *trial) deviceRow(d mDevice, source int) {
	var v schemas.Values
	v[schemas.FieldHostname], v[schemas.FieldIP], v[schemas.FieldSite] = c.spell(d.hostname), d.ip, d.site
	v[schemas.FieldModel], v[schemas.FieldVendor], v[schemas.FieldType] = d.model, d.vendor, d.kind
	for range c.IntN(4) / 2 {
		switch c.IntN(9) {
		case 0:
			v[schemas.FieldSite] = c.pick(trialSites...)
		case 1:
			v[schemas.FieldIP] = c.address(200 + c.IntN(20))
		case 2:
			v[schemas.FieldModel] = c.pick(trialModels...)
		case 3:
			v[c.field()] = ""
		case 4:
			v[c.field()] = c.pick("bad\x01value", "no address", "10.0.0.0/8")
		case 5:
			v[schemas.FieldHostname] = c.pick("", "a\x00b", "")
		case 6:
			v[schemas.FieldIP] = c.address(c.IntN(8))
		case 7:
			v[schemas.FieldVendor] = c.pick("CENTOS", "cent os", "Cisko")
		case 8:
			v[schemas.FieldDeviceTags] = "a,b"
		}
	}
	if d.id != "" && c.one(6) {
		v[schemas.FieldID] = d.id
		if c.one(4) {
			v[schemas.FieldID] = c.pick(strconv.Itoa(1+c.IntN(9)), "77", "x")
		}
	}
	c.add(source, v)
}

func (c *trial) field() schemas.Field {
	return []schemas.Field{schemas.FieldIP, schemas.FieldSite, schemas.FieldModel, schemas.FieldVendor, schemas.FieldType}[c.IntN(5)]
}

func (c *trial) accountRows(first, lack int) {
	for _, a := range c.vault.accounts {
		if c.one(lack) {
			continue
		}
		d := c.vault.device(a.device)
		c.accountRow(a, d, first)
		if c.one(10) {
			c.accountRow(a, d, first)
		}
	}
	for i := range 3 {
		if c.one(2) {
			c.accountRow(mAccount{username: c.pick("new", "root", "app"), kind: c.pick(trialTypes...)},
				&mDevice{hostname: c.host(c.pickInt(i, 60+i, 90)), ip: ""}, first)
		}
	}
}

func (c *trial) pickInt(n ...int) int { return n[c.IntN(len(n))] }

func (c *trial) accountRow(a mAccount, d *mDevice, first int) {
	var v schemas.Values
	v[schemas.FieldUsername], v[schemas.FieldHostname], v[schemas.FieldCredentialType] = a.username, c.spell(d.hostname), a.kind
	if c.one(8) {
		v[schemas.FieldUsername] = c.pick(" "+a.username, "ROOT", a.username+" ")
	}
	if c.one(3) {
		v[schemas.FieldIP] = d.ip
	}
	if c.one(3) {
		v[schemas.FieldIdentifier] = a.identifier
	}
	for range c.IntN(4) / 2 {
		switch c.IntN(9) {
		case 0:
			v[schemas.FieldCredentialType] = c.pick("Domain User", "Local User", "SSH Key", "")
		case 1:
			v[schemas.FieldIP] = c.address(c.IntN(8))
		case 2: // another's, a free one, one that several rows have
			v[schemas.FieldIdentifier] = c.pick(fmt.Sprintf("id-%d-%d-%s", 1+c.IntN(5), c.IntN(5), c.pick(trialUsers...)), "key-1", "free-"+strconv.Itoa(c.IntN(3)), "not valid")
		case 3:
			v[schemas.FieldUsername] = c.pick("", "a\x02", "other")
		case 4:
			v[schemas.FieldHostname] = c.pick("", "a\x02", "nowhere")
		case 5:
			v[schemas.FieldTags] = c.pick("a", "b,c")
		case 6:
			v[schemas.FieldDomain] = "corp\x01"
		case 7:
			v[schemas.FieldHostname] = d.ip
		case 8:
			v[schemas.FieldParent] = c.pick("1", "x")
		}
	}
	if a.id != "" && c.one(6) {
		v[schemas.FieldID] = a.id
		if c.one(4) {
			v[schemas.FieldID] = c.pick(strconv.Itoa(1+c.IntN(9)), "77")
		}
	}
	c.add(first+c.IntN(len(c.sources)-first), v)
}

// load makes the inventory of rows in the order given.
func (c *trial) load(rows []trialRow) *pipeline.Inventory {
	inv := pipeline.NewInventory([]byte("key"), c.policy.Devices.Normalize)
	for _, s := range c.sources {
		n := 0
		for _, r := range rows {
			if c.sources[r.source].name == s.name {
				n++
			}
		}
		inv.AddSource(pipeline.SourceInfo{Kind: s.kind, Name: s.name, Defaults: s.defaults, MaxAge: time.Hour,
			Locate: func(row int, f schemas.Field) schemas.Place {
				return schemas.Place{Source: s.name, Row: row, Col: int(f)}
			},
			Use: schemas.SourceUse{Kind: s.kind, Path: s.name, Rows: n, SHA256: s.name, Stale: s.stale}})
	}
	for _, r := range rows {
		row := schemas.Row{Kind: c.sources[r.source].kind, Source: r.source, Number: r.number, Values: r.values, Defaults: c.sources[r.source].defaults,
			LeftOut: r.leftOut, Hidden: r.hidden, Place: func(f schemas.Field) schemas.Place {
				return schemas.Place{Source: c.sources[r.source].name, Row: r.number, Col: int(f)}
			}}
		c.loadSecret(&row, &r)
		if r.broken {
			row.Problems = []schemas.Problem{{Code: "ragged", Args: schemas.Pairs("cells", "1")}}
		}
		inv.Load(&row)
	}
	return inv
}
