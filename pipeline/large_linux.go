package pipeline

import (
	"os"
	"syscall"
	"unsafe"
)

// hugePage is the size of the pages that Linux may use for memory of which it is told that much of
// it is used; smaller lists have nothing to gain.
const hugePage = 2 << 20

// large says of the room of a list that it will be used whole, and read in no order. Memory in few
// large pages is quicker to get, and quicker to find anything in. The advice may be refused, and
// changes nothing else.
func large[T any](list []T) []T {
	size := cap(list) * int(unsafe.Sizeof(*new(T)))
	if size < 2*hugePage {
		return list
	}
	all := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(list))), size)
	page := os.Getpagesize()
	skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(all)))) & (page - 1)
	_ = syscall.Madvise(all[skip:size-(size-skip)%page], syscall.MADV_HUGEPAGE)
	return list
}
