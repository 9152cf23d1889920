package jobs

import (
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"time"

	"pamsync/pipeline/vault"
	"pamsync/schemas"
	"pamsync/sinks"
)

// roomLow is the free space below which doctor warns: a journal that cannot grow stops a run.
const roomLow = 1 << 30

// secretText names the origin of a client secret, the same in every language.
func secretText(from SecretOrigin) string {
	mode := ""
	if info, err := os.Stat(from.File); from.File != "" && err == nil && runtime.GOOS != "windows" {
		mode = fmt.Sprintf(" (%04o)", info.Mode()&fs.ModePerm)
	}
	switch {
	case from.File != "" && from.Variable != "":
		return from.Variable + ": " + from.File + mode
	case from.File != "":
		return from.File + mode
	case from.Variable != "":
		return from.Variable
	case from.Command != "":
		return "vault.client_secret_command"
	}
	return ""
}

// inventories tells whether the configured files can be understood, and the decisions read: their
// rows are not.
func (d *doctor) inventories() {
	n := len(d.e.Config.Devices.Sources) + len(d.e.Config.Credentials.Sources)
	if n == 0 {
		d.pass("inventories", "doctor_no_inventories")
		return
	}
	_, err := d.e.openSources()
	if err == nil {
		_, err = d.e.loadDecisions()
	}
	if err != nil {
		d.fail("inventories", faultOf(err))
		return
	}
	d.ok("inventories", "doctor_inventories", "n", count(n))
}

// lock tells whether a run holds the vault: that is no fault, and is only warned of.
func (d *doctor) lock() {
	base, err := vault.ParseURL(d.e.Config.Vault.URL)
	if err != nil {
		d.skip("configuration", "lock")
		return
	}
	for _, folder := range []string{d.e.LockFolder, d.e.Config.State} {
		switch err := sinks.LookAtLock(folder, vault.Identity(base)); {
		case err == nil:
		case faultOf(err).Class == schemas.ClassLocked:
			d.caution("lock", faultOf(err).Problem)
			return
		default:
			d.fail("lock", faultOf(err))
			return
		}
	}
	d.ok("lock", "doctor_lock")
}

// disk tells the room in the folders that a run writes to, and whether it can.
func (d *doctor) disk() {
	free := map[string]uint64{}
	for _, folder := range []string{d.e.Config.Reports, d.e.Config.State} {
		n, err := sinks.Room(folder)
		if err != nil {
			d.fail("disk", faultOf(err))
			return
		}
		free[folder] = n
	}
	reports, state := free[d.e.Config.Reports], free[d.e.Config.State]
	args := schemas.Pairs("reports", d.e.Config.Reports, "reports_free", binary(reports), "state", d.e.Config.State, "state_free", binary(state))
	if min(reports, state) < roomLow {
		d.caution("disk", schemas.Problem{Code: "doctor_disk_low", Args: args})
		return
	}
	d.add(Check{Check: "disk", Status: CheckOK, Code: "doctor_disk", Args: args})
}

// binary is a number of bytes as a person reads it.
func binary(n uint64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for ; n >= 1024 && i < len(units)-1; i++ {
		n /= 1024
	}
	return strconv.FormatUint(n, 10) + " " + units[i]
}

// timezone says how the vault's times, which name no zone, are read.
func (d *doctor) timezone() {
	name := d.e.Config.Vault.Timezone
	zone, err := time.LoadLocation(name)
	if err != nil {
		d.fail("timezone", schemas.NewFault(schemas.ClassConfig, "bad_value", "key", "vault.timezone", "value", name, "want", "want_zone"))
		return
	}
	d.ok("timezone", "doctor_timezone", "zone", name, "offset", d.e.Now().In(zone).Format("-07:00"))
}
