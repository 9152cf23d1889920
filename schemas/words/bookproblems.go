package words

// bookProblems are what can be wrong with a workbook.
var bookProblems = map[string]entry{}
