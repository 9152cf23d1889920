package words

// exportTexts are said by exports: of their filters and of pseudonyms.
var exportTexts = map[string]entry{
	"flag_network":            {en: "keep sessions whose origin lies in this network, as 10.0.0.0/8 (repeatable)", pt: "mantém sessões cuja origem está nesta rede, como 10.0.0.0/8 (pode ser repetida)"},
	"flag_open":               {en: "keep sessions without an end", pt: "mantém sessões sem fim"},
	"flag_anonymise":          {en: "pseudonyms in the place of people, machines, accounts and tickets", pt: "pseudônimos no lugar de pessoas, máquinas, contas e chamados"},
	"flag_anonymise-key-file": {en: "file with the key of the pseudonyms (default: one made for this installation)", pt: "arquivo com a chave dos pseudônimos (padrão: uma criada para esta instalação)"},
	"anonymise_key_made":      {en: "a key for pseudonyms was made: {path}; whoever has it can tell who is behind one", pt: "foi criada uma chave para pseudônimos: {path}; quem a tem pode descobrir quem está por trás deles"},
	"page_large_line":         {en: "the page holds {n} {n|row|rows}: a browser needs a while, and about {mb} MB of memory", pt: "a página tem {n} {n|linha|linhas}: o navegador precisa de um tempo e de cerca de {mb} MB de memória"},
	"verify_sum":              {en: "{name}: its sum is as certified", pt: "{name}: a soma é a certificada"},
}

// exportProblems are those of an export's options, and of what was exported under pseudonyms.
var exportProblems = map[string]entry{
	"sessions_lack":       {"no session in the vault's list has {keys}: what is made of it is empty there", "nenhuma sessão na lista do cofre tem {keys}: o que se faz dela fica vazio aí", "the vault may have renamed a key: look at the answer, and do not take an empty column for evidence", "o cofre pode ter mudado o nome de uma chave: confira a resposta e não tome uma coluna vazia por evidência"},
	"sessions_strange":    {"sessions in the vault's list have keys that are not known: {keys}; they are left aside", "sessões na lista do cofre têm chaves desconhecidas: {keys}; elas ficam de fora", "the vault may have been updated: look whether they are evidence that is wanted", "o cofre pode ter sido atualizado: confira se são evidência que interessa"},
	"bad_network":         {"\"{value}\" is no network", "\"{value}\" não é uma rede", "write it as 10.0.0.0/8 or 2001:db8::/32, or a single address", "escreva como 10.0.0.0/8 ou 2001:db8::/32, ou um só endereço"},
	"anonymise_key_file":  {"the file of the pseudonyms' key, {path}, cannot be used: {=cause}", "o arquivo da chave dos pseudônimos, {path}, não pode ser usado: {=cause}", "it holds the key alone, on one line", "ele contém só a chave, em uma linha"},
	"anonymise_key_short": {"the key of the pseudonyms in {path} is shorter than {least} signs", "a chave dos pseudônimos em {path} tem menos de {least} caracteres", "make one with: openssl rand -hex 32", "crie uma com: openssl rand -hex 32"},
	"source_anonymised":   {"the file was exported with --anonymise: {value} is a pseudonym, and no name in the vault", "o arquivo foi exportado com --anonymise: {value} é um pseudônimo, não um nome no cofre", "export it again without --anonymise", "exporte de novo sem --anonymise"},
}
