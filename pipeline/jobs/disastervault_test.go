package jobs_test

var vaultDisasters = []disaster{}
