// Package jobs puts the stages together into what a person runs: plan, apply, sync, resume,
// report, inspect, validate, export. It reads the configuration, the state folder and old
// runs, and is the only package that knows sources, pipeline, vault and sinks at once.
//
// A job takes a context, an Env and its options, and returns an exit code's Outcome or a
// fault; it knows nothing of flags.
package jobs
