package jobs

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"pamsync/pipeline"
	"pamsync/schemas"
	"pamsync/sinks"
)

const shapesFile = "shapes.json"

// loadShapes reads what doctor recorded of a vault's answers, nil for nothing yet. Its errors are
// faults.
func loadShapes(folder string) (*schemas.Shapes, error) {
	path := filepath.Join(folder, shapesFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var s schemas.Shapes
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err == nil && (s.Format != schemas.FormatShapes || s.Version != schemas.ShapesVersion) {
		err = errors.New("not of this version")
	}
	if err != nil {
		return nil, schemas.NewFault(schemas.ClassInput, "shapes_unread", "path", path).Because(rootCause(err))
	}
	return &s, nil
}

// noticeShapes warns of lists that do not look as doctor recorded them. It stops nothing: what a plan
// needs of a list is looked at by the plan itself.
func (e *Env) noticeShapes(folder string, snap *pipeline.Snapshot) {
	known, err := loadShapes(folder)
	if err != nil {
		e.Warn(faultOf(err).Problem)
		return
	}
	for _, p := range shapeChanges(known, map[string]*schemas.Shape{"devices": snap.DeviceListing.Shape, "credentials": snap.AccountListing.Shape}) {
		e.Warn(p)
	}
}

// listsInOrder are the lists whose shapes are recorded.
func listsInOrder() []string { return []string{"devices", "credentials", "sessions", "v2"} }

// shapeChanges are what differs from the shapes that are known, list by list.
func shapeChanges(known *schemas.Shapes, now map[string]*schemas.Shape) []schemas.Problem {
	if known == nil {
		return nil
	}
	var all []schemas.Problem
	for _, list := range listsInOrder() {
		was, is := known.Lists[list], now[list]
		if was == nil || is == nil {
			continue
		}
		for _, c := range is.ChangedFrom(was) {
			all = append(all, schemas.Problem{Code: c.Code, Args: schemas.Pairs("list", shapeList(list), "key", c.Key, "before", c.Before, "types", c.Types)})
		}
	}
	return all
}

// shapeList is what a list is called.
func shapeList(list string) string {
	if list == "v2" {
		return "credentials of API v2"
	}
	return list
}

// shapes compares how the vault's answers look with what was recorded, and records it.
func (d *doctor) shapes(folder, vaultName string, now map[string]*schemas.Shape) {
	known, err := loadShapes(folder)
	if err != nil {
		d.caution("shapes", faultOf(err).Problem)
		return
	}
	changes := shapeChanges(known, now)
	next := &schemas.Shapes{Format: schemas.FormatShapes, Version: schemas.ShapesVersion, Vault: vaultName,
		Since: d.e.Now().UTC().Format(time.RFC3339), Lists: map[string]*schemas.Shape{}}
	if known != nil {
		for list, shape := range known.Lists {
			next.Lists[list] = shape
		}
		if len(changes) == 0 {
			next.Since = known.Since
		}
	}
	for list, shape := range now {
		next.Lists[list] = shape.After(next.Lists[list])
	}
	path := filepath.Join(folder, shapesFile)
	if err := writeShapes(path, next); err != nil {
		d.fail("shapes", faultOf(err))
		return
	}
	for _, p := range changes {
		d.caution("shapes", p)
	}
	switch {
	case known == nil:
		d.ok("shapes", "doctor_shapes_new", "path", path)
	case len(changes) > 0:
		d.ok("shapes", "doctor_shapes_kept", "path", path)
	default:
		d.ok("shapes", "doctor_shapes", "since", recordedAt(known.Since))
	}
}

func writeShapes(path string, s *schemas.Shapes) error {
	return sinks.WriteFile(path, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		return enc.Encode(s)
	})
}

// has tells whether a shape knows a key.
func has(keys schemas.Keys, any ...string) bool {
	return slices.ContainsFunc(any, func(name string) bool { _, ok := keys[name]; return ok })
}
