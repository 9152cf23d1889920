package words

// helpTexts are what the command line says about itself: commands cmd_NAME, flags flag_NAME, topics topic_NAME, examples.
var helpTexts = map[string]entry{}
