package words

// doctorProblems are what init and doctor find.
var doctorProblems = map[string]entry{}
