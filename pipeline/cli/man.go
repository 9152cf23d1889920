package cli

import (
	"bytes"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"

	"pamsync/schemas"
	"pamsync/sinks"
)

// man writes the manual pages, which are the same for the same build and language: they name
// no day.
func (a *app) man(root *cobra.Command) *cobra.Command {
	var folder string
	cmd := &cobra.Command{Use: "man", GroupID: "other", Short: a.say("cmd_man"), Args: arguments(0, 0, ""),
		Example: "  pamsync man | man -l -\n  pamsync man --dir /usr/local/share/man/man1",
		RunE: func(*cobra.Command, []string) error {
			if folder != "" {
				return a.manTree(root, folder)
			}
			page, err := a.manPage(root)
			if err == nil {
				_, err = a.out.Write(page)
			}
			return err
		}}
	cmd.Flags().StringVar(&folder, "dir", "", a.say("flag_dir"))
	return cmd
}

// manTree writes the page of a command and of all below it, as pamsync-export-sessions.1.
func (a *app) manTree(cmd *cobra.Command, folder string) error {
	if cmd.HasParent() && (!cmd.IsAvailableCommand() || cmd.IsAdditionalHelpTopicCommand()) {
		return nil
	}
	page, err := a.manPage(cmd)
	if err != nil {
		return err
	}
	path := filepath.Join(folder, strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1")
	if err := sinks.WriteShared(path, func(out io.Writer) error { _, err := out.Write(page); return err }); err != nil {
		return err
	}
	for _, child := range cmd.Commands() {
		if err := a.manTree(child, folder); err != nil {
			return err
		}
	}
	return nil
}

// manPage makes one page; its headings are in the language of the rest.
func (a *app) manPage(cmd *cobra.Command) ([]byte, error) {
	cmd.DisableAutoGenTag = true
	long := cmd.Long
	cmd.Long = strings.ReplaceAll(long, "\n  ", "\n\t") // lines to type stay lines
	defer func() { cmd.Long = long }()
	cmd.InitDefaultHelpFlag()
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Name == "help" {
			f.Usage = a.say("flag_help", "command", cmd.Name())
		}
	})
	var page bytes.Buffer
	// The library prints today's month where it is given none; it is taken out below.
	header := &doc.GenManHeader{Section: "1", Date: &time.Time{}, Source: "pamsync " + Version, Manual: "pamsync"}
	if err := doc.GenMan(cmd, header, &page); err != nil {
		return nil, schemas.NewFault(schemas.ClassBug, "bug").Because(err)
	}
	text := strings.Replace(page.String(), `"Jan 0001"`, `""`, 1)
	headings := map[string]string{"NAME": a.say("man_name"), "SYNOPSIS": a.say("man_synopsis"), "DESCRIPTION": a.say("man_description"),
		"OPTIONS": a.say("man_options"), "OPTIONS INHERITED FROM PARENT COMMANDS": a.say("man_inherited"), "EXAMPLE": a.say("man_example"), "SEE ALSO": a.say("man_see")}
	return regexp.MustCompile(`(?m)^\.SH .*$`).ReplaceAllFunc([]byte(text), func(line []byte) []byte {
		if heading, ok := headings[strings.TrimPrefix(string(line), ".SH ")]; ok {
			return []byte(".SH " + heading)
		}
		return line
	}), nil
}
