// Package samples holds the inventories, configurations and the simulated vault that a
// newcomer can run: the same files as in this folder. All of their data is invented. What a person
// reads is there in English and in Portuguese.
package samples

import "embed"

// Files are the sample files, under their names in this folder.
//
//go:embed README.md LEIAME.md migration.yaml migracao.yaml nightly.yaml noturno.yaml decisions.csv vault.json inventory.xlsx inventory
var Files embed.FS
