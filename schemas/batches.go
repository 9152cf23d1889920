package schemas

import "runtime"

// Batches lets write append n things, a batch of at most size at a time and several batches at
// once, and gives what was written to take, in the order of the things. take is called by one
// goroutine, and what it is given is good until it returns. After an error of take, which is
// returned, nothing more is taken. A panic of write is one of Batches.
func Batches(n, size int, write func(b []byte, from, to int) []byte, take func([]byte) error) error {
	cores := runtime.GOMAXPROCS(0)
	if cores == 1 || n <= size {
		return oneByOne(n, size, write, take)
	}
	room := make(chan []byte, cores+1)
	for range cores + 1 {
		room <- nil
	}
	order, stop := make(chan chan written, cores+1), make(chan struct{})
	go func() {
		defer close(order)
		for from := 0; from < n; from += size {
			select {
			case b := <-room:
				out := make(chan written, 1)
				order <- out
				go func() {
					defer func() { out <- written{b, recover()} }()
					b = write(b[:0], from, min(from+size, n))
				}()
			case <-stop:
				return
			}
		}
	}()
	var first error
	var failed any
	for out := range order {
		batch := <-out
		if first != nil || failed != nil {
			continue
		}
		if failed = batch.panic; failed == nil {
			first = take(batch.b)
		}
		if first != nil || failed != nil {
			close(stop)
			continue
		}
		room <- batch.b
	}
	if failed != nil {
		panic(failed)
	}
	return first
}

// written is what came of a batch.
type written struct {
	b     []byte
	panic any
}

func oneByOne(n, size int, write func(b []byte, from, to int) []byte, take func([]byte) error) error {
	var b []byte
	for from := 0; from < n; from += size {
		b = write(b[:0], from, min(from+size, n))
		if err := take(b); err != nil {
			return err
		}
	}
	return nil
}
