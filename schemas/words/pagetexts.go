package words

// pageTexts are what the HTML pages say.
var pageTexts = map[string]entry{}
