package jobs_test

var rowDisasters = []disaster{}
