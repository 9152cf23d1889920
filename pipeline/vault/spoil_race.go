//go:build race

package vault

// spoils: whoever keeps a borrowed text finds it spoilt, in every test that runs with the race detector.
const spoils = true
