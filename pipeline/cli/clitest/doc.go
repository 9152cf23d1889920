// Package clitest has what a session at a terminal needs in a script of testdata/e2e: a simulated vault, keys and
// workbooks, and what is wanted of a command. It is for tests alone, and must not be in the program.
//
//	sim state.json [Knob=value …] [fault:METHOD:path:N=Name …] [keep:field=upper] [tls=good|soon|authority|expired|name|client] [clock=TIME] [again]
//	sim … reads              secrets may be read from it; EncryptFor=NAME encrypts them, NAME.pem opens them
//	agekey NAME              a key of age, and NAME.pub to encrypt with
//	unage NAME FILE          prints what an encrypted file holds
//	exit CODE pamsync …      runs a command and wants its exit code
//	writes N                 wants N requests so far that are neither GET nor for a token
//	requests N               wants N requests so far, of any kind
//	simlog                   prints the requests so far, one a line: METHOD path status
//	simreset                 forgets the requests so far
//	simdo METHOD /path JSON  somebody else changes the vault
//	simstate                 prints the simulator's state
//	book b.xlsx S=s.csv …    makes a workbook of CSV files, a sheet of each
//	hide b.xlsx SHEET ROW    hides a row of it, or a column
//	sshkey NAME [SIGNERS PERSON [OPTIONS]]   a key and its .pub, and a line in the file of signers
//	sshagent NAME …          an ssh-agent that holds these keys
//	resign PLAN NAME field=value …   an approval with other fields, signed by a key
//	lastrun NAME [FOLDER]    keeps the name of the latest run that wrote, of reports
//	resum JOURNAL            sums and numbers the lines of a journal anew
//	proxy [refuse|password]  a proxy: to https://vault.test it goes to the simulator, or refuses; password wants user and pass-word
//	clientcert NAME          a certificate of a client, NAME.pem and NAME.key; its SHA-256 goes into $NAME
package clitest
