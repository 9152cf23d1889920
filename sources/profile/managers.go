package profile

import "pamsync/schemas"

// managers are the exports of password and connection managers.
func managers() []Profile {
	entry := func(username, password, host string) map[schemas.Field]string {
		return map[schemas.Field]string{schemas.FieldUsername: username, schemas.FieldHostname: host, schemas.FieldContent: password}
	}
	bitwardenTypes := []Exclude{{`not deletedDate == ""`, "entry_deleted"}, {`type == "2"`, "entry_note"}, {`type == "3"`, "entry_card"}, {`type == "4"`, "entry_identity"}, {`type == "5"`, "entry_key"}}
	connection := map[schemas.Field]string{
		schemas.FieldUsername: "username",
		schemas.FieldHostname: "coalesce(not_ip(hostname), host(name), hostname)",
		schemas.FieldIP:       "only_ip(hostname)",
		schemas.FieldDomain:   "domain",
		schemas.FieldContent:  "password",
	}
	device := map[schemas.Field]string{
		schemas.FieldHostname: "coalesce(not_ip(hostname), host(name), hostname)",
		schemas.FieldIP:       "only_ip(hostname)",
	}
	folder := []Exclude{{`NodeType == "Container"`, "entry_folder"}}
	return []Profile{
		{Name: "keepassxc", Kind: schemas.KindCredential, Header: []string{"group", "title", "username", "password", "url"}, Columns: entry("username", "password", "coalesce(host(url), host(title))"),
			Excludes: []Exclude{{`group =~ "(?i)(recycle bin|lixeira|papelera)"`, "entry_deleted"}}},
		{Name: "keepass", Kind: schemas.KindCredential, Header: []string{"account", "login_name", "password", "web_site"}, Columns: entry("login_name", "password", "coalesce(host(web_site), host(account))")},
		{Name: "bitwarden", Kind: schemas.KindCredential, Header: []string{"name", "login_uri", "login_username", "login_password"},
			Columns: entry("login_username", "login_password", "coalesce(host(login_uri), host(name))"), Excludes: []Exclude{{`type == "note"`, "entry_note"}}},
		{Name: "bitwarden", Kind: schemas.KindCredential, Records: "items", Members: []string{"items.[].login", "items.[].reprompt", "items.[].secureNote"},
			Columns: entry("login.username", "login.password", "coalesce(host(login.uris.uri), host(name))"), Excludes: bitwardenTypes},
		{Name: "keeper", Kind: schemas.KindCredential, Order: []string{"folder", "title", "login", "password", "url", "notes", "shared folder"},
			Columns: entry("login", "password", "coalesce(host(url), host(title))")},
		{Name: "keeper", Kind: schemas.KindCredential, Records: "records", Members: []string{"records.[].login_url", "records.[].$type"},
			Columns: entry("login", "password", "coalesce(host(login_url), host(title))"), Excludes: []Exclude{{`$type == "encryptedNotes"`, "entry_note"}, {`$type == "file"`, "entry_note"}}},
		{Name: "royalts", Kind: schemas.KindCredential, Header: []string{"name", "uri", "credentialusername"}, Columns: entry("credentialusername", "credentialpassword", "coalesce(host(uri), host(name))")},
		{Name: "royalts", Kind: schemas.KindCredential, Order: []string{"name", "type", "uri", "description", "username", "password"},
			Columns: entry("username", "password", "coalesce(host(uri), host(name))"), Excludes: []Exclude{{`type =~ "(?i)^web$"`, "entry_web"}}},
		{Name: "royalts", Kind: schemas.KindCredential, Records: "Objects", Members: []string{"Objects.[].ComputerName"}, Columns: entry("Username", "Password", "coalesce(host(ComputerName), host(Name))"),
			Excludes: []Exclude{{`Type =~ "(?i)^folder$"`, "entry_folder"}}},
		{Name: "mremoteng", Kind: schemas.KindCredential, Header: []string{"name", "nodetype", "hostname", "username", "protocol"}, Columns: connection, Excludes: folder},
		{Name: "mremoteng", Kind: schemas.KindDevice, Header: []string{"name", "nodetype", "hostname", "username", "protocol"}, Columns: device, Excludes: folder},
		{Name: "rdm", Kind: schemas.KindCredential, Header: []string{"host", "name", "connectiontype", "credentialusername"}, Columns: map[schemas.Field]string{
			schemas.FieldUsername: "CredentialUserName",
			schemas.FieldHostname: "coalesce(not_ip(host(host)), host(name), host(host))",
			schemas.FieldIP:       "only_ip(host)",
			schemas.FieldDomain:   "CredentialDomain",
			schemas.FieldContent:  "CredentialPassword",
		}},
		{Name: "lastpass", Kind: schemas.KindCredential, Header: []string{"url", "username", "password", "extra", "name", "grouping"}, Columns: entry("username", "password", "coalesce(host(url), host(name))"),
			Excludes: []Exclude{{`url == "http://sn"`, "entry_note"}}},
		{Name: "1password", Kind: schemas.KindCredential, Header: []string{"title", "url", "username", "password", "otpauth"}, Columns: entry("username", "password", "coalesce(host(url), host(title))"),
			Excludes: []Exclude{{`archived =~ "(?i)^(true|1|yes)$"`, "entry_deleted"}}},
		{Name: "dashlane", Kind: schemas.KindCredential, Header: []string{"username", "username2", "title", "password", "url"}, Columns: entry("username", "password", "coalesce(host(url), host(title))")},
		{Name: "browser", Kind: schemas.KindCredential, Header: []string{"url", "username", "password", "httprealm", "guid"}, Columns: entry("username", "password", "host(url)")},
		{Name: "browser", Kind: schemas.KindCredential, Header: []string{"name", "url", "username", "password"}, Columns: entry("username", "password", "coalesce(host(url), host(name))")},
	}
}
