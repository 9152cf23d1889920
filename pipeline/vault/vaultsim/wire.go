package vaultsim

import (
	"context"
	"net"
	"sync"
	"syscall"
)

// Wire is a network in memory, from clients that call Dial to a server that it is the listener of:
// nothing on it takes time, so it can be used where time is virtual.
type Wire struct {
	calls  chan net.Conn
	closed chan struct{}
	once   sync.Once

	mu      sync.Mutex
	down    bool
	clients []net.Conn
}

// NewWire returns a wire that is up.
func NewWire() *Wire { return &Wire{calls: make(chan net.Conn), closed: make(chan struct{})} }

// Dial connects to the server, or is refused while the wire is down or nobody serves.
func (w *Wire) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	refused := &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	w.mu.Lock()
	down := w.down
	w.mu.Unlock()
	if down {
		return nil, refused
	}
	client, server := net.Pipe()
	select {
	case w.calls <- server:
	case <-w.closed:
		return nil, refused
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clients = append(w.clients, client)
	return client, nil
}

// Cut ends all connections at the clients' end, as the death of a client does; the server goes on
// with what it was sent.
func (w *Wire) Cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.clients {
		_ = c.Close()
	}
	w.clients = nil
}

// SetDown takes the wire down, so that no connection can be made, or up again.
func (w *Wire) SetDown(down bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = down
}

// Accept implements [net.Listener].
func (w *Wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.calls:
		return c, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (w *Wire) Close() error {
	w.once.Do(func() { close(w.closed) })
	return nil
}

// Addr implements [net.Listener].
func (w *Wire) Addr() net.Addr { return wireAddr{} }

type wireAddr struct{}

func (wireAddr) Network() string { return "wire" }
func (wireAddr) String() string  { return "wire" }
