package profile

import "pamsync/schemas"

// cmdbs are the JSON of CMDBs and monitoring, as their APIs answer.
func cmdbs() []Profile {
	serviceNow := map[schemas.Field]string{
		schemas.FieldHostname: "coalesce(name, host_name, fqdn)",
		schemas.FieldIP:       "ip_address",
		schemas.FieldSite:     "location",
		schemas.FieldModel:    "coalesce(model_id, model)",
		schemas.FieldVendor:   "coalesce(manufacturer, vendor)",
		schemas.FieldType:     "coalesce(type, device_type, sys_class_name)",
		schemas.FieldAsset:    "coalesce(asset_tag, serial_number)",
	}
	netBox := map[schemas.Field]string{
		schemas.FieldHostname: "name",
		schemas.FieldIP:       "coalesce(primary_ip.address, primary_ip4.address, primary_ip6.address, primary_ip4.host)",
		schemas.FieldSite:     "coalesce(site.name, location.name, site.display, location.display)",
		schemas.FieldModel:    "coalesce(device_type.model, device_type.display)",
		schemas.FieldVendor:   "coalesce(device_type.manufacturer.name, device_type.manufacturer.display)",
		schemas.FieldType:     "coalesce(role.name, device_role.name, role.display)",
	}
	return []Profile{
		{Name: "servicenow", Kind: schemas.KindDevice, Records: "result", Lacks: []string{"jsonrpc"}, Columns: serviceNow,
			Members: []string{"result.[].sys_id", "result.[].sys_class_name", "result.[].ip_address", "result.[].model_id", "result.[].manufacturer", "result.[].operational_status"}},
		{Name: "servicenow", Kind: schemas.KindDevice, Records: "result.attributes", Columns: serviceNow, Members: []string{"result.attributes.sys_class_name"}},
		{Name: "servicenow", Kind: schemas.KindDevice, Records: "ServiceNowCMDB.Record.Attributes", Columns: serviceNow,
			Members: []string{"ServiceNowCMDB.Record.Attributes.sys_class_name", "ServiceNowCMDB.Record.[].Attributes.sys_class_name"}},
		{Name: "netbox", Kind: schemas.KindDevice, Records: "results", Columns: netBox,
			Members: []string{"results.[].device_type", "results.[].primary_ip", "results.[].primary_ip4"}, Lacks: []string{"results.[].natural_slug"}},
		{Name: "nautobot", Kind: schemas.KindDevice, Records: "results", Columns: netBox, Members: []string{"results.[].natural_slug"}},
		{Name: "librenms", Kind: schemas.KindDevice, Records: "devices", Members: []string{"devices.[].sysName"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "coalesce(not_ip(hostname), not_ip(sysName), hostname, sysName)",
			schemas.FieldIP:       "first_ip(ip, hostname)",
			schemas.FieldSite:     "location",
			schemas.FieldModel:    "hardware",
			schemas.FieldType:     "type",
			schemas.FieldAsset:    "serial",
		}},
		{Name: "zabbix", Kind: schemas.KindDevice, Records: "result", Members: []string{"result.[].hostid"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "coalesce(host, name)",
			schemas.FieldIP:       "first_ip(interfaces.[main=1].ip, interfaces.ip)",
			schemas.FieldSite:     "coalesce(inventory.location, inventory.site_city)",
			schemas.FieldModel:    "coalesce(inventory.model, inventory.hardware)",
			schemas.FieldVendor:   "inventory.vendor",
			schemas.FieldType:     "inventory.type",
			schemas.FieldAsset:    "coalesce(inventory.asset_tag, inventory.serialno_a)",
		}},
		{Name: "glpi", Kind: schemas.KindDevice, Records: "$", Members: []string{"content.hardware.name"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "content.hardware.name",
			schemas.FieldIP:       "first_ip(content.networks.[virtualdev=false].ipaddress, content.networks.[virtualdev=false].ipaddress6)",
			schemas.FieldModel:    "content.bios.smodel",
			schemas.FieldVendor:   "content.bios.smanufacturer",
			schemas.FieldType:     "content.hardware.chassis_type",
			schemas.FieldAsset:    "content.bios.ssn",
		}},
		{Name: "glpi", Kind: schemas.KindDevice, Records: "$", Members: []string{"content.network_device.name"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "content.network_device.name",
			schemas.FieldIP:       "first_ip(content.network_device.ips)",
			schemas.FieldModel:    "content.network_device.model",
			schemas.FieldVendor:   "content.network_device.manufacturer",
			schemas.FieldType:     "content.network_device.type",
			schemas.FieldSite:     "content.network_device.location",
			schemas.FieldAsset:    "content.network_device.serial",
		}},
		{Name: "glpi", Kind: schemas.KindDevice, Members: []string{"[].computermodels_id", "[].networkequipmentmodels_id"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "name",
			schemas.FieldSite:     named("locations_id"),
			schemas.FieldModel:    "coalesce(" + named("computermodels_id") + ", " + named("networkequipmentmodels_id") + ")",
			schemas.FieldVendor:   named("manufacturers_id"),
			schemas.FieldType:     "coalesce(" + named("computertypes_id") + ", " + named("networkequipmenttypes_id") + ")",
			schemas.FieldAsset:    "coalesce(otherserial, serial)",
		}},
		{Name: "device42", Kind: schemas.KindDevice, Records: "Devices", Members: []string{"Devices.[].device_id", "Devices.[].hw_model"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "name",
			schemas.FieldIP:       "first_ip(ip_addresses.ip)",
			schemas.FieldSite:     "coalesce(building, room)",
			schemas.FieldModel:    "coalesce(hw_model, hw_model_name)",
			schemas.FieldVendor:   "manufacturer",
			schemas.FieldType:     "coalesce(device_sub_type, type)",
			schemas.FieldAsset:    "coalesce(asset_no, serial_no)",
		}},
		{Name: "snipeit", Kind: schemas.KindDevice, Records: "rows", Members: []string{"rows.[].asset_tag"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "coalesce(custom_fields.Hostname.value, custom_fields.Host Name.value, name)",
			schemas.FieldIP:       "first_ip(custom_fields.IP Address.value, custom_fields.IP.value, custom_fields.Management IP.value)",
			schemas.FieldSite:     "coalesce(location.name, rtd_location.name)",
			schemas.FieldModel:    "model.name",
			schemas.FieldVendor:   "manufacturer.name",
			schemas.FieldType:     "category.name",
			schemas.FieldAsset:    "coalesce(asset_tag, serial)",
		}},
		{Name: "lansweeper", Kind: schemas.KindDevice, Records: "data.site.assetResources.items", Members: []string{"data.site.assetResources.items.[].assetBasicInfo"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "assetBasicInfo.name",
			schemas.FieldIP:       "first_ip(assetBasicInfo.ipAddress)",
			schemas.FieldSite:     "assetCustom.location",
			schemas.FieldModel:    "assetCustom.model",
			schemas.FieldVendor:   "assetCustom.manufacturer",
			schemas.FieldType:     "assetBasicInfo.type",
			schemas.FieldAsset:    "assetCustom.serialNumber",
		}},
		{Name: "itop", Kind: schemas.KindDevice, Records: "objects.*.fields", Members: []string{"objects.*.fields"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "name",
			schemas.FieldIP:       "first_ip(managementip, managementip_name)",
			schemas.FieldSite:     "coalesce(location_name, location_id_friendlyname)",
			schemas.FieldModel:    "coalesce(model_name, model_id_friendlyname)",
			schemas.FieldVendor:   "coalesce(brand_name, brand_id_friendlyname)",
			schemas.FieldType:     "coalesce(networkdevicetype_name, finalclass)",
			schemas.FieldAsset:    "coalesce(asset_number, serialnumber)",
		}},
		{Name: "aws", Kind: schemas.KindDevice, Records: "Reservations.Instances", Members: []string{"Reservations.[].Instances.[].InstanceId"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "coalesce(Tags.[Key=Name].Value, PrivateDnsName)",
			schemas.FieldIP:       "first_ip(PrivateIpAddress)",
			schemas.FieldSite:     "Placement.AvailabilityZone",
			schemas.FieldModel:    "InstanceType",
			schemas.FieldAsset:    "InstanceId",
		}, Excludes: []Exclude{{`State.Name == "terminated" or State.Name == "shutting-down"`, "entry_ended"}}},
		{Name: "ansible", Kind: schemas.KindDevice, Records: "_meta.hostvars.*", Members: []string{"_meta.hostvars.*", "_meta.hostvars.*.ansible_host"}, Columns: map[schemas.Field]string{
			schemas.FieldHostname: "coalesce(not_ip($key), not_ip(ansible_hostname), $key)",
			schemas.FieldIP:       "first_ip(ansible_host, ansible_ssh_host, ansible_default_ipv4.address, $key)",
			schemas.FieldModel:    "ansible_product_name",
			schemas.FieldVendor:   "ansible_system_vendor",
		}, Groups: true},
	}
}

// named is a value that is a name: a bare number is an id, and says nothing to people.
func named(member string) string { return `regex(` + member + `, "^(.*[^0-9].*)$")` }
