package schemas

// Inspection is what inspect found out about a file, as --json prints it.
type Inspection struct {
	File      string             `json:"file"`
	Kind      Kind               `json:"kind"`                    // "" where nobody can tell without a key that is not there
	For       []string           `json:"encrypted_for,omitempty"` // the forms of the keys of a file that cannot be opened
	Chosen    *InspectedExport   `json:"export,omitempty"`        // of secrets, as its last line says
	Format    string             `json:"format"`
	Product   string             `json:"product,omitempty"` // whose export it is
	Encoding  string             `json:"encoding"`
	BadByte   string             `json:"not_utf8_at,omitempty"`
	Delimiter string             `json:"delimiter,omitempty"`
	Sheet     string             `json:"sheet,omitempty"`
	Nameless  []string           `json:"nameless_columns,omitempty"`
	Others    []string           `json:"other_sheets,omitempty"`
	Above     int                `json:"rows_above,omitempty"`
	Below     []int              `json:"rows_below,omitempty"` // lines of notes below the table
	Header    int                `json:"header_line,omitempty"`
	Records   string             `json:"records,omitempty"`
	Formulas  int                `json:"formulas,omitempty"`
	Formula   string             `json:"first_formula,omitempty"`
	Merged    int                `json:"merged_cells,omitempty"` // empty cells that were read as the merged cell over them
	CutAt     int                `json:"cut_at,omitempty"`       // the last row, where that is the last that a program writes
	NextPage  string             `json:"next_page,omitempty"`    // the file says that there is more of it
	Columns   []InspectedColumn  `json:"columns"`
	Rows      int                `json:"rows"`
	Readable  int                `json:"readable"`
	Complete  int                `json:"complete"`   // readable rows that have all that a new record needs
	Lacking   map[string]int     `json:"incomplete"` // readable rows that lack a field, by its name
	Rejected  int                `json:"rejected"`
	LeftOut   int                `json:"left_out"`
	Problems  []InspectedProblem `json:"problems,omitempty"`
	Notes     []InspectedProblem `json:"notes,omitempty"`
	SHA256    string             `json:"sha256"`
}

// InspectedExport is what an export of secrets says of itself: how many records were chosen to be read, and how,
// and how many of them failed and are not in it. Chosen is 0 and By empty where an earlier build made it.
type InspectedExport struct {
	Records int      `json:"records"`
	Chosen  int      `json:"chosen"`
	Failed  int      `json:"failed"`
	By      ChosenBy `json:"by"`
	Others  int      `json:"other_kinds"` // records in it of other kinds
	// Run is set where the file cannot be opened: the run that wrote an export there, whose journal says all this.
	Run string `json:"run,omitempty"`
}

// InspectedColumn is one column; the example of a column that looks like a secret is hidden.
type InspectedColumn struct {
	Name       string `json:"name"`
	Field      string `json:"field,omitempty"`
	Confidence string `json:"confidence,omitempty"`
	Why        string `json:"why,omitempty"` // a column that is called like a field did not become it
	Secret     bool   `json:"secret,omitempty"`
	Example    string `json:"example,omitempty"`
}

// InspectedProblem is one problem of a row; its message is English, as in all that is read by
// programs.
type InspectedProblem struct {
	Place   string `json:"place"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}
