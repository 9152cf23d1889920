package clitest

import (
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
)

// Commands are those that scripts have beside testscript's own.
func Commands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"sim": startSim, "exit": wantExit, "writes": wantWrites, "simlog": simLog, "simreset": simReset, "simdo": simDo, "simstate": simState, "book": makeBook, "hide": hideRow, "proxy": startProxy,
		"requests": wantRequests, "sshkey": makeSSHKey, "sshagent": startSSHAgent, "resign": resign, "resum": sumAnew, "lastrun": lastRun, "clientcert": makeClientCert,
		"agekey": makeAgeKey, "unage": openAge,
	}
}

// Setup gives a script its environment; root is the folder of the module.
func Setup(env *testscript.Env, root string) {
	env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
	env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "home", "cache"))
	env.Setenv("PAMSYNC_CLIENT_ID", "client")
	env.Setenv("PAMSYNC_CLIENT_SECRET", "not-a-real-secret")
	env.Setenv("PAMSYNC_RPS", "2000")
	env.Setenv("PAMSYNC_BURST", "100")
	env.Setenv("LANG", "C")
	env.Setenv("INPUTS", filepath.Join(root, "testdata", "inputs"))
	env.Setenv("SAMPLES", filepath.Join(root, "samples"))
	env.Values[simKey{}] = &sim{}
}
