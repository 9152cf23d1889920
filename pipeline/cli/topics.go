package cli

import (
	"fmt"
	"sort"

	"github.com/spf13/cobra"

	"pamsync/pipeline/jobs"
	"pamsync/schemas"
)

// topics are the texts of `pamsync help TOPIC`.
func topics() map[string]string {
	return map[string]string{
		"exit-codes": `Exit codes
    0  done, or nothing to do
    1  failed, unclassified
    2  plan --detailed-exitcode: changes or holds are waiting
   10  finished, but some changes failed, rows were rejected or held, or the read-back differs
   11  stopped by a limit or a guard; nothing was written
   12  stopped early (--max-duration); resumable
   13  another run holds the lock
   14  some outcomes are unknown; the next command is printed
   64  wrong usage            65  input refused          69  vault not reachable
   70  a bug of ours          74  journal or disk error  75  429 or 5xx to the end: run again
   77  the vault refused us   78  configuration wrong   130, 143  interrupted, resumable
`,
		"environment": `Environment
  Each flag has a variable: PAMSYNC_ and its name in capitals, - as _ (--lock-timeout is
  PAMSYNC_LOCK_TIMEOUT). A flag beats the environment, which beats the file.
  PAMSYNC_CLIENT_ID, PAMSYNC_CLIENT_SECRET, PAMSYNC_CLIENT_SECRET_FILE
  SENHASEGURA_URL, SENHASEGURA_CLIENT_ID, SENHASEGURA_CLIENT_SECRET   as the vendor's tools
  CREDENTIALS_DIRECTORY   systemd: the secret is read from pamsync.secret in it
  NO_COLOR, TERM=dumb     no colours
  HTTPS_PROXY, NO_PROXY   the way to the vault
`,
		"formats": `Formats
  CSV    delimiter , ; TAB or | ; UTF-8 with or without mark, UTF-16, Windows-1252; a first
         line sep=; is understood; the first row names the columns
  JSON   a ServiceNow table (result), a NetBox list (results), any list of objects, JSON Lines
  Columns are found by the API's names and by English, Portuguese and Spanish ones; say
  otherwise with columns: {field: NAME} in pamsync.yaml. Passwords are not read unless
  --with-secrets or credentials.secrets asks for them. pamsync inspect FILE says what is understood.
`,
		"decisions": `Decisions
  What is held waits for a person. Write what was decided into the file that decisions: names:
    kind,key,decision,target
    device,srv-01,new,srv-01b        srv-01b is a new device, and srv-01 is missing
    device,srv-01,ignore,srv-01b     leave both as they are
    credential,root@srv-02,ignore,   leave it as it is
  rename is read, and carried out by a later build: until then the pair stays held.
`,
		"filters": `Filters
  where: (columns of the source), protect: (fields of the vault) and --match:
    operational_status == "1" and not (hostname =~ "^test-" or site != "LAX")
  Operators == != =~ !~ (RE2), the words and or not, parentheses; case is kept.
  --match also takes field=value and field~regexp.
`,
	}
}

// topic is the help command: of a command, or of a topic.
func (a *app) topic(root *cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: "help [COMMAND|TOPIC]", GroupID: "other", Short: "help on a command, or on exit-codes, environment, formats, decisions, filters"}
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return root.Help()
		}
		texts := topics()
		if text, ok := texts[args[0]]; ok {
			_, err := fmt.Fprint(a.out, text)
			return err
		}
		if found, rest, err := root.Find(args); err == nil && found != root && len(rest) == 0 {
			return found.Help()
		}
		names := make([]string, 0, len(texts))
		for name := range texts {
			names = append(names, name)
		}
		for _, c := range root.Commands() {
			names = append(names, c.Name())
		}
		sort.Strings(names)
		return schemas.NewFault(schemas.ClassUsage, "bad_command", "command", "help "+args[0], "near", jobs.Nearest(args[0], names))
	}
	return cmd
}
