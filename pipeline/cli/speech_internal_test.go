package cli

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pamsync/schemas/words"
)

// said are the texts of a whole tree of commands, by where they stand.
func said(lang words.Lang) map[string]string {
	a := &app{ctx: context.Background(), getenv: func(string) string { return "" }, out: io.Discard, err: io.Discard, lang: lang}
	texts := map[string]string{}
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		path := cmd.CommandPath()
		texts[path+" short"] = cmd.Short
		if cmd.Long != "" {
			texts[path+" long"] = cmd.Long
		}
		if prose := notCommands(cmd.Example); prose != "" {
			texts[path+" example"] = prose
		}
		for _, group := range cmd.Groups() {
			texts[path+" group "+group.ID] = group.Title
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) { texts[path+" --"+f.Name] = f.Usage })
		cmd.PersistentFlags().VisitAll(func(f *pflag.Flag) { texts[path+" --"+f.Name] = f.Usage })
		for _, c := range cmd.Commands() {
			visit(c)
		}
	}
	visit(a.root())
	for _, topic := range topics() {
		texts["topic "+topic] = a.say("topic_" + topic)
	}
	return texts
}

// notCommands is what an example says beside command lines: those are the same in any language,
// up to a comment.
func notCommands(example string) string {
	var prose []string
	for line := range strings.Lines(example) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "pamsync") {
			_, line, _ = strings.Cut(line, "#")
		}
		if line != "" {
			prose = append(prose, line)
		}
	}
	return strings.Join(prose, "\n")
}

// TestTheWholeCommandLineSpeaksBothLanguages: nothing that a person reads is empty, the same in
// both languages, or a key that has no words.
func TestTheWholeCommandLineSpeaksBothLanguages(t *testing.T) {
	english, portuguese := said(words.English), said(words.Portuguese)
	if len(english) < 100 {
		t.Errorf("only %d texts: the walk does not reach the commands", len(english))
	}
	for where, en := range english {
		pt, ok := portuguese[where]
		switch {
		case !ok:
			t.Errorf("%s: not there in Portuguese", where)
		case en == "" || pt == "":
			t.Errorf("%s: %q in English, %q in Portuguese", where, en, pt)
		case en == pt:
			t.Errorf("%s: %q in both languages", where, en)
		}
	}
	if len(portuguese) != len(english) {
		t.Errorf("%d texts in English, %d in Portuguese", len(english), len(portuguese))
	}
}

// TestAHelpPageHasNoWordOfCobras: the frame of a page is ours, in every command.
func TestAHelpPageHasNoWordOfCobras(t *testing.T) {
	a := &app{ctx: context.Background(), getenv: func(string) string { return "" }, out: io.Discard, err: io.Discard, lang: words.Portuguese}
	foreign := strings.Split("Usage:|Flags:|Global Flags:|Examples:|Available Commands:|[flags]|[command]|help for |(default |for more information| string | int | float | duration ", "|")
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		page := cmd.UsageString()
		for _, word := range foreign {
			if strings.Contains(page, word) {
				t.Errorf("%s: %q on a page in Portuguese:\n%s", cmd.CommandPath(), word, page)
			}
		}
		for _, c := range cmd.Commands() {
			visit(c)
		}
	}
	root := a.root()
	visit(root)
	if page := root.UsageString(); strings.Count(page, "\n  help ") != 1 || !strings.Contains(page, "Opções:") {
		t.Error(page)
	}
}

func TestEveryTopicIsThereAndListed(t *testing.T) {
	a := &app{lang: words.English}
	short := a.say("cmd_help", "topics", strings.Join(topics(), ", "))
	for _, topic := range topics() {
		if text := a.say("topic_" + topic); strings.HasPrefix(text, "topic_") || !strings.HasSuffix(text, "\n") || !strings.Contains(short, topic) {
			t.Errorf("%s: %q", topic, text)
		}
	}
	if !slices.Contains(topics(), "exit-codes") {
		t.Error("exit-codes is gone")
	}
}
