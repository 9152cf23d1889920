//go:build !race

package vault

// spoils is for tests: a program leaves to the next record what was borrowed.
const spoils = false
