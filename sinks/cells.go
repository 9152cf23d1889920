package sinks

import (
	"strconv"

	"pamsync/schemas"
)

// SessionCells are the cells of an exported session, in the order of schemas.SessionColumns.
func SessionCells(s *schemas.SessionRecord) [21]string {
	revision := "1"
	if s.Revision != 1 {
		revision = strconv.Itoa(s.Revision)
	}
	return [...]string{s.ID, s.User, s.OriginIP, s.Credential, s.Device, s.Protocol, s.Proxy, s.SessionID, s.Start, s.End,
		s.Time, s.PreventPurge, s.Request, s.ITSM, s.Host, s.Port, s.DurationS, s.StartUTC, s.EndUTC, revision, s.Supersedes}
}

// DeviceCells are the cells of an exported device, in the list's order.
func DeviceCells(d *schemas.Device) [8]string {
	return [...]string{d.ID, d.Hostname, d.IP, d.Model, d.Type, d.Vendor, d.Site, d.Tags}
}

// CredentialCells are the cells of an exported credential, in the list's order.
func CredentialCells(c *schemas.Credential) [16]string {
	return [...]string{c.ID, c.Identifier, c.Username, c.Expiration, c.Change, c.View, c.Hostname, c.ManagementIP, c.Type, c.TypeCode,
		c.DeviceModel, c.DeviceType, c.DeviceVendor, c.AutomaticChange, c.Connectivity, c.ConnectivityCode}
}
