package jobs

import (
	"os"
	"path/filepath"
	"strings"

	"pamsync/schemas"
)

// EnsureOut refuses an output that is a folder, or one of the files that this run reads.
func (e *Env) EnsureOut(path, config string) error {
	info, err := os.Stat(path)
	if path == "" || path == "-" || err != nil {
		return nil
	}
	if info.IsDir() {
		return schemas.NewFault(schemas.ClassUsage, "source_is_folder").At(schemas.Place{Source: path})
	}
	if e.keepsAsEvidence(path) {
		return schemas.NewFault(schemas.ClassUsage, "output_is_evidence", "path", path)
	}
	inputs := append(e.More.files(), config, e.Config.Decisions, e.Config.Vault.CAFile, e.Config.Vault.ClientCertFile, e.Config.Vault.ClientKeyFile, e.Config.Vault.DecryptionKeyFile, e.SecretFile, e.Config.Export.AnonymiseKeyFile)
	for _, kind := range schemas.RowKinds() {
		for _, s := range e.Config.SourcesOf(kind) {
			inputs = append(inputs, s.Path, s.PasswordFile, s.IdentityFile)
		}
	}
	for _, input := range inputs {
		if other, err := os.Stat(input); err == nil && os.SameFile(info, other) {
			return schemas.NewFault(schemas.ClassUsage, "output_is_input", "path", path)
		}
	}
	return nil
}

// EnsureExport refuses an export that would write over an input, or into what pamsync keeps as evidence: in its folder,
// which may be there, each of its files. One format goes into a folder that is there only where the path ends as one.
func (e *Env) EnsureExport(o ExportOptions, config string) error {
	if !strings.Contains(o.Format, ",") && !strings.HasSuffix(o.Out, "/") && !strings.HasSuffix(o.Out, string(filepath.Separator)) {
		if err := e.EnsureOut(o.Out, config); err != nil {
			return err
		}
	}
	all, err := layout(o)
	if err != nil {
		return err
	}
	for _, path := range all.paths() {
		if err := e.EnsureOut(path, config); err != nil {
			return err
		}
	}
	return nil
}

// keepsAsEvidence tells the files of a run's folder, and those of the state folder: pamsync alone
// writes them.
func (e *Env) keepsAsEvidence(path string) bool {
	folder := filepath.Dir(realPath(path))
	if e.Config.State != "" && strings.HasPrefix(folder+string(filepath.Separator), realPath(e.Config.State)+string(filepath.Separator)) {
		return true
	}
	return filepath.Dir(folder) == realPath(e.Config.Reports) && (exists(filepath.Join(folder, planFile)) || exists(journalIn(folder)))
}

// spares refuses to write a plan over the sources of the run that it is about.
func (e *Env) spares(former *formerRun, o PlanOptions) error {
	for _, out := range []string{o.Out, o.HTML, o.XLSX} {
		info, err := os.Stat(out)
		if err != nil {
			continue
		}
		for i := range former.plan.Start.Sources {
			source, err := os.Stat(sourceAgain(e.Config, &former.plan.Start.Sources[i]).Path)
			if err == nil && os.SameFile(info, source) {
				return schemas.NewFault(schemas.ClassUsage, "output_is_input", "path", out)
			}
		}
	}
	return nil
}
