//go:build !linux

package pipeline

// large says of the room of a list that it will be used whole, and read in no order.
func large[T any](list []T) []T { return list }
