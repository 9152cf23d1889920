// Package vault is the REST client of the senhasegura / Segura vault: tokens, lists, and the
// writes that upsert, activate and inactivate devices, credentials and SSH keys.
//
// A Reader lists and has no write method; a Writer writes. Both share one Client, which paces
// every request, renews the token, resends only what was certainly not processed, and may call
// the verb-and-path pairs of paths.go alone. None of them returns a secret or takes custody.
//
// It must not know rows, plans or files, nor decide what an answer means for a run.
//
//	client, err := vault.Connect(config)
//	listing, err := client.Reader().Devices(ctx, func(d *schemas.Device) error { … })
//	answer := client.Writer().Do(ctx, schemas.Call{Verb: schemas.VerbInactivate, Kind: schemas.KindDevice, ID: "91"})
package vault
