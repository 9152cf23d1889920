package profile

import "pamsync/schemas"

// inventories are tables of devices that other products export.
func inventories() []Profile {
	return []Profile{
		{Name: "ralph", Kind: schemas.KindDevice, Header: []string{"hostname", "management_ip", "model_str", "service_env_str"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "hostname",
			schemas.FieldIP:       "first_ip(management_ip)",
			schemas.FieldModel:    `regex(model_str, "^(?:\[[^\]]*\]\s*)?(.*)$")`,
			schemas.FieldType:     `regex(model_str, "^\[([^\]]*)\]")`,
			schemas.FieldAsset:    "coalesce(barcode, sn)",
		}},
		{Name: "netbox-csv", Kind: schemas.KindDevice, Header: []string{"name", "device_type", "manufacturer", "role"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "name",
			schemas.FieldIP:       "first_ip(coalesce(ip_address, primary_ip, primary_ip4))",
			schemas.FieldSite:     "coalesce(site, location)",
			schemas.FieldModel:    "device_type",
			schemas.FieldVendor:   "manufacturer",
			schemas.FieldType:     "role",
			schemas.FieldAsset:    "coalesce(asset_tag, serial_number, serial)",
		}},
		{Name: "netbox-csv", Kind: schemas.KindDevice, Header: []string{"name", "role", "manufacturer", "type", "status"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "name",
			schemas.FieldIP:       "first_ip(coalesce(ip_address, primary_ip, primary_ip4))",
			schemas.FieldSite:     "coalesce(site, location)",
			schemas.FieldModel:    "type",
			schemas.FieldVendor:   "manufacturer",
			schemas.FieldType:     "role",
			schemas.FieldAsset:    "coalesce(asset_tag, serial_number, serial)",
		}},
		{Name: "snipeit-csv", Kind: schemas.KindDevice, Header: []string{"asset_name", "asset_tag", "model", "category"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "coalesce(hostname, asset_name)",
			schemas.FieldIP:       "first_ip(coalesce(ip_address, ip))",
			schemas.FieldSite:     "coalesce(location, default_location)",
			schemas.FieldModel:    "model",
			schemas.FieldVendor:   "manufacturer",
			schemas.FieldType:     "category",
			schemas.FieldAsset:    "asset_tag",
		}},
	}
}
