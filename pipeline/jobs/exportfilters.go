package jobs

import (
	"net/netip"
	"strings"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/schemas/filter"
)

// filters reads what narrows an export down, beside its period.
func (x *exporter) filters() error {
	known := listNames(x.o.What)
	for _, text := range x.o.Match {
		f, err := filter.ParseShort(text)
		if err != nil {
			return schemas.NewFault(schemas.ClassUsage, "bad_filter", append(filter.Reason(err), "key", "--match")...)
		}
		for _, name := range f.Fields() {
			if !known[name] {
				return schemas.NewFault(schemas.ClassUsage, "match_field", "column", name, "has", strings.Join(keysOf(known), ", "))
			}
		}
		x.match = append(x.match, f)
	}
	for _, text := range x.o.Networks {
		network, err := parseNetwork(text)
		if err != nil {
			return err
		}
		x.networks = append(x.networks, network)
	}
	return nil
}

// parseNetwork reads a network, or an address as the network of it alone.
func parseNetwork(text string) (netip.Prefix, error) {
	text = strings.TrimSpace(text)
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		return netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()), nil
	}
	network, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, schemas.NewFault(schemas.ClassUsage, "bad_network", "value", text)
	}
	return network.Masked(), nil
}

// leftOutBy is why a session is not asked for, "" where it is.
func (x *exporter) leftOutBy(s *schemas.Session) string {
	switch {
	case len(x.match) > 0 && !x.fits(func(name string) string { return sessionName(s, name) }):
		return "match"
	case x.o.Open && pipeline.EndOf(s) == pipeline.EndReached:
		return "ended"
	case len(x.networks) == 0:
		return ""
	}
	addr, err := netip.ParseAddr(strings.TrimSpace(s.OriginIP))
	if err != nil {
		return "no_address"
	}
	addr = addr.Unmap().WithZone("")
	for _, network := range x.networks {
		if network.Contains(addr) {
			return ""
		}
	}
	return "network"
}
