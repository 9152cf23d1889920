package pipeline

import (
	"time"

	"pamsync/schemas"
)

// End is what a session's end tells.
type End int

// The session is open; it has ended; or its end is no time, and nobody can say which.
const (
	EndNone End = iota
	EndReached
	EndUnread
)

// EndUnreadCode is said of a session whose end is EndUnread.
const EndUnreadCode = "session_end_unread"

// EndOf says what the end of a session tells. Only a time is an end: `false` or a date of zeros may be
// how a vault writes that there is none.
func EndOf(s *schemas.Session) End {
	if s.End == "" {
		return EndNone
	}
	for _, layout := range []string{time.DateTime, time.RFC3339, "2006-01-02T15:04:05"} {
		if _, err := time.Parse(layout, s.End); err == nil {
			return EndReached
		}
	}
	return EndUnread
}
