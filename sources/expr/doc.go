// Package expr reads what `columns:` gives to a field: a column's name or a path in a record, or an
// expression over them.
//
//	hostname
//	custom_fields.[name=Hostname].value
//	first_ip(primary_ip.address, interfaces.ip)
//	coalesce(lower(fqdn), name)
//	regex(description, "host=(\S+)")
//	split(location, "/", 1)
//	table(role, "sw", "Switch", "fw", "Firewall")
//	join(":", protocol, port)
//	host(url)
//	default(site, "São Paulo")
//
// A text in quotes is itself; a column whose name looks like an expression is named by
// column("that name").
package expr
