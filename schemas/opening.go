package schemas

import "time"

// URLLife is how long the URL of an opened session is good for, and for one use (vault-api a.6).
const URLLife = 30 * time.Second

// Opening are the parameters with which a web proxy session is opened (vault-api a.6). Port and
// RemoteApp are numbers, "" for none; ScreenSize is WIDTHxHEIGHT.
type Opening struct {
	User         string
	Credential   string // its username
	Device       string // hostname or address
	Protocol     string
	RemoteDevice string
	RemoteAddr   string // from which the user comes
	Port         string
	RemoteApp    string
	ScreenSize   string
}

// Key names what is opened: ana → root@srv-01:2222/ssh, and what else tells it from another.
func (o *Opening) Key() string {
	key := o.User + " → " + o.Credential + "@" + o.Device
	if o.Port != "" {
		key += ":" + o.Port
	}
	key += "/" + o.Protocol
	for _, more := range [][2]string{{" via ", o.RemoteDevice}, {" from ", o.RemoteAddr}, {" app ", o.RemoteApp}, {" ", o.ScreenSize}} {
		if more[1] != "" {
			key += more[0] + more[1]
		}
	}
	return key
}
