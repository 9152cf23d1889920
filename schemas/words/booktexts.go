package words

// bookTexts are what the workbooks say.
var bookTexts = map[string]entry{}
