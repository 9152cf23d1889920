package vault

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"time"
)

// watcher stands before a probe's transport and notes what its requests meet. The hooks may
// be called from several goroutines, and after a request was given up.
type watcher struct {
	next http.RoundTripper

	mu          sync.Mutex
	addresses   []string
	nameFailed  bool
	dialled     map[string]time.Time // when a connection to an address was begun
	remote      string
	local       string // our end of the latest connection
	took        time.Duration
	handshaking bool // begun, and not yet ended well
	certificate *x509.Certificate
	chain       []*x509.Certificate // up to an authority that is trusted, else as it was shown
	wrote       time.Time
	reply       time.Time
	answer      *http.Response // its header is read, never its body
	dated       bool
	clock       time.Duration
}

// RoundTrip notes the head of each answer.
func (w *watcher) RoundTrip(rq *http.Request) (*http.Response, error) {
	response, err := w.next.RoundTrip(rq)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.answer = nil
		w.refused(err)
		return response, err
	}
	w.answer = response
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil && !w.dated && !w.wrote.IsZero() && !w.reply.IsZero() {
		// The header has whole seconds: half of one is what it lacks on the average. It was
		// written between our request and its answer.
		w.dated = true
		w.clock = date.Add(500 * time.Millisecond).Sub(w.wrote.Add(w.reply.Sub(w.wrote) / 2))
	}
	return response, nil
}

// refused keeps the certificate that a handshake failed on; w.mu is held.
func (w *watcher) refused(err error) {
	var verify *tls.CertificateVerificationError
	var other *otherCertificate
	switch {
	case errors.As(err, &other):
		w.certificate = other.shown
	case errors.As(err, &verify) && len(verify.UnverifiedCertificates) > 0:
		w.certificate = verify.UnverifiedCertificates[0]
	}
}

func (w *watcher) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		DNSDone: func(info httptrace.DNSDoneInfo) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.nameFailed = info.Err != nil
			w.addresses = nil
			for _, a := range info.Addrs {
				w.addresses = append(w.addresses, a.String())
			}
		},
		ConnectStart: func(_, address string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.dialled == nil {
				w.dialled = map[string]time.Time{}
			}
			w.dialled[address] = time.Now()
		},
		ConnectDone: func(_, address string, err error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if err == nil && w.remote == "" {
				w.remote, w.took = address, time.Since(w.dialled[address])
			}
		},
		TLSHandshakeStart: func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.handshaking = true
		},
		TLSHandshakeDone: func(state tls.ConnectionState, err error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if err != nil {
				return
			}
			w.handshaking = false
			if len(state.PeerCertificates) > 0 {
				w.certificate, w.chain = state.PeerCertificates[0], state.PeerCertificates
			}
			if len(state.VerifiedChains) > 0 {
				w.chain = state.VerifiedChains[0]
			}
		},
		GotConn: func(info httptrace.GotConnInfo) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.local = info.Conn.LocalAddr().String()
		},
		WroteRequest:         func(httptrace.WroteRequestInfo) { w.mark(&w.wrote) },
		GotFirstResponseByte: func() { w.mark(&w.reply) },
	}
}

func (w *watcher) mark(at *time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*at = time.Now()
}

// ourAddress is that from which the vault is asked, without the port.
func (w *watcher) ourAddress() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	host, _, err := net.SplitHostPort(w.local)
	if err != nil {
		return w.local
	}
	return host
}

// off is how far the clocks are apart, if the answer told.
func (w *watcher) off() (time.Duration, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock.Abs(), w.dated
}

// answered tells whether the last request got an answer, of whatever kind.
func (w *watcher) answered() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.answer != nil
}

// page tells whether the last answer was a web page, or sends to one.
func (w *watcher) page() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.answer != nil && w.answer.StatusCode/100 == 2 && strings.HasPrefix(strings.ToLower(w.answer.Header.Get("Content-Type")), "text/html")
}

// step is where a request that got no answer ended. Behind a proxy, whatever happens before
// the handshake is the network's.
func (w *watcher) step(way *Way) Step {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.handshaking:
		return StepTLS
	case way.Proxy != "":
		return StepNetwork
	case w.nameFailed:
		return StepName
	case w.remote == "":
		return StepNetwork
	}
	return StepAPI
}

// fill puts what was seen into the Way.
func (w *watcher) fill(way *Way) {
	w.mu.Lock()
	defer w.mu.Unlock()
	way.Addresses, way.Remote, way.Took = w.addresses, w.remote, w.took
	way.Dated, way.Clock = w.dated, w.clock
	if w.answer != nil {
		way.Server = w.answer.Header.Get("Server")
	}
	if c := w.certificate; c != nil && way.Encrypted {
		way.Certificate = described(c)
		for _, link := range w.chain {
			way.Certificate.Chain = append(way.Certificate.Chain, link.Subject.String())
			if link.NotAfter.Before(way.Certificate.FirstUntil) {
				way.Certificate.First, way.Certificate.FirstUntil = link.Subject.String(), link.NotAfter
			}
		}
	}
}

// described is a certificate as it is compared, without a chain.
func described(c *x509.Certificate) *Certificate {
	sum := sha256.Sum256(c.Raw)
	return &Certificate{Subject: c.Subject.String(), Issuer: c.Issuer.String(), Names: names(c),
		Since: c.NotBefore, Until: c.NotAfter, SHA256: hex.EncodeToString(sum[:]), First: c.Subject.String(), FirstUntil: c.NotAfter}
}

// names are those that a certificate is for.
func names(c *x509.Certificate) []string {
	all := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		all = append(all, ip.String())
	}
	return all
}
