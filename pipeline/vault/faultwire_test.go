package vault_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// endpoint is one of the calls that the catalogue spoils.
type endpoint string

const (
	toToken endpoint = "token"
	toList  endpoint = "list"
	toPost  endpoint = "POST"
	toDel   endpoint = "DELETE"
	toPut   endpoint = "PUT"
)

func endpointOf(r *http.Request) endpoint {
	switch {
	case strings.HasSuffix(r.URL.Path, "/oauth2/token"):
		return toToken
	case r.Method == http.MethodGet:
		return toList
	}
	return endpoint(r.Method)
}

// goodAnswer is what a vault says to each call when all is well.
func goodAnswer(e endpoint) string {
	switch e {
	case toToken:
		return `{"token_type":"Bearer","expires_in":3600,"access_token":"` + theToken + `"}`
	case toList:
		return `{"response":{"status":200,"message":"1 devices found","error":false},"devices":[{"id":"1","hostname":"srv-01"}]}`
	case toPost:
		return `{"response":{"status":201,"message":"Credential created","error":false},"credential":{"id":"7"}}`
	}
	return `{"response":{"status":200,"message":"Done","error":false}}`
}

// wire is one request as the spoilt server holds it: it says what it likes, byte for byte.
type wire struct {
	net.Conn
	to      endpoint
	request *http.Request
	form    string // what the request's body was
	good    string
}

func (w *wire) say(text string) { _, _ = io.WriteString(w.Conn, text) }

// head is a status line and headers, without the empty line that ends them.
func (w *wire) head(status string, headers ...string) {
	w.say("HTTP/1.1 " + status + "\r\n" + strings.Join(append(headers, "Connection: close"), "\r\n") + "\r\n")
}

// answer is a whole answer.
func (w *wire) answer(status, body string, headers ...string) {
	w.head(status, append(headers, "Content-Type: application/json", fmt.Sprint("Content-Length: ", len(body)))...)
	w.say("\r\n" + body)
}

// wait returns when the client has hung up.
func (w *wire) wait() { _, _ = io.Copy(io.Discard, w.Conn) }

// forever says a text again and again, until the client has hung up.
func (w *wire) forever(text string) {
	for block := []byte(strings.Repeat(text, 1+4096/len(text))); ; {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

func (w *wire) reset() {
	_ = w.Conn.(*net.TCPConn).SetLinger(0)
	_ = w.Close()
}

// spoilt is a server on loopback that answers one endpoint as a fault has it and the others well.
type spoilt struct {
	f        fault
	to       endpoint
	listener net.Listener
	done     sync.WaitGroup
	mu       sync.Mutex
	open     map[net.Conn]bool
	requests int // to the endpoint
	tokens   int
}

func spoil(t *testing.T, f fault, to endpoint) *spoilt {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &spoilt{f: f, to: to, listener: listener, open: map[net.Conn]bool{}}
	if f.gone && to == toToken {
		listener.Close()
		return s
	}
	s.done.Go(s.accept)
	return s
}

func (s *spoilt) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.open[conn] = true
		struck := s.f.greets && (s.to == toToken || s.tokens > 0)
		if struck {
			s.requests++
		}
		s.mu.Unlock()
		s.done.Go(func() {
			defer conn.Close()
			if struck {
				s.f.does(&wire{Conn: conn})
				return
			}
			s.serve(conn)
		})
	}
}

func (s *spoilt) serve(conn net.Conn) {
	request, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	var form bytes.Buffer
	if _, err := io.Copy(&form, request.Body); err != nil {
		return
	}
	w := &wire{Conn: conn, to: endpointOf(request), request: request, form: form.String()}
	w.good = goodAnswer(w.to)
	s.mu.Lock()
	if w.to == toToken {
		s.tokens++
	}
	struck := w.to == s.to
	if struck {
		s.requests++
	}
	struck = struck && !s.f.greets && (!s.f.once || s.requests == 1)
	s.mu.Unlock()
	if struck {
		s.f.does(w)
		return
	}
	if s.f.gone {
		s.listener.Close()
	}
	w.answer("200 OK", w.good)
}

// close ends the server and returns how many requests of the endpoint came.
func (s *spoilt) close() int {
	s.listener.Close()
	s.mu.Lock()
	for conn := range s.open {
		conn.Close()
	}
	s.mu.Unlock()
	s.done.Wait()
	return s.requests
}
