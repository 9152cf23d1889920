package words

// doctorTexts are what init and doctor say.
var doctorTexts = map[string]entry{}
