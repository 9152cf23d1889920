package profile

import "pamsync/schemas"

// vaults are the exports of other PAM vaults.
func vaults() []Profile {
	domainAccount := Exclude{`platformId =~ "(?i)domain"`, "entry_domain"}
	inactive := []Exclude{{`active =~ "(?i)^(false|0|no)$"`, "entry_deleted"}}
	return []Profile{
		{Name: "cyberark", Kind: schemas.KindCredential, Header: []string{"username", "address", "safe", "platformid"}, Columns: map[schemas.Field]string{
			schemas.FieldUsername: "username",
			schemas.FieldHostname: "address",
			schemas.FieldIP:       "only_ip(address)",
			schemas.FieldContent:  "password",
		}, Excludes: []Exclude{{`platformID =~ "(?i)domain"`, "entry_domain"}, {`platformID =~ "(?i)ssh.?key"`, "entry_key"}}},
		{Name: "cyberark", Kind: schemas.KindCredential, Header: []string{"username", "address", "safename", "platformid"}, Columns: map[schemas.Field]string{
			schemas.FieldUsername: "username",
			schemas.FieldHostname: "address",
			schemas.FieldIP:       "only_ip(address)",
			schemas.FieldContent:  "coalesce(secret, password)",
		}, Excludes: []Exclude{domainAccount, {`platformID =~ "(?i)ssh.?key"`, "entry_key"}}},
		{Name: "cyberark", Kind: schemas.KindCredential, Header: []string{"username", "address", "safe", "platform_id"}, Columns: map[schemas.Field]string{
			schemas.FieldUsername: "username",
			schemas.FieldHostname: "address",
			schemas.FieldIP:       "only_ip(address)",
		}, Excludes: []Exclude{{`Platform ID =~ "(?i)domain"`, "entry_domain"}, {`Platform ID =~ "(?i)ssh.?key"`, "entry_key"}}},
		{Name: "cyberark", Kind: schemas.KindCredential, Records: "value", Members: []string{"value.[].safeName"}, Columns: map[schemas.Field]string{
			schemas.FieldUsername: "userName",
			schemas.FieldHostname: "address",
			schemas.FieldIP:       "only_ip(address)",
			schemas.FieldContent:  "secret",
		}, Excludes: []Exclude{{`secretType == "key"`, "entry_key"}, domainAccount}},
		{Name: "delinea", Kind: schemas.KindCredential, Header: []string{"secret_name", "machine", "username", "password"}, Columns: delinea("machine"), Excludes: inactive},
		{Name: "delinea", Kind: schemas.KindCredential, Header: []string{"secretname", "machine", "username", "password"}, Columns: delinea("machine"), Excludes: inactive},
		{Name: "delinea", Kind: schemas.KindCredential, Header: []string{"secret_name", "server", "username", "password"}, Columns: delinea("server"), Excludes: inactive},
		{Name: "delinea", Kind: schemas.KindCredential, Header: []string{"secretname", "host", "username", "password"}, Columns: delinea("host"), Excludes: inactive},
		{Name: "safeguard", Kind: schemas.KindCredential, Header: []string{"name", "networkaddress", "connectionproperties_serviceaccountname"}, Columns: map[schemas.Field]string{
			schemas.FieldUsername: "ConnectionProperties/ServiceAccountName",
			schemas.FieldHostname: "name",
			schemas.FieldIP:       "only_ip(networkaddress)",
			schemas.FieldContent:  "ConnectionProperties/ServiceAccountPassword",
		}},
	}
}

func delinea(machine string) map[schemas.Field]string {
	return map[schemas.Field]string{
		schemas.FieldUsername: "username",
		schemas.FieldHostname: "host(" + machine + ")",
		schemas.FieldIP:       "only_ip(" + machine + ")",
		schemas.FieldDomain:   "domain",
		schemas.FieldContent:  "password",
	}
}
