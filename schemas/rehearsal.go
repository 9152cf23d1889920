package schemas

// Rehearsal is how an apply of a plan would go, as a simulated vault that holds what the real one
// lists tells: what `rehearse --json` prints. Its Total is that of the apply that was rehearsed.
type Rehearsal struct {
	Total
	// Seconds is how long the apply would take: the requests of the rehearsal at the pace named.
	Seconds  float64       `json:"seconds"`
	Requests RequestCounts `json:"requests"`
	Pace     RehearsalPace `json:"pace"`
	// Ends groups the changes that would not simply be done, by status and code.
	Ends []RehearsalEnd `json:"ends"`
	// Stop is what would end the apply early, nil for nothing.
	Stop *Problem `json:"stop,omitempty"`
	// NotRehearsed is what a simulated vault cannot tell about this plan.
	NotRehearsed []Problem `json:"not_rehearsed"`
}

// RequestCounts are the requests of a run by what they are for.
type RequestCounts struct {
	Total  int `json:"total"`
	Writes int `json:"writes"`
	Lists  int `json:"lists"`
	Tokens int `json:"tokens"`
}

// RehearsalPace is what the time of a rehearsal is computed from.
type RehearsalPace struct {
	RPS     float64 `json:"rps"`
	Burst   int     `json:"burst"`
	Workers int     `json:"workers"`
	// Latency is what one write is taken to last, in seconds; Measured tells that the vault's own
	// answers gave it.
	Latency  float64 `json:"latency_seconds"`
	Measured bool    `json:"latency_measured"`
	// Lists are the vault's lists and what reading each took.
	Lists []ListTime `json:"lists"`
	// Waits is how long the run would wait for lost answers to be settled, in seconds.
	Waits float64 `json:"waits_seconds"`
}

// ListTime is how long one reading of a list took.
type ListTime struct {
	List    string  `json:"list"`
	Records int     `json:"records"`
	Seconds float64 `json:"seconds"`
}

// RehearsalEnd is one way in which changes would end, with the first of them.
type RehearsalEnd struct {
	Status  Status `json:"status"`
	Code    string `json:"code"`
	N       int    `json:"n"`
	First   string `json:"first"` // its key
	Kind    Kind   `json:"kind"`
	Place   Place  `json:"place,omitzero"` // of its first input row
	Message string `json:"message"`
	// Problems are what Message says in English, for a reader of another language.
	Problems []Problem `json:"-"`
}
