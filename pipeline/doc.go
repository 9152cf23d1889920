// Package pipeline decides: it takes the rows of an inventory and what the vault lists, finds
// who is who, says what should change, what a person must decide, and what stops the run;
// then it applies a reviewed plan and accounts for every change.
//
//	rows → Inventory (Load) ┐
//	vault → Snapshot        ┼→ Build (match, diff, missing, guard) → schemas.Plan
//	state → Memory          ┘
//	schemas.Plan + Snapshot → Check → Apply ⇄ journal → Replay → results; Verify reads back
//
// It knows neither files nor HTTP. Build is pure: no clock, no I/O, no map order. Planning
// receives a Lister, which has no write method (law 1); only Apply receives a Send.
package pipeline
