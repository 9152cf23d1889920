package jobs

import (
	"slices"

	"pamsync/schemas"
)

// listNames are the names that a list of the vault has, and host and port of a session's device; what else is
// derived of a session is none of them.
func listNames(what string) map[string]bool {
	all := schemas.ExportColumns(what)
	if what == "sessions" {
		all = all[:slices.Index(all, "duration_s")]
	}
	names := map[string]bool{}
	for _, name := range all {
		names[name] = true
	}
	return names
}

func deviceName(d *schemas.Device, name string) string {
	switch name {
	case "tags":
		return d.Tags
	}
	f, _ := schemas.ParseField(name)
	return d.Value(f)
}

func credentialName(c *schemas.Credential, name string) string {
	switch name {
	case "id":
		return c.ID
	case "identifier":
		return c.Identifier
	case "username":
		return c.Username
	case "expiration":
		return c.Expiration
	case "change":
		return c.Change
	case "view":
		return c.View
	case "hostname":
		return c.Hostname
	case "management_ip":
		return c.ManagementIP
	case "type":
		return c.Type
	case "type_code":
		return c.TypeCode
	case "device_model":
		return c.DeviceModel
	case "device_type":
		return c.DeviceType
	case "device_vendor":
		return c.DeviceVendor
	case "automatic_change":
		return c.AutomaticChange
	case "connectivity":
		return c.Connectivity
	}
	return c.ConnectivityCode
}

func sessionName(s *schemas.Session, name string) string {
	switch name {
	case "id":
		return s.ID
	case "user":
		return s.User
	case "origin_ip":
		return s.OriginIP
	case "credential":
		return s.Credential
	case "device":
		return s.Device
	case "protocol":
		return s.Protocol
	case "proxy":
		return s.Proxy
	case "session_id":
		return s.SessionID
	case "start":
		return s.Start
	case "end":
		return s.End
	case "time":
		return s.Time
	case "prevent_purge":
		return s.PreventPurge
	case "request":
		return s.Request
	case "host":
		host, _ := splitTarget(s.Device)
		return host
	case "port":
		_, port := splitTarget(s.Device)
		return port
	}
	return s.ITSM
}
