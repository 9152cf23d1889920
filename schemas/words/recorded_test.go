package words

import "testing"

func TestRecorded(t *testing.T) {
	var r Recorded
	for _, c := range []struct{ name, code, message, said, hint string }{
		{"a code without arguments", "already_inactive", "it was inactive already", "já estava inativo", ""},
		{"arguments in quotes", "not_kept", `the vault keeps site as "LAX", not "AWS"`, `o cofre mantém site como "LAX", não "AWS"`, "decida qual valor vale; não será planejado outra vez até um deles mudar"},
		{"an optional part that is there", "no_answer", "the vault's answer was lost, and the list shows that nothing happened: EOF", "a resposta do cofre se perdeu, e a lista mostra que nada aconteceu: EOF", "repita"},
		{"an optional part that is not", "no_answer", "the vault's answer was lost, and the list shows that nothing happened", "a resposta do cofre se perdeu, e a lista mostra que nada aconteceu", "repita"},
		{"the vault's own code", "1011", "the vault refused it: Unique key error", "o cofre recusou: Unique key error", ""},
		{"a message of another build", "not_kept", "the vault has its own mind", "the vault has its own mind", "decida qual valor vale; não será planejado outra vez até um deles mudar"},
		{"a code of another build", "no_such_code", "something\x1b[31m", "something�[31m", ""},
		{"an argument of the hint that is not known", "journal_broken", "?", "?", "não continue a partir dele; faça um novo plano e compare"},
	} {
		said, hint := r.Say(Portuguese, c.code, c.message)
		if said != c.said || hint != c.hint {
			t.Errorf("%s: %q, %q", c.name, said, hint)
		}
	}
}

// TestRecordedReadsEveryProblem: what each code says in English is read back.
func TestRecordedReadsEveryProblem(t *testing.T) {
	var r Recorded
	for code, e := range problems {
		args := everyArgument(e.en)
		want := fill(e.pt, args)
		if said, _ := r.Say(Portuguese, code, fill(e.en, args)); said != want {
			t.Errorf("%s: %q, want %q", code, said, want)
		}
	}
}
