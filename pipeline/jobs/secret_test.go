package jobs_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

func TestWhereTheClientSecretComesFrom(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	save(t, in("env"), "from-env-file\r\n")
	save(t, in("config"), "\ufefffrom-config-file\n")
	save(t, in("creds/pamsync.secret"), "from-systemd")
	save(t, in("none/other"), "x")
	both := jobs.SecretSource{File: in("config"), Command: "echo from-command"}
	all := map[string]string{"PAMSYNC_CLIENT_SECRET": "from-env", "PAMSYNC_CLIENT_SECRET_FILE": in("env"), "CREDENTIALS_DIRECTORY": in("creds"), "SENHASEGURA_CLIENT_SECRET": "from-vendor"}
	without := func(names ...string) map[string]string {
		env := map[string]string{}
		for name, value := range all {
			env[name] = value
		}
		for _, name := range names {
			delete(env, name)
		}
		return env
	}
	for _, c := range []struct {
		rule   string
		env    map[string]string
		source jobs.SecretSource
		want   string
	}{
		{"the environment beats all", all, both, "from-env"},
		{"then the environment's file", without("PAMSYNC_CLIENT_SECRET"), both, "from-env-file"},
		{"then systemd's", without("PAMSYNC_CLIENT_SECRET", "PAMSYNC_CLIENT_SECRET_FILE"), both, "from-systemd"},
		{"a systemd folder without it is passed by", map[string]string{"CREDENTIALS_DIRECTORY": in("none"), "SENHASEGURA_CLIENT_SECRET": "from-vendor"}, both, "from-vendor"},
		{"then the vendor's variable", map[string]string{"SENHASEGURA_CLIENT_SECRET": "from-vendor"}, both, "from-vendor"},
		{"then the configuration's file", nil, both, "from-config-file"},
		{"then its command", nil, jobs.SecretSource{Command: "echo from-command"}, "from-command"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			got, err := jobs.ClientSecret(context.Background(), &c.source, func(name string) string { return c.env[name] }, func(p schemas.Problem) { t.Errorf("warned: %v", p) })
			if err != nil || got.Reveal() != c.want {
				t.Errorf("%v, %q", err, got.Reveal())
			}
		})
	}
}

func TestASecretThatCannotBeHad(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	save(t, in("empty"), "\n")
	save(t, in("two"), "one\ntwo\n")
	for _, c := range []struct {
		rule   string
		env    map[string]string
		source jobs.SecretSource
		code   string
	}{
		{"nowhere", nil, jobs.SecretSource{}, "no_secret"},
		{"a file that is not there", nil, jobs.SecretSource{File: in("gone")}, "secret_file"},
		{"a file that is not there does not fall back", map[string]string{"PAMSYNC_CLIENT_SECRET_FILE": in("gone"), "SENHASEGURA_CLIENT_SECRET": "x"}, jobs.SecretSource{}, "secret_file"},
		{"a folder", nil, jobs.SecretSource{File: folder}, "secret_file"},
		{"an empty file", nil, jobs.SecretSource{File: in("empty")}, "secret_file"},
		{"two lines", nil, jobs.SecretSource{File: in("two")}, "secret_file"},
		{"a command that fails", nil, jobs.SecretSource{Command: "exit 3"}, "secret_command"},
		{"a command that says nothing", nil, jobs.SecretSource{Command: "exit 0"}, "secret_command"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			got, err := jobs.ClientSecret(context.Background(), &c.source, func(name string) string { return c.env[name] }, func(schemas.Problem) {})
			wantFault(t, err, schemas.ClassConfig, c.code)
			if !got.Empty() {
				t.Error("a secret all the same")
			}
		})
	}
}

func TestWhoElseMayTouchASecretFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes")
	}
	path := filepath.Join(t.TempDir(), "secret")
	save(t, path, "s\n")
	for mode, code := range map[os.FileMode]string{0o600: "", 0o400: "", 0o640: "secret_readable", 0o604: "secret_readable", 0o644: "secret_readable",
		0o620: "secret_writable", 0o602: "secret_writable", 0o666: "secret_writable"} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		warned := ""
		got, err := jobs.ClientSecret(context.Background(), &jobs.SecretSource{File: path}, func(string) string { return "" }, func(p schemas.Problem) { warned = p.Code })
		if code == "secret_writable" {
			wantFault(t, err, schemas.ClassConfig, code)
			continue
		}
		if err != nil || got.Reveal() != "s" || warned != code {
			t.Errorf("mode %o: %v, warned %q", mode, err, warned)
		}
	}
}
