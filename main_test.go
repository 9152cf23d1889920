package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"pamsync/pipeline/cli"
)

func TestRunAnswers(t *testing.T) {
	var out, errs bytes.Buffer
	if code := cli.Run(context.Background(), []string{"version"}, os.Getenv, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("exit %d, stderr %q", code, errs.String())
	}
}
